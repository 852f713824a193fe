"""A whole path as one Newton problem: stacked quarters, given what is carried into the first and the terminal condition."""

from functools import cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from model.core.compile import compiled
from model.solvers import linear_path
from model.solvers.linear_path import Linearised
from model.solvers.newton import NewtonResult, Problem, newton
from model.solvers.sparse_jacobian import value_and_jacobian

LONGEST_LOG_STEP = 0.5


class Terminal(NamedTuple):
    """Where a path ends: x[T] = steady + rule (s[T-1] - steady's s). A rule of zeros puts x[T] at the steady state."""

    steady: Array  # (n,)
    rule: Array  # (n, carried)


class PathProblem(NamedTuple):
    """All that defines a path, traced: `exogenous` is (T + 2, instruments), quarters -1 to T; `smoothing` is (stages,)."""

    parameters: object
    start: Array  # (carried,), solver coordinates of quarter -1
    exogenous: Array
    terminal: Terminal
    smoothing: Array


@cache
def path_solver(economy):
    """Compiled `solve(problem, guess, tolerance, most_iterations) -> NewtonResult`, one program for all values."""

    @compiled
    def solve(problem, guess, tolerance, most_iterations):
        return newton(_newton_problem(economy, problem), guess, tolerance, most_iterations)

    return solve


@cache
def linear_response_solver(economy):
    """Compiled `respond(problem, path, direction) -> (T, n)`: change of a solved path along a change of the instruments.

    `direction` is `(T + 2, instruments)`; the answer is exact to first order, from the same Jacobian as the path itself.
    """

    @compiled
    def respond(problem, path, direction):
        last = problem.smoothing.shape[0] - 1

        def residual(exogenous):
            return _newton_problem(economy, problem._replace(exogenous=exogenous)).residual(path, last)

        (_, expected), (change, _) = jax.jvp(residual, (problem.exogenous,), (direction,))
        newton_problem = _newton_problem(economy, problem)
        return newton_problem.solve(newton_problem.factorise(path, expected, last), change)

    return respond


def quarters(economy, problem, path):
    """The quarters 0 to T (T included, at the terminal condition) of a path `(T, n)`."""
    return _stacked(economy, problem.parameters, problem, path)[0]


def _newton_problem(economy, problem):
    log = jnp.asarray(economy.variables.log)

    def parameters(stage):
        return economy.with_smoothing(problem.parameters, problem.smoothing[stage])

    def residual(path, stage):
        p = parameters(stage)
        now, expected = _stacked(economy, p, problem, path)
        earlier = jax.tree.map(lambda a: a[:-1], now)
        return jax.vmap(economy.residual, (None, 0, 0))(p, earlier, expected[1:]), expected

    def factorise(path, expected, stage):
        lin = _linearised_path(economy, parameters(stage), problem, path, expected)
        head = jax.tree.map(lambda a: a[:-1], lin)
        last_rule = lin.expected_by_lag[-1] + lin.expected_by_now[-1] @ problem.terminal.rule
        return linear_path.factorise(head, last_rule, economy.carried)

    def solve(factor, residual):
        return linear_path.solve(factor, residual, economy.carried)

    def longest(step):
        return LONGEST_LOG_STEP / jnp.where(log, jnp.abs(step), 0.0).max()

    return Problem(residual, factorise, solve, longest, problem.smoothing.shape[0])


def _with_ends(economy, problem, path):
    """Carried unknowns of quarters -1 to T-1 and unknowns of quarters 0 to T."""
    steady, rule = problem.terminal
    last = steady + rule @ (path[-1] - steady)[economy.carried]
    lag = jnp.concatenate([problem.start[None], path[:, economy.carried]])
    return lag, jnp.concatenate([path, last[None]])


def _stacked(economy, p, problem, path):
    lag, x = _with_ends(economy, problem, path)
    e = problem.exogenous
    now = jax.vmap(economy.quarter, (None, 0, 0, 0, 0))(p, e[:-1], e[1:], lag, x)
    return now, jax.vmap(economy.expectations, (None, 0))(p, now)


def _linearised_path(economy, p, problem, path, expected):
    lag, x = _with_ends(economy, problem, path)
    e = problem.exogenous
    lead = jnp.concatenate([expected[1:], expected[-1:]])
    return jax.vmap(lambda *a: linearise(economy, p, *a))(e[:-1], e[1:], lag, x, lead)


def linearise(economy, p, lag_e, e, lag, x, lead, jacobian=value_and_jacobian):
    """Derivatives of one quarter's equations and expectations, `Linearised`.

    `jacobian` is the sparse forward mode, which runs fastest over many quarters, or `dense_jacobian`, which compiles
    fastest and serves a single quarter.
    """

    def both(lag, x, lead):
        now = economy.quarter(p, lag_e, e, lag, x)
        return economy.residual(p, now, lead), economy.expectations(p, now)

    _, (equations, expectations) = jacobian(both, lag, x, lead)
    a, b = len(lag), len(lag) + len(x)
    return Linearised(equations[:, :a], equations[:, a:b], equations[:, b:], expectations[:, :a], expectations[:, a:b])
