"""Derivatives of solved paths and steady states against closed forms, other routes and differences of solves."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from model.examples.growth import GROWTH, Parameters, Variables, steady_state
from model.solvers.first_order.saddle_path import condensed_steady
from model.solvers.jacobian.implicit import implicit_path, implicit_steady_state
from model.solvers.path import PathProblem, Terminal, no_factor, path_solver
from model.transition.derivatives.path_gradient import solved_path
from tests.tolerances import SOLVED

QUARTERS = 40


@pytest.fixture
def productivity(rng):
    path = rng.normal(0.0, 0.2, QUARTERS + 2)
    path[-1] = 0.0
    return jnp.asarray(path)


def closed_form(alpha, beta, capital, log_productivity):
    """log K' = log(alpha beta) + z + alpha log K, `(T,)`."""

    def step(k, z):
        k = jnp.log(alpha * beta) + z + alpha * k
        return k, k

    return jax.lax.scan(step, jnp.log(capital), log_productivity[1:-1])[1]


def problem_of(alpha, beta, capital, log_productivity):
    """The path problem, with both ends as functions of the parameters."""
    p = Parameters(alpha, depreciation=1.0, discount_factor=beta, trend_growth=1.0)
    e, x = log_productivity[-1:], GROWTH.variables.pack(steady_state(jax.lax.stop_gradient(p)))
    x, e = implicit_steady_state(GROWTH)(p, e, 0.0, x, e)
    rule = condensed_steady(GROWTH)(p, e, x)[1]
    start = GROWTH.variables.pack(Variables(1.0, capital))[GROWTH.carried]
    return PathProblem(p, start, log_productivity[:, None], Terminal(x, rule), jnp.zeros(1))


def solved(*given):
    problem = problem_of(*given)
    guess = jnp.tile(problem.terminal.steady, (QUARTERS, 1))
    return path_solver(GROWTH)(problem, guess, no_factor(GROWTH, len(guess)), 1e-13, 100).x


@pytest.mark.parametrize("derivative", [jax.jacrev, jax.jacfwd])
def test_brock_mirman_moves_as_its_closed_form(derivative, productivity):
    given = *map(jnp.asarray, (0.36, 0.96, 0.05)), productivity
    every = range(len(given))
    path = solved(*given)

    def capital(*given):
        return implicit_path(GROWTH)(problem_of(*given), path)[:, 1]

    np.testing.assert_allclose(path[:, 1], closed_form(*given), atol=SOLVED)
    moved = jax.jit(derivative(capital, every))(*given)
    for got, expected in zip(moved, jax.jacfwd(closed_form, every)(*given), strict=True):
        np.testing.assert_allclose(got, expected, atol=SOLVED)


def test_what_is_not_a_number_has_no_derivative(productivity):
    given = *map(jnp.asarray, (0.36, 0.96, 0.05)), productivity
    problem, path = problem_of(*given), solved(*given)
    _, back = jax.vjp(lambda problem: solved_path(GROWTH)(problem, path.at[3].set(jnp.nan)), problem)
    assert jnp.isnan(back(jnp.ones_like(path))[0].start).all()
