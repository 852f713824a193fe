"""Baseline, counterfactuals and other parameters against paths of an independent implementation (NumPy, complex step)."""

import csv
from pathlib import Path

import numpy as np
import pytest

from calibration import calibrate
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import Settings
from model.transition.solve import solve_scenario
from tests.economy import VARIABLES

TOLERANCE = 1e-6
REFERENCE = Settings(horizon=240, terminal="steady", smoothing=1e-3)
CHANGES = {
    "cf_sA": [Change("sA", "add", (0.1,), 0, 19)],
    "cf_varpi": [Change("varpi", "add", (-0.03,), 0, 11)],
    "cf_zG": [Change("zG", "scale", (1.5,), 0, 39)],
    "cf_Ibar": [Change("Ibar", "set", (1.0,), 0, 11)],
    "cf_mix": [
        Change("Eleg", "scale", (0.95,), 4, 23),
        Change("imp", "set", (0.8,), 0, 100),
        Change("trY", "add", (0.01,), 2, 9),
        Change("epsi", "add", (-0.0025,), 0, 3),
        Change("scc", "add", (0.1,), 0, 19),
        Change("mA", "scale", (0.97,), 0, 30),
        Change("Gov", "scale", (1.02,), 0, 7),
        Change("dspr", "add", (0.0005,), 0, 7),
        Change("fC", "add", (0.3,), 0, 11),
        Change("dtar", "add", (0.05,), 0, 39),
    ],
}
PARAMETERS = {
    "par1": {"production.compute_energy_elasticity": 0.3, "energy.interconnection_supply_elasticity": 0.15},
    "par2": {
        "production.final_good_elasticity": 1.7,
        "production.task_elasticity": 2.4,
        "production.adjustment_cost.traditional": 10.0,
        "production.wage_slope": 0.05,
        "central_bank.rate_smoothing": 0.7,
        "production.markup.ai": 1.5,
        "energy.start_elasticity.gas": 1.2,
        "portfolio.demand_elasticity.traditional_equity": 28.0,
        "portfolio.demand_elasticity.ai_equity": 28.0,
        "portfolio.demand_elasticity.housing": 28.0,
        "government.ai_support": 5.0,
    },
}


@pytest.fixture(scope="module")
def baseline():
    return calibrate(smoothing=REFERENCE.smoothing).baseline(REFERENCE)


@pytest.fixture(scope="module")
def expected():
    with (Path(__file__).parent / "independent_paths.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def assert_agrees(solution, rows):
    assert solution.outcome.converged
    levels = np.asarray(VARIABLES.to_levels(solution.path))
    assert rows
    for row in rows:
        got = levels[int(row["quarter"])]
        want = np.array([float(row[symbol]) for symbol in VARIABLES.symbols])
        gap = np.abs(got - want) / np.maximum(1.0, np.abs(want))
        assert gap.max() <= TOLERANCE, (row["quarter"], VARIABLES.symbols[int(gap.argmax())])


@pytest.mark.slow
def test_baseline(baseline, expected):
    assert_agrees(baseline.solution, [r for r in expected if r["case"] == "baseline"])


@pytest.mark.slow
@pytest.mark.parametrize("case", CHANGES)
def test_counterfactual(case, baseline, expected):
    solution = solve_scenario(baseline, Scenario(case, "", tuple(CHANGES[case])))
    assert_agrees(solution, [r for r in expected if r["case"] == case])


@pytest.mark.slow
@pytest.mark.parametrize("case", PARAMETERS)
def test_other_parameters(case, expected):
    moved = calibrate(PARAMETERS[case], smoothing=REFERENCE.smoothing).baseline(REFERENCE)
    assert_agrees(moved.solution, [r for r in expected if r["case"] == case])
