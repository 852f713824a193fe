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
from model.solvers.kinks import Borrowed, slopes
from model.solvers.linear_path import Linearised
from model.solvers.newton import Known, Problem, Rows, newton, nothing_replaced
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
        return result._replace(factor=(), replaced=())

    return solve


@cache
def nearby_path_solver(economy):
    """Compiled `solve(problem, guess, known, tolerance, most_iterations) -> NewtonResult` with its factor.

    For problems that differ little, one after another: each starts from the last path and the last factor, `newton.Known`.
    """

    @compiled
    def solve(problem, guess, known, tolerance, most_iterations):
        return newton(newton_problem(economy, problem, replacing=True), guess, tolerance, most_iterations, known)

    return solve


def no_factor(economy, problem, path):
    """`newton.Known` of the right shape, for the first of a row of nearby problems."""

    def factor(problem, path):
        linear = newton_problem(economy, problem)
        return linear.factorise(path, linear.residual(path, 0)[1], 0)

    shape = jax.eval_shape(factor, problem, path)
    blank = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shape)
    return Known(blank, nothing_replaced(path), jnp.asarray(False))


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


def newton_problem(economy, problem, replacing=False):
    """The path as Newton's method sees it, `newton.Problem`; the byproduct of a residual is what each quarter expects.

    With `replacing`, rows of equations with a kink are replaced in a kept factor where that is what it lacks.
    """
    log = jnp.asarray(economy.variables.log)

    def parameters(stage):
        return economy.with_smoothing(problem.parameters, problem.smoothing[stage])

    def residual(path, stage):
        residual, expected, _ = _evaluated(economy, parameters(stage), problem, path)
        return residual, expected

    def factorise(path, expected, stage):
        lin = linearised_path(economy, parameters(stage), problem, path, expected, FACTOR_DTYPE)
        return path_factor(economy, lin, problem.terminal.rule)

    def solve(factor, residual):
        return path_step(economy, factor, residual)

    def longest(step):
        return LONGEST_LOG_STEP / jnp.where(log, jnp.abs(step), 0.0).max()

    def rows_times(path, expected, stage, positions, directions):
        p, (lag, x), e = parameters(stage), with_ends(economy, problem, path), problem.exogenous
        lag_directions = jnp.pad(directions[:, :, economy.carried], ((0, 0), (1, 0), (0, 0)))

        def one(position):
            t, row = jnp.divmod(position, path.shape[1])

            def equation(lag, now):
                return economy.residual(p, economy.quarter(p, e[t], e[t + 1], lag, now), expected[t + 1])[row]

            def along(lag_direction, direction):
                return jax.jvp(equation, (lag[t], x[t]), (lag_direction, direction))[1]

            return jax.vmap(along)(lag_directions[:, t], directions[:, t])

        return jax.vmap(one)(positions)

    rows = Rows(_kinked_rows(economy, problem), rows_times) if replacing else None
    return Problem(residual, factorise, solve, longest, problem.smoothing.shape[0], rows=rows)


def _kinked_rows(economy, problem):
    """Positions of the equations that have a kink, in the flattened residual `(T, n)`."""
    first = len(economy.variables) * np.arange(problem.exogenous.shape[0] - 2)
    return jnp.asarray((first[:, None] + np.array(economy.kinked)).ravel())


def residual_and_slopes(economy, problem, path):
    """Residuals `(T, n)` at the last stage, and slopes `(kinked, 2)` of the equations with a kink."""
    p = economy.with_smoothing(problem.parameters, problem.smoothing[-1])
    residual, _, now = _evaluated(economy, p, problem, path)
    return residual, slopes(jax.vmap(economy.sides)(now).reshape(-1, 2), problem.smoothing[-1])


def borrowed_factor(economy, problem, path, solve):
    """`kinks.Borrowed` of a factor made at `path`, with its `solve`."""
    p = economy.with_smoothing(problem.parameters, problem.smoothing[-1])
    (lag, x), e = with_ends(economy, problem, path), problem.exogenous

    def sides(p, lag_e, e, lag, x):
        return economy.sides(economy.quarter(p, lag_e, e, lag, x))

    derivatives = jax.vmap(jax.jacrev(sides, (3, 4)), (None, 0, 0, 0, 0))(p, e[:-2], e[1:-1], lag[:-1], x[:-1])
    by_lag, by_now = (d.astype(FACTOR_DTYPE) for d in derivatives)

    def along(change):
        now = change.astype(FACTOR_DTYPE)
        before = jnp.pad(now[:-1, economy.carried], ((1, 0), (0, 0)))
        moved = jnp.einsum("tksc,tc->tks", by_lag, before) + jnp.einsum("tksc,tc->tks", by_now, now)
        return moved.reshape(-1, 2).astype(change.dtype)

    return Borrowed(solve, along, _kinked_rows(economy, problem), residual_and_slopes(economy, problem, path)[1])


def with_ends(economy, problem, path):
    """Carried unknowns of quarters -1 to T-1 and unknowns of quarters 0 to T."""
    steady, rule = problem.terminal
    last = steady + rule @ (path[-1] - steady)[economy.carried]
    lag = jnp.concatenate([problem.start[None], path[:, economy.carried]])
    return lag, jnp.concatenate([path, last[None]])


def _evaluated(economy, p, problem, path):
    """Residuals `(T, n)`, what quarters 0 to T expect, and the quarters 0 to T - 1."""
    now, expected = _stacked(economy, p, problem, path)
    now = jax.tree.map(lambda a: a[:-1], now)
    return jax.vmap(economy.residual, (None, 0, 0))(p, now, expected[1:]), expected, now


def _stacked(economy, p, problem, path):
    lag, x = with_ends(economy, problem, path)
    e = problem.exogenous
    now = jax.vmap(economy.quarter, (None, 0, 0, 0, 0))(p, e[:-1], e[1:], lag, x)
    return now, jax.vmap(economy.expectations, (None, 0))(p, now)


def elimination_order(economy):
    """The economy's order of elimination; without one, all unknowns at once."""
    return Order(getattr(economy, "blocks", None) or one_block(len(economy.variables)))


def path_factor(economy, lin, terminal_rule):
    """Factor of the Jacobian of a path, from what `linearised_path` gives, in low precision."""
    order = elimination_order(economy)
    (inside, last), rule = jax.tree.map(lambda a: a.astype(FACTOR_DTYPE), (lin, terminal_rule[order.columns]))
    last_rule = last.expected_by_lag + last.expected_by_now @ rule
    return linear_path.factorise(inside, last_rule, order.positions[economy.carried], order.blocks)


def path_step(economy, factor, residual):
    """Newton step `(T, n)` for residuals `(T, n)`, to the precision of the factor."""
    order = elimination_order(economy)
    ordered = residual[:, order.rows].astype(FACTOR_DTYPE)
    step = linear_path.solve(factor, ordered, order.positions[economy.carried], order.blocks)
    return step[:, order.positions].astype(residual.dtype)


def path_product(economy, lin, terminal_rule, change):
    """Change of the residuals `(T, n)` with a change `(T, n)` of the path, in the precision of `lin`."""
    order = elimination_order(economy)
    carried = order.positions[economy.carried]
    product = linear_path.product(*lin, terminal_rule[order.columns], carried, change[:, order.columns])
    return product[:, np.argsort(order.rows)]


def linearised_path(economy, p, problem, path, expected, dtype):
    """Derivatives of quarters 0 to T - 1 and of quarter T, with equations and unknowns in the order of elimination."""
    order = elimination_order(economy)
    lag, x = with_ends(economy, problem, path)
    e = problem.exogenous
    lead = jnp.concatenate([expected[1:], expected[-1:]])

    def both(given, *arguments):
        return _equations_and_expectations(economy, p, *given)(*arguments)

    given, arguments = (e[:-1].T, e[1:].T), (lag.T, lead.T, x.T)
    equations, expectations = batch_jacobian(both, given, *arguments, dtype=dtype)
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
