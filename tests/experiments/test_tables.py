"""Tables as people print them: calendar years, the format of energy modellers, sheets, LaTeX that compiles."""

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from experiments.answer.certificate import Solved
from experiments.answer.results import Results
from experiments.answer.tables.iamc import iamc_table
from experiments.answer.tables.writing import shown_number, write_sheets, write_table
from experiments.answer.tables.years import calendar_means, year_table
from model.equilibrium.outcomes.register import UNITS, spoken
from model.solvers.outcome import Code, Outcome

QUARTERS = 120


def solved(name, certified=True, **moved):
    values = {n: np.full((QUARTERS, len(axis)) if axis else QUARTERS, 100.0) for n, (_, axis) in UNITS.items()}
    for outcome, path in moved.items():
        values[outcome] = path
    certificate = {"converged": certified, "reason": "no equilibrium", "programmes_moved": []}
    return Solved(name, "", Outcome(Code.CONVERGED, ""), values, certificate=certificate)


RAMP = 100.0 + np.arange(QUARTERS)  # one a quarter from 2026Q1 on
BASE = solved("baseline", unemployment=np.full(QUARTERS, 4.0))


def test_years_are_means_of_four_quarters():
    assert calendar_means(RAMP, (2026, 2027)) == {"2026": 101.5, "2027": 105.5}
    assert calendar_means(RAMP[:6], (2026, 2027, 2030)) == {"2026": 101.5}
    assert calendar_means(RAMP[:8], (2026, 2027)) == {"2026": 101.5, "2027": 105.5}


def test_scenarios_are_changes_in_per_cent_or_points_and_refusals_are_words():
    moved = solved("moved", gdp_real=RAMP, unemployment=np.full(QUARTERS, 4.5))
    table = year_table(Results((BASE, moved, solved("lost", certified=False)), {}))
    gdp = table[table.outcome == "Real GDP"].set_index("path")
    assert gdp.loc["baseline", "2026"] == 100 and gdp.loc["moved", "2027"] == pytest.approx(5.5)
    assert gdp.loc["moved", "unit"].startswith("%, change")
    assert table[(table.outcome == "Unemployment") & (table.path == "moved")]["2030"].item() == pytest.approx(0.5)
    assert gdp.loc["lost", "2035"] == "not solved: no equilibrium"


def test_the_format_of_energy_modellers_has_its_columns_and_units():
    table = iamc_table(Results((BASE, solved("lost", certified=False)), {}))
    assert list(table.columns[:6]) == ["Model", "Scenario", "Region", "Variable", "Unit", "2026"]
    assert set(table.Scenario) == {"baseline"}
    electricity = table[table.Variable == "Secondary Energy|Electricity"].iloc[0]
    gas = table[table.Variable == "Secondary Energy|Electricity|Gas"].iloc[0]
    assert gas["2030"] == pytest.approx(
        200 * 3.6e-3
    )  # 100 TWh of utilities, and all of 100 TWh of data centres on site
    assert electricity.Unit == "EJ/yr, without trend" and electricity["2030"] == pytest.approx(100 * 3.6e-3)  # 100 TWh


def test_names_are_those_of_people():
    assert spoken("market_cap", "ai_equity") == "Market value, AI equity"
    assert spoken("wealth", "middle_aged_high") == "Wealth, middle-aged, high-skilled"
    assert spoken("gdp_real") == "Real GDP"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (104.97, "105.0"),
        (56.123, "56.12"),
        (-3.14159, "-3.14"),
        (0.0499, "0.050"),
        (0.0004, "0.0004"),
        (2e-5, "0"),
        (31423.4, "31,423"),
    ],
)
def test_numbers_have_the_digits_that_are_read(value, text):
    assert shown_number(value) == text


def test_a_workbook_has_a_sheet_a_table_with_its_caption(tmp_path):
    table = pd.DataFrame({"outcome": ["=1+1"], "=2+2": [1.25], "sign": ["+"]})
    write_sheets({"years": (table, "=3+3")}, tmp_path / "t.xlsx")
    sheet = pd.read_excel(tmp_path / "t.xlsx", sheet_name="years", header=None)
    assert sheet.iloc[0].tolist() == ["outcome", "'=2+2", "sign"]
    assert sheet.iloc[1].tolist() == ["'=1+1", 1.25, "+"]
    assert sheet.iloc[-1, 0] == "'=3+3"


def test_markdown_has_the_digits_of_the_page(tmp_path):
    write_table(pd.DataFrame({"value": [0.15, 113.0], "sign": ["+", "-"]}), tmp_path, "t", "Two numbers")
    cells = [line.split() for line in (tmp_path / "t.md").read_text().splitlines()[-2:]]
    assert cells == [["|", "0.150", "|", "+", "|"], ["|", "113.0", "|", "-", "|"]]
    assert pd.read_csv(tmp_path / "t.csv").sign.tolist() == ["+", "-"]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="LaTeX is not installed")
def test_a_table_compiles_as_it_is_with_its_notes_beneath(tmp_path):
    table = pd.DataFrame({"outcome": ["GDP & more", "a_b"], "what is long": ["word " * 40] * 2, "2026": [1.0, -2.0]})
    write_table(table, tmp_path, "table", "Calibration: 100 % of {it}")
    for _ in range(2):
        run = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "table.tex"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stdout[-2000:]
    assert "Overfull" not in run.stdout
    text = (tmp_path / "table.tex").read_text()
    assert text.index("longtable") < text.index("Notes:")
