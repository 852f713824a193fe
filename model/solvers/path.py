"""A whole path as one Newton problem: stacked quarters, given what is carried into the first and the terminal condition."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import DTypeLike
from jaxtyping import Float

from model.compute.programs import program
from model.core.types import Real, Scalar
from model.solvers.jacobian import linear_path
from model.solvers.jacobian.block_triangular import Order, one_block
from model.solvers.jacobian.linear_path import Linearised
from model.solvers.jacobian.sparse_jacobian import batch_jacobian, dense_jacobian
from model.solvers.protocol import Economy
from model.solvers.search.kinks import Borrowed, nothing_replaced, slopes
from model.solvers.search.newton import Kinks, Known, NewtonResult, Problem, Whole, newton

LONGEST_LOG_STEP = 1.5
FACTOR_DTYPE = jnp.float32  # half the work; the residual is exact, so an iteration still gains three digits


class Terminal(NamedTuple):
    """Where a path ends: x[T] = steady + rule (s[T-1] - steady's s). A rule of zeros puts x[T] at the steady state."""

    steady: Float[Real, "unknowns"]
    rule: Float[Real, "unknowns carried"]


class PathProblem(NamedTuple):
    """All that defines a path, traced."""

    parameters: Any
    start: Float[Real, "carried"]  # solver coordinates of quarter -1
    exogenous: Float[Real, "quarters+2 instruments"]  # quarters -1 to T
    terminal: Terminal
    smoothing: Float[Real, "stages"]


@program
def path_solver(
    economy: Economy,
) -> Callable[[PathProblem, Float[Array, "quarters unknowns"], Known, Scalar, Whole], NewtonResult]:
    """Compiled `solve(problem, guess, known, tolerance, most_iterations) -> NewtonResult`, one program for all values.

    Problems that differ little, one after another, start each from the last path and the last factor; `no_factor` is none.
    """

    def solve(problem, guess, known, tolerance, most_iterations):
        return newton(newton_problem(economy, problem), guess, tolerance, most_iterations, known)

    return solve


@cache
def no_factor(economy: Economy, quarters: int) -> Known:
    """What stands for a factor of a path of so many quarters before there is one."""
    n, carried, expected = len(economy.variables), len(economy.carried), economy.expectation_count
    kinked = len(economy.kinked)

    def like(*shape, dtype=FACTOR_DTYPE) -> Any:
        return jax.ShapeDtypeStruct(shape, dtype)

    def linearised(*time):
        shapes = ((n, carried), (n, n), (n, expected), (expected, carried), (expected, n))
        return Linearised(*(like(*time, *shape) for shape in shapes))

    sides = Sides(like(quarters, 2 * kinked, carried), like(quarters, 2 * kinked, n))
    lin = LinearisedPath(linearised(quarters), linearised(), sides)
    jacobian = jax.eval_shape(partial(path_factor, economy), lin, like(n, carried))
    factor = Factor(jacobian, sides, like(quarters * kinked, 2, dtype=float))
    factor = jax.tree.map(lambda a: jnp.zeros(a.shape, a.dtype), factor)
    return Known(factor, nothing_replaced(borrowed(economy, factor), quarters * n), jnp.asarray(False))


def quarters(economy: Economy, problem: PathProblem, path: Float[Array, "quarters unknowns"]) -> Any:
    """The quarters 0 to T (T included, at the terminal condition) of a path."""
    p = economy.with_smoothing(problem.parameters, problem.smoothing[-1])
    return _stacked(economy, p, problem, path)[0]


class Sides(NamedTuple):
    """Derivatives of both sides of the equations with a kink, quarter by quarter."""

    by_lag: Float[Array, "quarters sides carried"]
    by_now: Float[Array, "quarters sides unknowns"]


class LinearisedPath(NamedTuple):
    """Equations and unknowns in the order of elimination, but for those of `sides`."""

    inside: Linearised  # quarters 0 to T - 1
    last: Linearised  # quarter T
    sides: Sides


class Expected(NamedTuple):
    """What the residual of a path makes on the way."""

    expected: Float[Array, "quarters+1 expected"]  # by quarters 0 to T
    slopes: Float[Array, "kinked 2"]  # of the equations with a kink


class Factor(NamedTuple):
    """Of a path's Jacobian, with the equations that have a kink as they are there."""

    jacobian: linear_path.Factor
    sides: Sides
    slopes: Float[Array, "kinked 2"]


def newton_problem(economy: Economy, problem: PathProblem) -> Problem:
    """The path as Newton's method sees it, `newton.Problem`, with `Expected` and `Factor`."""
    log = jnp.asarray(economy.variables.log)
    stages = jnp.argmax(problem.smoothing <= problem.smoothing[-1]) + 1  # until the final one is reached

    def parameters(stage):
        return economy.with_smoothing(problem.parameters, problem.smoothing[stage])

    def residual(path, stage):
        residual, expected, now = _evaluated(economy, parameters(stage), problem, path)
        sides = jax.vmap(economy.sides)(now).reshape(-1, 2)
        return residual, Expected(expected, slopes(sides, problem.smoothing[stage]))

    def factorise(path, byproduct, stage):
        p = parameters(stage)
        lin = linearised_path(economy, p, problem, path, byproduct.expected, FACTOR_DTYPE)
        return Factor(path_factor(economy, lin, problem.terminal.rule), lin.sides, byproduct.slopes)

    def solve(factor, residual):
        return path_step(economy, factor.jacobian, residual)

    def longest(step):
        return LONGEST_LOG_STEP / jnp.where(log, jnp.abs(step), 0.0).max()

    kinks = Kinks(partial(borrowed, economy), lambda byproduct: byproduct.slopes)
    return Problem(residual, factorise, solve, longest, stages, kinks=kinks)


def borrowed(economy: Economy, factor: Factor) -> Borrowed:
    """The factor as neighbours of its path see it."""
    along, columns = partial(_sides_along, economy, factor), partial(_kinked_columns, economy, factor)
    return Borrowed(partial(path_step, economy, factor.jacobian), along, columns, factor.slopes)


def _kinked_columns(economy, factor, rows):
    """Columns `(T, n, k)` of the Jacobian's inverse for `rows` `(k,)` among the equations with a kink of all quarters."""
    order = elimination_order(economy)
    places = np.argsort(order.rows)[np.array(economy.kinked)]
    quarters, equations = jnp.divmod(rows % factor.slopes.shape[0], len(places))
    units = jax.nn.one_hot(jnp.asarray(places)[equations], len(order.rows), dtype=FACTOR_DTYPE)
    columns = linear_path.impulses(factor.jacobian, quarters, -units, order.positions[economy.carried], order.blocks)
    return columns[:, order.positions]


def _sides_along(economy, factor, change):
    """Change `(kinked, 2)` of the sides with a change `(T, n)` of the path."""
    now = change.astype(FACTOR_DTYPE)
    before = jnp.pad(now[:-1, economy.carried], ((1, 0), (0, 0)))
    by_lag, by_now = factor.sides
    moved = jnp.einsum("tsc,tc->ts", by_lag, before) + jnp.einsum("tsc,tc->ts", by_now, now)
    return moved.reshape(-1, 2).astype(change.dtype)


def with_ends(
    economy: Economy, problem: PathProblem, path: Float[Array, "quarters unknowns"]
) -> tuple[Float[Array, "quarters+1 carried"], Float[Array, "quarters+1 unknowns"]]:
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


def elimination_order(economy: Economy) -> Order:
    """The economy's order of elimination; without one, all unknowns at once."""
    return Order(getattr(economy, "blocks", None) or one_block(len(economy.variables)))


def path_factor(
    economy: Economy, lin: LinearisedPath, terminal_rule: Float[Real, "unknowns carried"]
) -> linear_path.Factor:
    """Factor of the Jacobian of a path, from what `linearised_path` gives, in low precision."""
    order = elimination_order(economy)
    given = lin.inside, lin.last, terminal_rule[order.columns]
    inside, last, rule = jax.tree.map(lambda a: a.astype(FACTOR_DTYPE), given)
    last_rule = last.expected_by_lag + last.expected_by_now @ rule
    return linear_path.factorise(inside, last_rule, order.positions[economy.carried], order.blocks)


def path_step(
    economy: Economy, factor: linear_path.Factor, residual: Float[Array, "quarters unknowns"]
) -> Float[Array, "quarters unknowns"]:
    """Newton step for residuals, to the precision of the factor."""
    order = elimination_order(economy)
    ordered = residual[:, order.rows].astype(FACTOR_DTYPE)
    step = linear_path.solve(factor, ordered, order.positions[economy.carried], order.blocks)
    return step[:, order.positions].astype(residual.dtype)


def path_product(
    economy: Economy,
    lin: LinearisedPath,
    terminal_rule: Float[Real, "unknowns carried"],
    change: Float[Array, "quarters unknowns"],
) -> Float[Array, "quarters unknowns"]:
    """Change of the residuals with a change of the path, in the precision of `lin`."""
    order = elimination_order(economy)
    carried = order.positions[economy.carried]
    product = linear_path.product(lin.inside, lin.last, terminal_rule[order.columns], carried, change[:, order.columns])
    return product[:, np.argsort(order.rows)]


def linearised_path(
    economy: Economy,
    p: Any,
    problem: PathProblem,
    path: Float[Array, "quarters unknowns"],
    expected: Float[Array, "quarters+1 expected"],
    dtype: DTypeLike,
) -> LinearisedPath:
    """`LinearisedPath` of what the quarters expect, `expected`."""
    order = elimination_order(economy)
    lag, x = with_ends(economy, problem, path)
    e = problem.exogenous
    lead = jnp.concatenate([expected[1:], expected[-1:]])

    def stacked(given, *arguments):
        return jnp.concatenate(_quarter_functions(economy, p, *given)(*arguments))

    given, arguments = (e[:-1].T, e[1:].T), (lag.T, lead.T, x.T)
    jacobian = batch_jacobian(stacked, given, *arguments, dtype=dtype)
    by_lag, by_lead, by_now = _ranges(lag.shape[1], lead.shape[1], x.shape[1])
    equations, expectations, sides = _ranges(x.shape[1], lead.shape[1], jacobian.shape[0] - x.shape[1] - lead.shape[1])
    ordered = by_now[order.columns]

    def linearised(quarters):
        chosen = jacobian.members(quarters)
        return Linearised(
            *(chosen.dense(equations[order.rows], columns) for columns in (by_lag, ordered, by_lead)),
            *(chosen.dense(expectations, columns) for columns in (by_lag, ordered)),
        )

    last = jax.tree.map(lambda a: a[0], linearised(slice(-1, None)))
    inside = jacobian.members(slice(-1))
    return LinearisedPath(linearised(slice(-1)), last, Sides(inside.dense(sides, by_lag), inside.dense(sides, by_now)))


def _ranges(*lengths):
    return np.split(np.arange(sum(lengths)), np.cumsum(lengths[:-1]))


def linearise(
    economy: Economy,
    p: Any,
    lag_e: Float[Real, "instruments"],
    e: Float[Real, "instruments"],
    lag: Float[Real, "carried"],
    x: Float[Real, "unknowns"],
    lead: Float[Real, "expected"],
) -> Linearised:
    """Derivatives of one quarter's equations and expectations, `Linearised`."""
    _, (equations, expectations, _) = dense_jacobian(_quarter_functions(economy, p, lag_e, e), lag, lead, x)
    bounds = np.cumsum([len(lag), len(lead)])
    by_lag, by_lead, by_now = jnp.split(equations, bounds, 1)
    expected_by_lag, _, expected_by_now = jnp.split(expectations, bounds, 1)
    return Linearised(by_lag, by_now, by_lead, expected_by_lag, expected_by_now)


def _quarter_functions(economy, p, lag_e, e):
    """A quarter's equations, expectations, and sides of the equations with a kink."""

    def functions(lag, lead, x):
        now = economy.quarter(p, lag_e, e, lag, x)
        return economy.residual(p, now, lead), economy.expectations(p, now), economy.sides(now).ravel()

    return functions
