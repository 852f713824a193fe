"""Steady states: the equations of one quarter at `residual(x, x, x)`, by continuation in the exogenous variables."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.compute.programs import light_program
from model.core.types import Real, Scalar
from model.solvers.jacobian.sparse_jacobian import dense_jacobian
from model.solvers.protocol import Economy
from model.solvers.search.newton import NewtonResult, Problem, Whole, newton

LONGEST_LOG_STEP = 0.5


class AtRest(NamedTuple):
    """A steady state that is known without a search."""

    x: Float[Real, "unknowns"]  # solver coordinates
    exogenous: Float[Real, "instruments"]


class SteadyState(NamedTuple):
    """A steady state as a search left it."""

    x: Float[Real, "unknowns"]  # solver coordinates
    exogenous: Float[Real, "instruments"]  # with the instrument that was found
    newton: NewtonResult


Search = Callable[[Any, Real, Real, Scalar, Scalar, Whole], SteadyState]


@light_program
def steady_state_solver(economy: Economy) -> Search:
    """Compiled `solve` of `steady_state_by_continuation`."""
    return steady_state_by_continuation(economy)


def steady_state_by_continuation(economy: Economy) -> Search:
    """`solve(p, exogenous, guess, pinned_value, tolerance, most_iterations) -> SteadyState`.

    `exogenous` is (stages, instruments): the continuation path, its last row the one asked for.
    """

    def solve(p, exogenous, guess, pinned_value, tolerance, most_iterations):
        def residual(y, stage):
            return steady_residual(economy, p, *with_pinned(economy, y, exogenous[stage], pinned_value))

        def factorise(y, lead, stage):
            return steady_jacobian(economy, p, *with_pinned(economy, y, exogenous[stage], pinned_value), lead)

        def step(jacobian, residual):
            return -jnp.linalg.solve(jacobian, residual)

        def longest(step):
            return LONGEST_LOG_STEP / jnp.where(jnp.asarray(economy.variables.log), jnp.abs(step), 0.0).max()

        start = guess
        if economy.pinned is not None:
            start = guess.at[economy.pinned.unknown].set(exogenous[0, economy.pinned.instrument])
        problem = Problem(residual, factorise, step, longest, exogenous.shape[0])
        result = newton(problem, start, tolerance, most_iterations)
        x, e = with_pinned(economy, result.x, exogenous[-1], pinned_value)
        return SteadyState(x, e, result)

    return solve


def with_pinned(
    economy: Economy, y: Float[Array, "unknowns"], exogenous: Float[Array, "instruments"], pinned_value: Scalar
) -> tuple[Float[Array, "unknowns"], Float[Array, "instruments"]]:
    """Unknowns and instruments of a steady state from `y`, the unknowns with the found instrument in the pinned one's place."""
    if economy.pinned is None:
        return y, exogenous
    unknown, instrument = economy.pinned
    return y.at[unknown].set(pinned_value), exogenous.at[instrument].set(y[unknown])


def steady_residual(
    economy: Economy, p: Any, x: Float[Real, "unknowns"], e: Float[Real, "instruments"]
) -> tuple[Float[Array, "unknowns"], Float[Array, "expected"]]:
    """Residuals of a quarter that follows itself, and what is then expected of it."""
    now = economy.quarter(p, e, e, x[economy.carried], x)
    lead = economy.expectations(p, now)
    return economy.residual(p, now, lead), lead


def steady_jacobian(
    economy: Economy,
    p: Any,
    x: Float[Array, "unknowns"],
    e: Float[Array, "instruments"],
    lead: Float[Real, "expected"],
) -> Float[Array, "unknowns unknowns"]:
    """Derivative of the steady residual; the column of a pinned unknown is that of the instrument in its place."""

    def both(lag, x, lead, found):
        exogenous = e if economy.pinned is None else e.at[economy.pinned.instrument].set(found[0])
        now = economy.quarter(p, exogenous, exogenous, lag, x)
        return economy.residual(p, now, lead), economy.expectations(p, now)

    found = jnp.zeros(1) if economy.pinned is None else e[economy.pinned.instrument][None]
    arguments = (x[economy.carried], x, lead, found)
    _, (equations, expectations) = dense_jacobian(both, *arguments)
    a = len(economy.carried)
    b, c = a + len(x), a + len(x) + len(lead)
    by_lead = equations[:, b:c]
    total = equations[:, a:b].at[:, economy.carried].add(equations[:, :a])
    expected = expectations[:, a:b].at[:, economy.carried].add(expectations[:, :a])
    jacobian = total + by_lead @ expected
    if economy.pinned is None:
        return jacobian
    return jacobian.at[:, economy.pinned.unknown].set(equations[:, c] + by_lead @ expectations[:, c])
