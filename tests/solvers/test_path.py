"""A path is an answer only if every number of it is: what is not a number anywhere in the problem is refused."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

from model.examples.economy import solve_path
from model.examples.growth import GROWTH, Parameters, Variables, steady_state
from model.solvers.outcome import Code

PARAMETERS = Parameters(capital_share=0.33, depreciation=0.025, discount_factor=0.99, trend_growth=1.0)
HORIZON = 100


def solve(parameters=PARAMETERS, capital=20.0, productivity=0.0, quarter=50):
    steady = steady_state(PARAMETERS)
    exogenous = np.zeros((HORIZON + 2, 1))
    exogenous[quarter] = productivity
    return solve_path(GROWTH, parameters, Variables(1.0, capital), exogenous, steady)


def test_the_problem_itself_has_an_answer():
    solved = solve()
    assert int(solved.newton.code) == Code.CONVERGED
    assert jnp.isfinite(solved.levels.capital).all()


@pytest.mark.parametrize("quarter", [1, 50, HORIZON, HORIZON + 1])
def test_productivity_that_is_not_a_number_is_refused(quarter):
    assert_refused(solve(productivity=np.nan, quarter=quarter))


@pytest.mark.parametrize("capital", [np.nan, -1.0, 0.0])
def test_start_that_is_not_a_positive_number_is_refused(capital):
    assert_refused(solve(capital=capital))


def test_parameter_that_is_not_a_number_is_refused():
    assert_refused(solve(eqx.tree_at(lambda p: p.discount_factor, PARAMETERS, jnp.nan)))


def assert_refused(solved):
    assert int(solved.newton.code) != Code.CONVERGED
    assert jnp.isnan(solved.levels.capital).all()
