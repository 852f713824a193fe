"""What a terminal shows of a run."""

from types import SimpleNamespace as Of

import numpy as np
import pytest

from experiments.answer.tables.screen import screen
from experiments.answer.tables.writing import signed

BASELINE = {"gdp_real": 100.0, "unemployment": 4.0, "labour_share": 56.0, "interconnection_rent": 20.0}


def solved(name, gdp=0.0, certified=True, unusual=()):
    values = {key: np.full(60, value) for key, value in BASELINE.items()} | {"wage": np.full((60, 3), 100.0)}
    values["gdp_real"] = values["gdp_real"] + gdp
    return Of(name=name, values=values, certified=certified, certificate={"unusual": list(unusual)})


def job(announced=(), moved=None):
    return Of(inputs=Of(name="us_2022q4", moved=moved or {}), scenarios=[Of(announced=t) for t in announced])


@pytest.mark.parametrize(
    "value, text",
    [
        (0.314, "+0.31"),
        (-12.4, "-12"),
        (0.0094, "+0.0094"),
        (-0.0094, "-0.0094"),
        (0.00004, "+0"),
        (-0.00004, "+0"),
        (-0.0101, "-0.010"),
        (123.4, "+120"),
        (4321.0, "+4,300"),
        (0.0999, "+0.10"),
        (0.0, "+0"),
    ],
)
def test_two_significant_digits(value, text):
    assert signed(value) == text


def test_a_run_of_four_scenarios_fits_a_terminal():
    names = ["bill_tilt", "ai_subsidy", "grid_expansion", "interconnection_fast_track", "one_more"]
    scenarios = [solved(name, 0.5, unusual=["rent is 27.8; usual is 0 to 25"] * 3) for name in names]
    text = screen(Of(solved=[solved("baseline"), *scenarios], baseline=solved("baseline")), job(), "outputs/1")
    lines = text.splitlines()
    assert len(lines) <= 25 - 1 and max(map(len, lines)) <= 130
    assert lines[0].split() == ["us_2022q4", "baseline", *names[:4]]
    assert lines[2].split() == ["2030", "100.0", "+0.50", "+0.50", "+0.50", "+0.50"]
    assert "1 more in table.csv" in text and "12 more flags in certificate.json" in text


def test_what_is_not_certified_is_not_shown():
    refused = solved("bill_tilt", certified=False)
    text = screen(Of(solved=[solved("baseline"), refused], baseline=solved("baseline")), job(), "outputs/1")
    assert "bill_tilt" not in text and "changes" not in text
    unsolved = solved("baseline", certified=False)
    assert "GDP" not in screen(Of(solved=[unsolved], baseline=unsolved), job(), "outputs/1")


def test_years_begin_with_the_announcement_and_moved_numbers_are_told():
    """Quarter 5 is in 2027."""
    later = job(announced=(9, 5), moved={"chips.supply_elasticity": 0.4})
    text = screen(Of(solved=[solved("baseline"), solved("s")], baseline=solved("baseline")), later, "outputs/1")
    lines = text.splitlines()
    assert lines[0] == "with economy.chips.supply_elasticity=0.4"
    assert [line.split()[-3] for line in lines[2:5]] == ["2027", "2031", "2036"]
