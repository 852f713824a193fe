"""At neutral numbers the blocks that the two-sector economy adds change nothing of the reference economy."""

import numpy as np
import pytest

from calibration import load
from calibration.calibrate import catch_up_of
from calibration.inputs import load_inputs
from calibration.inversion import invert
from model.equilibrium.economy import assembled, reference, two_sector
from model.transition.solutions import Settings
from model.transition.solve import solve_baseline

NEUTRAL = {
    "ai_exports.share": 0.0,
    "catch_up.pipeline.ai_capital": 1.0,
    "catch_up.pipeline.connections": 1.0,
    "adoption.base_share": 1.0,
    "adoption.speed": 0.01,
    "adoption.cost": 0.0,
    "catch_up.multiplier.Fbar": 1.0,
    "catch_up.multiplier.nB": 1.0,
    "on_site_power.base_starts": 1e-24,
    "ai_debt.premium_elasticity": 0.0,
    "investment_inertia.cost": 0.0,
    "network_tariff.fixed_share": 0.0,
    "balances.kept_share": 0.0,
    "households.habit": 0.0,
    "households.wealth_curvature": 1.0,
}
SETTINGS, COMPARED = Settings(horizon=400), 240  # beyond it the rules that paths end on differ in the second order


@pytest.fixture(scope="module")
def economies():
    """The reference economy, and it with all blocks but that of priced chips: `(economy, parameters, initial, catch-up)`."""
    plain = load("us_2026q1")
    blocks = {**two_sector().blocks_by_name, "production": reference().blocks_by_name["production"]}
    del blocks["chips"]
    inputs = load_inputs(name="us_2026q1", economy_name="two_sector").with_values(NEUTRAL)
    given = inputs.tree()
    del given["catch_up"], given["chips"]
    economy, catch_up = assembled(blocks), catch_up_of(inputs)
    del catch_up["belief"]  # all is known from the first quarter
    nested = (economy, *invert(economy, given, SETTINGS.smoothing), catch_up)
    return (plain.economy, plain.parameters, plain.initial, plain.catch_up), nested


def test_the_initial_steady_state_is_that_of_the_reference(economies):
    (plain, _, levels, _), (nested, _, nested_levels, _) = economies
    x, y = plain.variables.pack(levels), nested.variables.pack(nested_levels)
    for symbol in plain.variables.symbols:
        here, there = x[plain.variables.index(symbol)], y[nested.variables.index(symbol)]
        np.testing.assert_allclose(there, here, rtol=1e-11, atol=1e-11, err_msg=symbol)


@pytest.mark.slow
def test_the_baseline_is_that_of_the_reference(economies):
    (plain, *given), (nested, *nested_given) = economies
    path = solve_baseline(plain, *given, SETTINGS).solution.path
    nested_path = solve_baseline(nested, *nested_given, SETTINGS).solution.path
    for symbol in plain.variables.symbols:
        here, there = (
            path[:COMPARED, plain.variables.index(symbol)],
            nested_path[:COMPARED, nested.variables.index(symbol)],
        )
        np.testing.assert_allclose(there, here, atol=1e-8, err_msg=symbol)
