"""Derivatives through all segments of a baseline with news, against differences of whole solves."""

import jax.numpy as jnp
import numpy as np
import pytest

from calibration import load
from calibration.gradients import baseline_gradient

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


SYMBOLS = load("us_2022q4").economy.variables.symbols


@pytest.mark.slow
def test_numbers_that_move_news_and_structure_by_central_differences():
    calibrated = load("us_2022q4")
    baseline = calibrated.baseline()
    gradient = baseline_gradient(calibrated, baseline, moment)

    def at(name, value):
        solved = load("us_2022q4", {name: value}).baseline(near=baseline.segments).solution
        return np.asarray(moment(solved.problem, solved.path))

    for name in NAMES:
        value = calibrated.inputs.value(name)
        step = STEP * value
        central = (at(name, value + step) - at(name, value - step)) / (2 * step)
        np.testing.assert_allclose(gradient.by_input[name], central, rtol=2e-4, atol=2e-6, err_msg=name)
