"""Derivatives through all segments of a baseline with news, against differences of whole solves."""

import jax.numpy as jnp
import numpy as np
import pytest

from calibration import load
from calibration.gradients import baseline_gradient, scenario_gradient
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solve import solve_scenario

NAMES = (
    "production.markup.ai",
    "catch_up.belief.news_2024Q1",
    "catch_up.disappointment",
    "catch_up.midpoint.technology",
    "catch_up.pipeline.ai_capital",
    "adoption.speed",
    "households.wealth_curvature",
    "targets.ai_capex_share",
)
STEP = 2e-5


def moment(problem, path):
    """AI capital at the end of 2025, value of AI equity in 2026, capacity on site in 2030, and GDP's scale in 2030."""
    rows = (11, "KA"), (14, "VA"), (31, "BM"), (31, "D")
    return jnp.stack([path[t, SYMBOLS.index(symbol)] for t, symbol in rows])


ECONOMY = load("us_2022q4").economy
SYMBOLS = ECONOMY.variables.symbols
ANNOUNCED = ECONOMY.units.first_shown + 1  # between two pieces of news


@pytest.mark.slow
def test_numbers_that_move_news_and_structure_by_central_differences(rng):
    calibrated = load("us_2022q4")
    baseline = calibrated.baseline()
    gradient = baseline_gradient(calibrated, baseline, moment)

    values = {name: calibrated.inputs.value(name) for name in NAMES}

    def at(steps):
        moved = {name: value * (1 + step) for (name, value), step in zip(values.items(), steps, strict=True)}
        solved = load("us_2022q4", moved).baseline(near=baseline.segments).solution
        return np.asarray(moment(solved.problem, solved.path))

    slopes = np.stack([gradient.by_input[name] * value for name, value in values.items()], axis=-1)
    for way in rng.choice([-1.0, 1.0], (3, len(NAMES))):
        central = (at(STEP * way) - at(-STEP * way)) / (2 * STEP)
        np.testing.assert_allclose(slopes @ way, central, rtol=2e-4, atol=2e-6)


def announced_quarters_ahead(problem, path):
    """AI capital, value of AI equity and GDP's scale four years after the announcement, past more news."""
    return jnp.stack([path[16, SYMBOLS.index(symbol)] for symbol in ("KA", "VA", "D")])


@pytest.mark.slow
@pytest.mark.parametrize("last", [ANNOUNCED + 30, None], ids=["temporary", "permanent"])
def test_an_instrument_of_a_scenario_whose_people_hear_news(last):
    """A change that ends leaves the natural rate alone; one that does not has its own, and its own long run."""
    calibrated = load("us_2022q4")
    baseline = calibrated.baseline()

    def solved(size):
        change = Change("sA", "add", (size,), ANNOUNCED + 2, last)
        scenario = Scenario("subsidy", "", (change,), announced=ANNOUNCED)
        return scenario, solve_scenario(baseline, scenario)

    def at(size):
        solution = solved(size)[1]
        return np.asarray(announced_quarters_ahead(solution.problem, solution.path))

    found = scenario_gradient(calibrated, baseline, *solved(0.01), announced_quarters_ahead)
    rows = slice(ANNOUNCED + 3, None if last is None else last + 2)
    by_size = found.by_instrument[:, rows, ECONOMY.instruments.index("sA")].sum(1)
    np.testing.assert_allclose(by_size, (at(0.0102) - at(0.0098)) / 4e-4, rtol=1e-5)
