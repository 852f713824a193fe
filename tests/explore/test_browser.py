"""The page in a browser: its numbers are the runner's, and it says whose they are and whether they are certified."""

import json
import re
import shlex
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import pytest

from experiments.answer.tables.writing import formatted, signed
from model.core.units import FIRST_SHOWN
from tests.explore.conftest import PATIENT, ROOT, SOLVED, curves, numbers, press

pytestmark = pytest.mark.slow


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


def test_a_setting_that_loses_its_certificate_leaves_the_page_and_is_not_kept(page):
    refusal = json.dumps({"status": "refused", "reason": "the horizon is too short", "seconds": 0.1})
    page.route("**/solve?*beyond=yes*", lambda route: route.fulfill(body=refusal, content_type="application/json"))
    press(page, "ai_subsidy", "ArrowRight", 2)
    page.click("#keep")
    page.wait_for_selector("body.refused")
    assert page.locator("#kept li").count() == 0 and page.inner_text("#keep") == "Keep to compare"
    assert page.inner_text("#said") == "Not solved: the horizon is too short."
    assert curves(page) == [] and numbers(page) == {} and page.inner_text("#certificate") == ""
    page.unroute("**/solve?*beyond=yes*")
    press(page, "ai_subsidy", "ArrowRight", 1)
    assert curves(page) and numbers(page) and "Certified" in page.inner_text("#certificate")


def test_a_target_is_hit_and_what_it_takes_is_said(page):
    """The policy rate half a point above the baseline in 2027 and 2028, with the change of the rule that takes."""
    press(page, "policy_rate", "ArrowRight", 5)
    page.wait_for_function(
        "document.getElementById('said').textContent.includes('To hit its targets it moves policy_rate by')"
    )
    rate, before = page.evaluate("[lines, baseline].map(known => known.policy_rate_annual)")
    moved = np.subtract(rate, before)
    np.testing.assert_allclose(moved[4:12], 0.5, atol=1e-4)
    assert abs(moved[16]) < 0.4


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
