"""How much unknowns, and what is made of them, vary at rest under a first-order law of shocks."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from model.core.types import Real
from model.solvers.first_order.law import Law, onward

DOUBLINGS = 22  # of the sum for the variance at rest: four million quarters, for roots up to 0.99999


class Covariances(NamedTuple):
    """Of the levels of outcomes, and of their changes from quarter to quarter."""

    levels: Float[Array, "outcomes outcomes"]
    changes: Float[Array, "outcomes outcomes"]


def variance_at_rest(
    transition: Float[Real, "state state"], added: Float[Real, "state state"]
) -> Float[Array, "state state"]:
    """V = T V T' + added, by a sum that doubles its terms (Smith, 1968)."""

    def doubled(_, terms):
        total, power = terms
        return total + power @ total @ power.T, power @ power

    return lax.fori_loop(0, DOUBLINGS, doubled, (jnp.asarray(added), jnp.asarray(transition)))[0]


def covariances(
    law: Law,
    rows: Float[Real, "outcomes moved"],
    persistence: Float[Real, "shocks"],
    deviation: Float[Real, "shocks"],
    carried: np.ndarray,
) -> Covariances:
    """Covariances at rest of outcomes that move by `rows`, by what is carried, the lagged shocks and the shocks.

    `deviation` are standard deviations of what is new in the shocks, which are independent.
    """
    transition, impact = onward(law, persistence, carried)
    impact = impact * deviation
    states, k = law.by_state.shape[-1], len(persistence)
    before, lagged, shock = jnp.split(rows, [states, states + k], 1)
    by_core = jnp.concatenate([before, lagged + shock * persistence], 1)
    pushed = shock * deviation
    variance = variance_at_rest(transition, impact @ impact.T)
    later, carried_over = by_core @ transition - by_core, by_core @ impact - pushed
    own = pushed @ pushed.T
    return Covariances(
        by_core @ variance @ by_core.T + own,
        later @ variance @ later.T + carried_over @ carried_over.T + own,
    )


def every_unknown(law: Law) -> Float[Array, "unknowns moved"]:
    """Rows of `covariances` for the unknowns themselves."""
    return jnp.concatenate([law.by_state, law.by_lagged, law.by_shock], -1)
