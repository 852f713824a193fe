"""Derivatives of the full economy's paths against differences of whole solves and against the linear response."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from calibration import calibrate
from calibration.gradients import baseline_gradient, scenario_gradient
from model.solvers.first_order.responses import linear_response_solver
from model.transition.derivatives.path_gradient import path_gradient
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import Settings
from model.transition.solve import solve_scenario
from tests.economy import ECONOMY, INSTRUMENTS, VARIABLES
from tests.tolerances import ROUNDING

SETTINGS = Settings(smoothing=1e-3, tolerance=2e-13)
DIFFERENCES = 1e-5  # of a central difference, relative to the derivative
EXTRAPOLATED = 1e-8  # of one of order eight
RELATIVE_STEP = 5e-5
EIGHTH_ORDER = (8 / 5, -4 / 5, 8 / 35, -1 / 35)
# Relative step of order eight; without one, rounding of the solves keeps differences above EXTRAPOLATED at any step.
INPUTS = {
    "energy.interconnection_supply_elasticity": 3e-3,
    "targets.ai_capex_share": 3e-3,
    "catch_up.midpoint.technology": 1e-3,
    "catch_up.pipeline.gas": 3e-3,
    "households.discount_factor": None,
}
PERMANENT = Scenario("permanent", "", (Change("varpi", "add", (-0.01,), 4, None),), announced=4)
TEMPORARY = Scenario("temporary", "", (Change("sA", "add", (0.05,), 2, 9),), announced=2)


def moment(problem, path):
    """AI capital after seven years and connected power in the first five."""
    return jnp.stack([path[28, VARIABLES.index("KA")], path[:20, VARIABLES.index("X")].mean()])


@pytest.fixture(scope="module")
def calibrated():
    return calibrate(smoothing=SETTINGS.smoothing)


@pytest.fixture(scope="module")
def baseline(calibrated):
    return calibrated.baseline(SETTINGS)


@pytest.fixture(scope="module")
def gradient(calibrated, baseline):
    return baseline_gradient(calibrated, baseline, moment)


def solved_moment(values, scenario=None):
    solution = (base := calibrate(values, smoothing=SETTINGS.smoothing).baseline(SETTINGS)).solution
    if scenario:
        solution = solve_scenario(base, scenario)
        assert solution.outcome.converged
    return np.asarray(moment(solution.problem, solution.path))


def difference(at, value, step):
    return (at(value + step) - at(value - step)) / (2 * step)


def assert_near(got, expected, tolerance):
    np.testing.assert_allclose(got, expected, rtol=tolerance, atol=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", INPUTS)
def test_inputs_by_central_differences(name, calibrated, gradient):
    value = calibrated.inputs.value(name)
    central = difference(lambda v: solved_moment({name: v}), value, RELATIVE_STEP * value)
    assert_near(gradient.by_input[name], central, DIFFERENCES)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, step in INPUTS.items() if step])
def test_inputs_by_differences_of_order_eight(name, calibrated, gradient):
    value = calibrated.inputs.value(name)
    steps = [(k + 1) * INPUTS[name] * value for k in range(len(EIGHTH_ORDER))]
    differences = [difference(lambda v: solved_moment({name: v}), value, step) for step in steps]
    assert_near(gradient.by_input[name], np.tensordot(EIGHTH_ORDER, differences, 1), EXTRAPOLATED)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [PERMANENT, TEMPORARY], ids=lambda s: s.name)
@pytest.mark.parametrize("name", ["energy.interconnection_supply_elasticity", "targets.ai_capex_share"])
def test_inputs_of_a_scenario_by_central_differences(name, scenario, calibrated, baseline):
    solution = solve_scenario(baseline, scenario)
    found = scenario_gradient(calibrated, baseline, scenario, solution, moment)
    value = calibrated.inputs.value(name)
    central = difference(lambda v: solved_moment({name: v}, scenario), value, RELATIVE_STEP * value)
    assert_near(found.by_input[name], central, DIFFERENCES)


@pytest.mark.slow
def test_permanent_instrument_by_central_differences(calibrated, baseline):
    """A permanent change moves the long run and the natural rate too."""
    solution = solve_scenario(baseline, PERMANENT)
    found = scenario_gradient(calibrated, baseline, PERMANENT, solution, moment)

    def at(size):
        changed = Scenario("", "", (Change("varpi", "add", (size,), 4, None),), announced=4)
        moved = solve_scenario(baseline, changed)
        return np.asarray(moment(moved.problem, moved.path))

    by_size = found.by_instrument[:, 1 + PERMANENT.announced :, INSTRUMENTS.index("varpi")].sum(1)
    assert_near(by_size, difference(at, -0.01, 1e-4), DIFFERENCES)


@pytest.mark.slow
@pytest.mark.parametrize("instrument, quarter", [("zX", 8), ("sA", 3), ("varpi", 12), ("imp", 0)])
def test_instruments_by_central_differences(instrument, quarter, baseline, gradient):
    def at(size):
        change = Change(instrument, "add", (size,), quarter, quarter)
        moved = solve_scenario(baseline, Scenario("", "", (change,)))
        return np.asarray(moment(moved.problem, moved.path))

    got = gradient.by_instrument[:, quarter + 1, INSTRUMENTS.index(instrument)]
    assert_near(got, difference(at, 0.0, 2.5e-4), DIFFERENCES)


@pytest.mark.slow
def test_instruments_by_the_linear_response(baseline, rng):
    """Forward and reverse derivatives are different programs; they agree in a random direction."""
    problem, path = baseline.solution.problem, jnp.asarray(baseline.solution.path)
    direction = jnp.asarray(rng.normal(size=problem.exogenous.shape))
    response = linear_response_solver(ECONOMY)(problem, path, direction)
    found = path_gradient(ECONOMY, problem, path, moment)
    forward = jax.jvp(lambda x: moment(problem, x), (path,), (response,))[1]
    assert_near(jnp.tensordot(found.by.exogenous, direction, 2), forward, 1e3 * ROUNDING)
