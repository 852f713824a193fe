"""A whole path as one Newton problem: stacked quarters, given what is carried into the first and the terminal condition."""

from functools import cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from model.core.compile import compiled
from model.solvers import linear_path
from model.solvers.block_triangular import Order, one_block
from model.solvers.linear_path import Linearised
from model.solvers.newton import Problem, newton
from model.solvers.sparse_jacobian import batch_jacobian, dense_jacobian

LONGEST_LOG_STEP = 1.5
FACTOR_DTYPE = jnp.float32  # half the work; the residual is exact, so an iteration still gains three digits

REFINEMENTS = 6  # of a linear response, each worth three digits


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
        result = newton(newton_problem(economy, problem), guess, tolerance, most_iterations)
        return result._replace(factor=())

    return solve


@cache
def linear_response_solver(economy):
    """Compiled `respond(problem, path, direction) -> (T, n)`: change of a solved path along a change of the instruments.

    `direction` is `(T + 2, instruments)`; the answer is exact to first order, from the same Jacobian as the path itself.
    """

    @compiled
    def respond(problem, path, direction):
        last = problem.smoothing.shape[0] - 1
        linear = newton_problem(economy, problem)

        def residual(exogenous):
            return newton_problem(economy, problem._replace(exogenous=exogenous)).residual(path, last)

        (_, expected), (forcing, _) = jax.jvp(residual, (problem.exogenous,), (direction,))
        factor = linear.factorise(path, expected, last)
        _, along = jax.linearize(lambda x: linear.residual(x, last)[0], path)

        def refine(_, response):
            return response + linear.solve(factor, forcing + along(response))

        return lax.fori_loop(0, REFINEMENTS, refine, jnp.zeros_like(path))

    return respond


def quarters(economy, problem, path):
    """The quarters 0 to T (T included, at the terminal condition) of a path `(T, n)`."""
    p = economy.with_smoothing(problem.parameters, problem.smoothing[-1])
    return _stacked(economy, p, problem, path)[0]


def newton_problem(economy, problem):
    """The path as Newton's method sees it, `newton.Problem`; the byproduct of a residual is what each quarter expects."""
    log = jnp.asarray(economy.variables.log)
    order = elimination_order(economy)
    carried = order.positions[economy.carried]

    def parameters(stage):
        return economy.with_smoothing(problem.parameters, problem.smoothing[stage])

    def residual(path, stage):
        p = parameters(stage)
        now, expected = _stacked(economy, p, problem, path)
        earlier = jax.tree.map(lambda a: a[:-1], now)
        return jax.vmap(economy.residual, (None, 0, 0))(p, earlier, expected[1:]), expected

    def factorise(path, expected, stage):
        lin, last = _linearised_path(economy, parameters(stage), problem, path, expected, order)
        rule = problem.terminal.rule[order.columns].astype(FACTOR_DTYPE)
        last_rule = last.expected_by_lag + last.expected_by_now @ rule
        return linear_path.factorise(lin, last_rule, carried, order.blocks)

    def solve(factor, residual):
        ordered = residual[:, order.rows].astype(FACTOR_DTYPE)
        step = linear_path.solve(factor, ordered, carried, order.blocks)
        return step[:, order.positions].astype(residual.dtype)

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


def elimination_order(economy):
    """The economy's order of elimination; without one, all unknowns at once."""
    return Order(getattr(economy, "blocks", None) or one_block(len(economy.variables)))


def _linearised_path(economy, p, problem, path, expected, order):
    """Derivatives of quarters 0 to T - 1 and of quarter T, with equations and unknowns in the order of elimination."""
    lag, x = _with_ends(economy, problem, path)
    e = problem.exogenous
    lead = jnp.concatenate([expected[1:], expected[-1:]])

    def both(given, *arguments):
        return _equations_and_expectations(economy, p, *given)(*arguments)

    given, arguments = (e[:-1].T, e[1:].T), (lag.T, lead.T, x.T)
    equations, expectations = batch_jacobian(both, given, *arguments, dtype=FACTOR_DTYPE)
    bounds = np.cumsum([lag.shape[1], lead.shape[1]])
    by_lag, by_lead, by_now = np.split(np.arange(bounds[-1] + x.shape[1]), bounds)
    by_now = by_now[order.columns]

    def linearised(quarters):
        before, after = equations.members(quarters), expectations.members(quarters)
        return Linearised(
            *(before.dense(order.rows, columns) for columns in (by_lag, by_now, by_lead)),
            *(after.dense(columns=columns) for columns in (by_lag, by_now)),
        )

    return linearised(slice(-1)), jax.tree.map(lambda a: a[0], linearised(slice(-1, None)))


def linearise(economy, p, lag_e, e, lag, x, lead):
    """Derivatives of one quarter's equations and expectations, `Linearised`."""
    _, jacobians = dense_jacobian(_equations_and_expectations(economy, p, lag_e, e), lag, lead, x)
    bounds = np.cumsum([len(lag), len(lead)])
    (by_lag, by_lead, by_now), (expected_by_lag, _, expected_by_now) = (jnp.split(j, bounds, 1) for j in jacobians)
    return Linearised(by_lag, by_now, by_lead, expected_by_lag, expected_by_now)


def _equations_and_expectations(economy, p, lag_e, e):
    def both(lag, lead, x):
        now = economy.quarter(p, lag_e, e, lag, x)
        return economy.residual(p, now, lead), economy.expectations(p, now)

    return both
