"""Sizes and limits of policies on the solved model."""

import numpy as np
import pytest

from calibration import calibrate
from calibration.inputs import load_inputs
from calibration.numbers.symbols import resolve
from experiments.answer.results import solve
from experiments.answer.tables.counterfactual import fiscal_cost
from experiments.request.build import Job
from experiments.request.scenarios import build_scenario, shipped
from model.transition.derivatives.responses import impulse_responses
from model.transition.solutions import NotSolved, Settings
from tests.economy import VARIABLES

EQUAL_COST = "ai_subsidy_small generation_subsidy grid_subsidy interconnection_subsidy on_site_subsidy".split()
DOLLARS_OF_A_YEAR = 0.02  # % of GDP: 6 billion dollars
SPREAD = 0.25
# Elasticities and slopes of the model, by symbol; a stem moves all its labels together.
MOVED = (
    "theta zeta sigS sigV sigE etaC phT phA epsN_gas epsN_nuc epsN_vre epsX epscu epsf phiG eta kp kw phpi phu rhoi phid"
).split()
LOWEST, HIGHEST = {"theta": 1.2}, {"rhoi": 0.93}


def scenario(name, inputs=None):
    return build_scenario(name, shipped(name), inputs=inputs)


@pytest.mark.slow
def test_subsidies_that_are_compared_cost_the_same():
    inputs = load_inputs(name="us_2022q4")
    scenarios = tuple(scenario(name, inputs) for name in EQUAL_COST)
    results = solve(Job(inputs, Settings(), scenarios), say=lambda _: None)
    assert results.all_certified
    for solved in results.solved[1:]:
        assert fiscal_cost(results.baseline, solved) == pytest.approx(DOLLARS_OF_A_YEAR, rel=0.01), solved.name


@pytest.mark.slow
def test_qe_and_the_bill_tilt_are_one_path():
    results = solve(
        Job(load_inputs(), Settings(), (scenario("bill_tilt"), scenario("qe_equivalent"))), say=lambda _: None
    )
    np.testing.assert_array_equal(results.solved[1].unknowns, results.solved[2].unknowns)


def draw(generator, inputs):
    """Values by name with every moved parameter scaled by a uniform factor within the spread."""
    values = {}
    for symbol in MOVED:
        factor = generator.uniform(1 - SPREAD, 1 + SPREAD)
        rows = [r for r in inputs.parameters.values() if r.symbol == symbol] or [
            r for r in inputs.parameters.values() if r.symbol.startswith(f"{symbol}_")
        ]
        for row in rows:
            value = np.clip(row.value * factor, LOWEST.get(symbol, -np.inf), HIGHEST.get(symbol, np.inf))
            values |= resolve(inputs, row.symbol, float(value))
    return values


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_the_baseline_is_certified_at_other_elasticities(seed):
    inputs, settings = load_inputs(), Settings()
    values = draw(np.random.default_rng(seed), inputs)
    assert len(MOVED) == 22
    for name, value in values.items():
        row = inputs.parameters[name]
        assert abs(value / row.value - 1) <= SPREAD + 1e-12
    assert calibrate(values, smoothing=settings.smoothing).baseline(settings).solution.outcome.converged


@pytest.mark.slow
def test_nonlinear_responses_approach_the_linear_ones():
    """T27: the distance per unit of shock falls in proportion to the shock."""
    settings, c = Settings(smoothing=1e-3), calibrate(smoothing=1e-3)
    gaps = []
    for size in (1e-3, 1e-4):
        found = impulse_responses(c.economy, c.parameters, c.initial, "zT", size, 0.8, settings)
        gaps.append(np.abs(found.shocked.path - found.rest.solution.path - found.linear).max() / size)
    assert gaps[1] < 1e-2 * np.abs(found.linear).max() / 1e-4
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.1)


@pytest.mark.slow
def test_more_support_for_ai_raises_capex_when_unemployment_is_high():
    """With phisA > 0 a rise in unemployment buys AI capital."""
    capex = {}
    for support in (0.0, 10.0):
        c = calibrate({"government.ai_support": support}, smoothing=1e-3)
        found = impulse_responses(c.economy, c.parameters, c.initial, "epsi", 0.0025, 0.5, Settings(smoothing=1e-3))
        capital = VARIABLES.to_levels(found.shocked.path)[:, VARIABLES.index("KA")]
        capex[support] = float(capital[4])
    assert capex[10.0] > capex[0.0]


def test_a_calibration_without_a_taste_for_wealth_is_refused():
    c = calibrate({"households.discount_factor": 0.9999})
    with pytest.raises(NotSolved, match=r"lower households\.discount_factor"):
        c.baseline(Settings())
