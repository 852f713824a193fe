"""The horizon is a setting of the solver: answers do not depend on where a path ends."""

import numpy as np
import pytest

from calibration import calibrate
from model.solvers.steady_state import SteadyState
from model.transition.long_run.natural_rate import with_natural_rate
from model.transition.solutions import Settings
from model.transition.solve import horizon_gap
from tests.economy import ECONOMY, VARIABLES, at_rest

POLICY_RATE, RSTAR = VARIABLES.index("inom"), ECONOMY.pinned.instrument


@pytest.fixture(scope="module")
def calibrated():
    return calibrate()


def test_the_natural_rate_does_not_depend_on_the_last_quarter(calibrated, rng):
    x = np.asarray(VARIABLES.pack(calibrated.initial))
    twin = np.tile(x, (30, 1)) + 1e-4 * rng.standard_normal((30, len(x)))
    steady = SteadyState(x, at_rest(), None)

    def rates(quarters, **terminal):
        exogenous = np.tile(at_rest(), (quarters + 2, 1))
        return with_natural_rate(ECONOMY, exogenous, calibrated.parameters, twin[:quarters], steady, **terminal)[
            :, RSTAR
        ]

    np.testing.assert_array_equal(rates(20)[1:20], rates(30)[1:20])
    raised = twin.copy()
    raised[10, POLICY_RATE] += 0.01
    exogenous = np.tile(at_rest(), (32, 1))
    change = with_natural_rate(ECONOMY, exogenous, calibrated.parameters, raised, steady)[:, RSTAR] - rates(30)
    assert change[11] == pytest.approx(0.01 / twin[11, VARIABLES.index("pi")], rel=1e-9)
    assert np.abs(np.delete(change, 11)).max() == 0
    assert rates(30, saddle=False)[30] == 0, "the published recipe has its long run in the last quarter"


@pytest.mark.slow
def test_the_first_half_of_a_path_is_that_of_twice_the_horizon():
    calibrated = calibrate()
    short, long = (calibrated.baseline(Settings(horizon=horizon)) for horizon in (160, 320))
    gap = np.abs(short.solution.path[:80] - long.solution.path[:80]).max()
    assert gap < 1e-3
    assert gap < horizon_gap(short.solution, short.settings) < 1e-2, "the certificate's number bounds it"
    rates = (base.solution.exogenous[1:120, RSTAR] for base in (short, long))
    assert np.abs(np.subtract(*rates)).max() < 1e-7
