"""The page in a browser: controls, questions, comparisons, pictures, and how it fits a screen."""

import re
import struct
from pathlib import Path

import pytest

from tests.explore.conftest import DESKTOP, PATIENT, PHONE, SOLVED, curves, numbers, press

pytestmark = pytest.mark.slow


def test_every_control_has_a_name_and_says_its_value(page):
    for control in page.locator("form input").all():
        name = control.get_attribute("id")
        assert page.locator(f"label[for={name}]").inner_text()
        assert control.get_attribute("aria-valuetext") or control.get_attribute("type") == "checkbox"
        assert page.locator(f"#{control.get_attribute('aria-describedby')}").inner_text()
    assert page.locator("#charts svg[role=img][aria-label]").count() == page.locator("#charts figure").count() > 8


def test_a_preset_moves_the_controls_and_undo_goes_back(page):
    page.select_option("#preset", label="C6a: Does the Treasury replace QE? Bills for bonds")
    page.wait_for_selector(SOLVED)
    assert page.input_value("#bill_share") == "3" and page.url.endswith("/?bill_share=3")
    chosen = page.input_value("#preset")
    press(page, "ai_subsidy", "ArrowRight", 1)
    assert page.input_value("#preset") == "", "it is no longer the question's setting"
    page.click("#undo")
    page.wait_for_selector(SOLVED)
    assert page.url.endswith("/?bill_share=3") and page.input_value("#ai_subsidy") == "0"
    assert page.input_value("#preset") == chosen
    page.keyboard.press("Control+z")
    page.wait_for_function("location.search === ''")
    page.wait_for_function("document.getElementById('undo').disabled")
    page.keyboard.press("Control+z")  # leaves nothing but another page
    page.wait_for_selector(SOLVED)


def test_kept_settings_are_compared_and_hover_tells_values(page):
    for letter in "AB":
        press(page, "ai_subsidy", "ArrowRight", 10)
        page.click("#keep")
        page.get_by_role("button", name=f"Remove setting {letter}").wait_for()
    gdp = page.locator("#charts figure").first
    assert gdp.locator("path.line").count() == 3
    gdp.locator("svg").hover()
    told = gdp.locator(".values").inner_text()
    assert re.search(r"20\d\dQ\d", told) and "A " in told and "B " in told and "this setting" in told
    others = page.locator("#charts figure").nth(2).locator(".values").inner_text()
    assert re.search(r"20\d\dQ\d", others).group() == re.search(r"20\d\dQ\d", told).group()
    page.select_option("#against", label="setting A")
    assert gdp.locator("path.line").count() == 2 and "change from setting A" in gdp.inner_text()
    page.get_by_role("button", name="Remove setting B").click()
    assert page.input_value("#against") == "A"
    page.reload()
    page.wait_for_selector(SOLVED)
    assert page.locator("#kept li").count() == 1, "a reload keeps it"
    page.locator("#kept button").first.click()
    page.wait_for_selector(SOLVED)
    assert page.input_value("#ai_subsidy") == "10"


def test_levels_years_outcomes_bands_and_tables(page):
    count = page.locator("#charts figure").count()
    assert page.locator("#charts path.band").count() > count - 3  # an unmoved page shows levels with bands
    page.uncheck("#bands")
    assert page.locator("#charts path.band").count() == 0
    page.locator(".bar summary").click()
    page.uncheck("#outcome-1")
    assert page.locator("#charts figure").count() == count - 1
    page.select_option("#until", "2030")
    page.check("#tables")
    first = page.locator("#charts table").first
    assert first.locator("tbody th").all_inner_texts() == ["2026", "2027", "2028", "2029", "2030"]
    page.select_option("#mode", "changes")
    assert set(first.locator("td").all_inner_texts()) == {"+0"}


def test_a_preset_shows_the_band_of_what_it_changes_and_a_setting_of_ones_own_none(page):
    page.locator("#preset").select_option(label="C6a: Does the Treasury replace QE? Bills for bonds")
    page.wait_for_selector(SOLVED)
    assert page.locator("#charts path.band").count() >= page.locator("#charts figure").count()
    page.goto(page.url.replace("bill_share=3", "bill_share=2"))
    page.wait_for_selector(SOLVED)
    assert page.locator("#charts path.band").count() == 0


def test_a_chart_is_walked_by_keyboard_and_saved_as_a_picture(page):
    chart = page.locator("#charts figure").first
    chart.locator("svg").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert chart.locator(".values b").inner_text() == "2026Q3"
    with page.expect_download() as download:
        page.get_by_role("button", name="Save Real GDP as a picture").click()
    plain = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename == "real_gdp.png"
    assert plain.startswith(b"\x89PNG")
    page.locator("#charts figure").first.locator("svg").focus()
    page.evaluate(MOVE)
    page.wait_for_selector(SOLVED)
    assert page.evaluate("document.activeElement.localName") == "svg"
    assert chart.locator(".values b").inner_text() == "2026Q3", "a new answer leaves the keyboard where it was"
    page.click("#keep")
    page.get_by_role("button", name="Remove setting A").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save Real GDP as a picture").click()
    width, height = zip(
        *(struct.unpack(">II", png[16:24]) for png in (plain, Path(download.value.path()).read_bytes())), strict=True
    )
    assert width[0] == width[1] and height[0] < height[1], "the legend has a row more"


MOVE = """() => {
  const slider = document.getElementById("interconnection");
  slider.value = 2;
  slider.dispatchEvent(new Event("input"));
  return [document.body.className, document.querySelector("#charts path.line:not(.baseline)").getAttribute("d")];
}"""


def test_a_move_is_drawn_at_once_and_said_to_be_predicted_until_it_is_certified(page):
    before = page.locator("#charts path.line").last.get_attribute("d")
    state, drawn = page.evaluate(MOVE)
    assert "predicted" in state.split() and drawn != before
    assert "unanswered" in state.split(), "the table of numbers is still that of the setting before"
    page.wait_for_selector(SOLVED)
    assert "Solved and certified" in page.inner_text("#said")


def test_a_setting_that_cannot_be_predicted_leaves_the_one_before_and_says_so(page):
    press(page, "ai_subsidy", "ArrowRight", 1)
    before, words = curves(page), "['said', 'certificate'].map((id) => document.getElementById(id).textContent)"
    page.evaluate("known = { responses: {}, bands: [] }")
    said = page.evaluate(
        f"() => {{ ({MOVE})(); return [...{words}, figures[0].querySelector('path').getAttribute('d')]; }}"
    )
    assert said == ["This setting is being solved; what you see is the one before.", "", before[0]]
    page.wait_for_selector(SOLVED)
    assert curves(page) != before


def test_an_address_that_cannot_be_taken_says_so(page, explorer):
    page.goto(f"{explorer.address}?ai_subsidy=99&gas=1.23&foo=1")
    page.wait_for_selector(SOLVED)
    assert "ai_subsidy is 99, allowed are 0 to 30" in page.inner_text("#flags")
    assert "gas is 1.23, the nearest step is 1.2" in page.inner_text("#flags")
    assert "nothing is called foo" in page.inner_text("#flags")


def test_print_leaves_the_controls_out_and_dark_mode_is_dark(page):
    page.emulate_media(media="print")
    assert not page.is_visible("#controls") and page.is_visible("#charts figure")
    page.emulate_media(media="screen", color_scheme="dark")
    red, green, blue = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert max(red, green, blue) < 60


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_fits_the_screen(page, viewport, tmp_path):
    page.set_viewport_size(viewport)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.screenshot(path=tmp_path / "explorer.png", full_page=True)


def test_two_windows_of_fifty_moves_and_nonsense_between(page, explorer, browser):
    other = browser.new_page()
    other.set_default_timeout(PATIENT)
    other.goto(explorer.address)
    other.wait_for_selector(SOLVED)
    fill(page, other, 10)
    before = explorer.memory()
    fill(page, other, 50)
    for nonsense in ("solve?ai_subsidy=999", "solve?%%%", "solve?" + "a" * 3000, "nothing"):
        assert page.request.get(explorer.address + nonsense).status in (400, 404, 414)
    assert explorer.process.poll() is None
    if before is not None:
        assert explorer.memory() < before + 60
    for window in (page, other):
        press(window, "gas", "ArrowRight", 1)
    assert numbers(page)["gdp_real"] and numbers(other)["gdp_real"]
    other.close()


def fill(one, other, moves):
    """Moves in both windows, a fifth of a second apart, and the answers to the last."""
    for i in range(moves):
        for window, slider in ((one, "grid"), (other, "nuclear")):
            window.focus(f"#{slider}")
            window.keyboard.press("ArrowRight" if i % 10 < 5 else "ArrowLeft")
        one.wait_for_timeout(200)
    for window in (one, other):
        window.wait_for_selector(SOLVED)
