"""What outcomes are made of to first order: derivatives of a report's formulas by what a quarter consists of."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.compute.programs import program
from model.core.types import Real
from model.equilibrium.accounts import accounts
from model.equilibrium.economy import Economy
from model.equilibrium.outcomes.observed import Observed
from model.equilibrium.outcomes.register import OUTCOMES
from model.solvers.first_order.law import Law


class Along(NamedTuple):
    """Quarters of a path: instruments before and now, what is carried into them, their unknowns (leading axis)."""

    lag_e: Float[Real, "quarters instruments"]
    e: Float[Real, "quarters instruments"]
    lag: Float[Real, "quarters carried"]
    x: Float[Real, "quarters unknowns"]


class OutcomeSlopes(NamedTuple):
    """Outcomes of quarters, `{outcome: (T,) or (T, label)}`, and their derivatives along a last axis.

    The last axis has the lagged shocks, the shocks, the carried unknowns and the unknowns. Chained quantities move at the
    prices of the quarter.
    """

    values: dict[str, Real]
    slopes: dict[str, Real]


@program
def outcome_slopes_solver(economy: Economy) -> Callable[[Any, Along, Real, Real, Real], OutcomeSlopes]:
    """Compiled `slopes(p, along, directions, initial, base_exogenous) -> OutcomeSlopes` for shocks that move the instruments.

    `directions` are `(instruments, shocks)`; `initial` is the base steady state `(n,)`.
    """
    asked = [o for o in OUTCOMES + economy.outcomes if not o.growth]

    def of_quarters(p, along, directions, initial, base_exogenous):
        base = economy.quarter(p, base_exogenous, base_exogenous, initial[economy.carried], initial)

        def of_quarter(quarter):
            still = economy.quarter(p, *quarter)

            def outcomes(moved):
                both = jax.tree.map(_stacked, still, economy.quarter(p, *moved))
                observed = Observed(p, both, base, jax.vmap(accounts, (None, 0))(p, both), economy.units)
                return {o.name: o.function(observed)[1] for o in asked}

            values, along = jax.linearize(outcomes, quarter)
            return values, jax.vmap(along, out_axes=-1)(_each_alone(quarter, directions))

        return OutcomeSlopes(*jax.vmap(of_quarter)(along))

    return of_quarters


def _stacked(one: Array, other: Array) -> Array:
    return jnp.stack([jnp.asarray(one), jnp.asarray(other)])


def _each_alone(quarter, directions):
    """`Along` with a leading axis: lagged shocks, shocks, carried unknowns and unknowns, one at a time."""
    pieces = directions.T, directions.T, jnp.eye(len(quarter.lag)), jnp.eye(len(quarter.x))

    def moving(k):
        width = pieces[k].shape[1]
        return jnp.concatenate([p if j == k else jnp.zeros((len(p), width)) for j, p in enumerate(pieces)])

    return Along(*map(moving, range(len(pieces))))


def under(law: Law, slopes: Float[Real, "... outcomes parts"]) -> Float[Real, "... outcomes state"]:
    """Derivatives of outcomes by the state of a law, from `OutcomeSlopes`: carried before, lagged shocks, shocks.

    Of one quarter or of many (leading axis), law and slopes alike.
    """
    shocks, states = law.by_shock.shape[-1], law.by_state.shape[-1]
    lagged, now, lag, x = jnp.split(slopes, [shocks, 2 * shocks, 2 * shocks + states], -1)
    moved = jnp.concatenate([law.by_state, law.by_lagged, law.by_shock], -1)
    by_unknowns = jnp.einsum("...ln,...ns->...ls", x, moved)
    return by_unknowns + jnp.concatenate([lag, lagged, now], -1)
