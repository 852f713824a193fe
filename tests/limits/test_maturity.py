"""When bills and bonds are nearly one asset, the maturity of the public debt hardly matters (Wallace, 1981)."""

import numpy as np
import pytest

from calibration import calibrate
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import Settings
from model.transition.solve import solve_scenario
from tests.economy import VARIABLES

TILT = Scenario("tilt", "", (Change("varpi", "add", (-0.03,), 0, 11),))
ONE_ASSET = {"targets.real_return.bonds": 0.01, "portfolio.liquidity_beta.crypto": 0.0}  # bonds pay what bills pay
FREE = [s for s in VARIABLES.symbols if s not in ("xB", "Qb")]


@pytest.mark.slow
def test_the_maturity_mix_becomes_irrelevant_as_bonds_become_bills():
    effects = []
    for elasticity in (30.0, 100.0, 500.0):
        settings = Settings(smoothing=1e-3)
        economy = calibrate(ONE_ASSET | {"portfolio.demand_elasticity.bonds": elasticity}, smoothing=1e-3)
        baseline = economy.baseline(settings)
        solved = solve_scenario(baseline, TILT)
        assert solved.outcome.converged
        columns = [VARIABLES.index(s) for s in FREE]
        effects.append(np.abs(solved.path - baseline.solution.path)[:20, columns].max())
    assert effects[0] > 1e-4
    ratios = np.array(effects[:-1]) / effects[1:]
    np.testing.assert_allclose(ratios, [100 / 30, 5], rtol=0.15)
