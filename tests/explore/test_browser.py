"""The pages in a browser: moves, numbers, what leaves the machine, and how they fit a screen."""

import json
import re
import shlex
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pandas as pd
import pytest

from experiments.answer.tables.writing import formatted, signed
from model.core.units import FIRST_SHOWN
from tests.explore.conftest import PATIENCE, ROOT

pytestmark = pytest.mark.slow
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENT = 120_000  # [milliseconds] for what takes a second on a quiet machine
SOLVED = "body:not(.solving):not(.predicted):not(.refused):not(.stored) #charts figure"


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, explorer):
    """A page at the explorer, which fails the test if anything is asked of another machine or written to the console."""
    context = browser.new_context(viewport=DESKTOP, accept_downloads=True)
    context.set_default_timeout(PATIENT)
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(explorer.address)
    page.wait_for_selector(SOLVED, timeout=1000 * PATIENCE)
    yield page
    assert {urlsplit(url).netloc for url in asked} == {f"127.0.0.1:{explorer.port}"}
    assert said == []
    context.close()


def press(page, slider, key, times):
    """Move a slider by keyboard and wait for its answer."""
    page.focus(f"#{slider}")
    for _ in range(times):
        page.keyboard.press(key)
    page.wait_for_selector(SOLVED)


def numbers(page):
    """The table of the page as `{outcome: [text]}`."""
    rows = page.locator("#numbers tbody tr").all()
    return {
        row.locator("th").get_attribute("data-outcome"): [cell.inner_text() for cell in row.locator("td").all()[1:]]
        for row in rows
    }


def test_moving_a_slider_gives_the_numbers_of_the_runner(page, tmp_path):
    press(page, "ai_subsidy", "ArrowRight", 10)
    press(page, "bill_share", "ArrowLeft", 2)
    assert page.url.endswith("/?bill_share=-1&ai_subsidy=10")
    with page.expect_download() as download:
        page.click("#scenario")
    file = tmp_path / "two_economies_view.yaml"
    download.value.save_as(file)
    command = shlex.split(file.read_text().splitlines()[0].removeprefix("# python ").replace(file.name, str(file)))
    run = subprocess.run(
        [sys.executable, *command, f"hydra.run.dir={tmp_path}", "outputs=tables"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    table = formatted(pd.read_csv(tmp_path / "table.csv"))
    theirs = {name: list(rows["view"]) for name, rows in table[table.quarters != "40"].groupby("outcome", sort=False)}
    mine = {name: row[:-1] for name, row in numbers(page).items()}
    for name, row in mine.items():
        assert row == theirs[name], name
    with page.expect_download() as download:
        page.click("#data")
    data = pd.read_csv(download.value.path())
    with duckdb.connect() as connection:
        paths = connection.execute("select * from read_parquet(?)", [str(tmp_path / "paths.parquet")]).df()
    paths = paths[paths.quarter >= FIRST_SHOWN]
    theirs = paths[(paths.scenario == "view") & (paths.variable == "gdp_real")].value.to_numpy()
    mine = data[(data.scenario == "view") & (data.outcome == "gdp_real")].value.to_numpy()
    assert abs(mine / theirs - 1).max() < 1e-9


def test_an_address_is_a_view(page, browser):
    press(page, "interconnection", "ArrowRight", 5)
    other = browser.new_page()
    other.set_default_timeout(PATIENT)
    other.goto(page.url)
    other.wait_for_selector(SOLVED)
    assert other.input_value("#interconnection") == "1.5"
    assert numbers(other) == numbers(page)
    other.close()


def test_reset_and_a_switch(page):
    press(page, "politics", "Space", 1)
    assert page.url.endswith("/?politics=0")
    page.click("#reset")
    page.wait_for_selector(SOLVED)
    assert page.url.endswith("/") and page.is_checked("#politics")
    assert numbers(page) == {} and page.inner_text("#numbers-says") == "Nothing: no policy is moved."


def test_another_economy_is_solved(page):
    before = page.locator("#charts svg").first.get_attribute("aria-label")
    press(page, "ai_speed", "ArrowRight", 1)
    after = page.locator("#charts svg").first.get_attribute("aria-label")
    assert before != after and "Real GDP" in after
    assert "No policy change. Numbers of the economy that are moved: Speed of AI (" in page.inner_text("#said")
    assert numbers(page) == {}
    press(page, "ai_subsidy", "ArrowRight", 1)
    assert "AI subsidy: 1 % of equipment." in page.inner_text("#said") and "Speed of AI (" in page.inner_text("#said")
    assert numbers(page)["gdp_real"] and "not from the dotted line" in page.inner_text("#numbers-says")


def curves(page):
    """The lines of all charts."""
    return page.eval_on_selector_all("#charts svg path", "paths => paths.map((path) => path.getAttribute('d'))")


def test_a_setting_without_solution_keeps_the_last_picture_and_says_why(page):
    press(page, "ai_subsidy", "ArrowRight", 3)
    before, drawn = numbers(page), curves(page)
    refusal = json.dumps({"status": "refused", "reason": "no equilibrium; raise grid", "seconds": 0.1})
    page.route("**/solve?**", lambda route: route.fulfill(body=refusal, content_type="application/json"))
    page.focus("#ai_subsidy")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("body.refused")
    assert "no equilibrium; raise grid" in page.inner_text("#status")
    assert "last setting that has a solution" in page.inner_text("#status")
    assert numbers(page) == before and curves(page) == drawn
    page.click("#keep")
    assert page.locator("#kept li").count() == 0  # what is refused is not kept
    page.unroute("**/solve?**")
    press(page, "ai_subsidy", "ArrowLeft", 1)
    assert "Not solved" not in page.inner_text("#status")


def test_a_setting_that_loses_its_certificate_leaves_the_page(page):
    refusal = json.dumps({"status": "refused", "reason": "the horizon is too short", "seconds": 0.1})
    page.route("**/solve?*beyond=yes*", lambda route: route.fulfill(body=refusal, content_type="application/json"))
    press(page, "ai_subsidy", "ArrowRight", 2)
    page.wait_for_selector("body.refused")
    assert page.inner_text("#said") == "Not solved: the horizon is too short."
    assert curves(page) == [] and numbers(page) == {} and page.inner_text("#certificate") == ""
    page.unroute("**/solve?*beyond=yes*")
    press(page, "ai_subsidy", "ArrowRight", 1)
    assert curves(page) and numbers(page) and "Certified" in page.inner_text("#certificate")


def test_another_program_at_the_same_address_loads_the_page_anew(page):
    page.evaluate("window.old = true")
    other = json.dumps({"status": "refused", "reason": "", "caption": "Another economy", "program": "another"})
    page.route("**/solve?**", lambda route: route.fulfill(body=other, content_type="application/json"), times=1)
    with page.expect_navigation():
        page.focus("#ai_subsidy")
        page.keyboard.press("ArrowRight")
    page.wait_for_selector(SOLVED)
    assert page.evaluate("window.old") is None and page.input_value("#ai_subsidy") == "1"


def test_changes_are_written_as_in_the_tables_of_the_runner(page):
    values = [0, 4e-5, -6e-5, 0.00423, -0.00999, 0.01, 0.0996, -0.314, 1, 9.96, -12.4, 99.7, 1234.5, -56789]
    assert page.evaluate("values => values.map(signed)", values) == [signed(value) for value in values]


def test_the_command_opens_the_same_page(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, "ai_subsidy", "ArrowRight", 2)
    page.click("#copy")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "python3 run.py explore calibration=us_2022q4 \"setting='ai_subsidy=2'\""


def test_the_horizon_is_checked_when_the_page_rests(page):
    page.wait_for_selector("#certificate:has-text('horizon check')")
    page.wait_for_selector("#certificate:not(:has-text('running'))")
    assert re.search(r"(\d+) of \1 stable roots", page.inner_text("#certificate"))


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
    press(page, "ai_subsidy", "ArrowRight", 10)
    page.click("#keep")
    press(page, "ai_subsidy", "ArrowRight", 10)
    page.click("#keep")
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
