"""From the law of shocks to a state space of what is observed.

The state has the carried unknowns, the shocks, the levels of observables whose growth is observed (logarithms, per cent), and the
observables themselves; all are deviations. Arrays of several quarters have them first.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from calibration.shocks.observations import level
from calibration.shocks.tables import Observable
from model.core.types import Real
from model.equilibrium.outcomes.first_order import OutcomeSlopes, under
from model.solvers.first_order.law import Law, as_matrix, onward

QUARTERS_OF_TWO_YEARS = 8


class StateSpace(NamedTuple):
    """`a[t] = transition a[t-1] + impact eps[t]`, eps of variance one times `deviation`.

    Observables are the last part of `a`, from which nothing leads on: the last columns of `transition` are zero.
    """

    transition: Float[Real, "*quarters state state"]
    impact: Float[Real, "*quarters state shocks"]


def observed_slopes(
    outcomes: OutcomeSlopes, units: Mapping[str, Any], observed: tuple[Observable, ...]
) -> Float[Real, "quarters observables parts"]:
    """Slopes of the observables: of logarithms in per cent where growth is observed."""
    rows = []
    for o in observed:
        slope = level(o, outcomes.slopes[o.outcome], units)
        if o.change == "growth":
            slope = 100 * slope / level(o, outcomes.values[o.outcome], units)[:, None]
        rows.append(slope)
    return jnp.stack(rows, 1)


def state_space(
    law: Law,
    slopes: Float[Real, "*quarters observables parts"],
    persistence: Any,
    carried: Any,
    observed: tuple[Observable, ...],
) -> StateSpace:
    """State space of the quarters of a law; expectations of the last ones are those of a law that stays as it is."""
    rows = jnp.asarray(under(law, slopes))
    states, k = law.by_state.shape[-1], law.by_shock.shape[-1]
    core, pushed = onward(law, persistence, carried)
    by_core = _on_core(rows, persistence, states, k)
    by_shock = rows[..., states + k :]
    later = _later if law.by_state.ndim > 2 else _same
    for i, o in enumerate(observed):
        if o.change == "two_years":
            own, push = _two_years(by_core[..., i, :], by_shock[..., i, :], core, pushed, later)
            by_core, by_shock = by_core.at[..., i, :].set(own), by_shock.at[..., i, :].set(push)
    growth = np.flatnonzero([o.change == "growth" for o in observed])
    levels = jnp.eye(len(growth))
    before = jnp.zeros((rows.shape[-2], len(growth))).at[growth].add(-levels)
    lead = rows.shape[:-2]

    def wide(part, *shape):
        return jnp.broadcast_to(part, (*lead, *shape))

    m, g = len(observed), len(growth)
    transition = jnp.concatenate(
        [
            jnp.concatenate([core, wide(0.0, states + k, g + m)], -1),
            jnp.concatenate([by_core[..., growth, :], wide(0.0, g, g + m)], -1),
            jnp.concatenate([by_core, wide(before, m, g), wide(0.0, m, m)], -1),
        ],
        -2,
    )
    return StateSpace(transition, jnp.concatenate([pushed, by_shock[..., growth, :], by_shock], -2))


def _on_core(rows, persistence, states, k):
    return jnp.concatenate(
        [rows[..., :states], rows[..., states : states + k] + rows[..., states + k :] @ as_matrix(persistence)], -1
    )


def _two_years(row, push, core, pushed, later):
    """The mean of a row over this quarter and the seven after it, as expected, by the core before and by what is new."""
    ahead = expected = later(row)
    for _ in range(QUARTERS_OF_TWO_YEARS - 2):
        ahead = jnp.einsum("...i,...ij->...j", later(ahead), later(core))
        expected = expected + ahead
    total = row + jnp.einsum("...i,...ij->...j", expected, core)
    total_push = push + jnp.einsum("...i,...ij->...j", expected, pushed)
    return total / QUARTERS_OF_TWO_YEARS, total_push / QUARTERS_OF_TWO_YEARS


def _later(array: Array) -> Array:
    """The next quarter's, the last one repeated."""
    return jnp.concatenate([array[1:], array[-1:]])


def _same(array: Array) -> Array:
    """The next quarter's of a law without time."""
    return array
