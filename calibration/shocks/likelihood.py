"""The likelihood of a linear state space with missing data, in JAX: exact derivatives by all that it is made of.

The Kalman filter (Durbin and Koopman, 2012, chapter 4.3), with the observables of a quarter taken together by a Cholesky factor.
"""

import jax
import jax.numpy as jnp
from jax import lax
from jax.scipy.linalg import solve_triangular
from jaxtyping import Bool, Float

from calibration.shocks.state_space import StateSpace
from model.core.types import Real, Scalar
from model.solvers.first_order.variances import variance_at_rest


def log_likelihood(
    space: StateSpace,
    deviation: Float[Real, "quarters shocks"],
    noise: Float[Real, "observables"],
    data: Float[Real, "quarters observables"],
    known: Bool[Real, "quarters observables"],
) -> Scalar:
    """Of the `data` where `known`, from the distribution at rest under the first quarter's law and sizes.

    `deviation` are standard deviations of the shocks by quarter, `noise` those of what the data have of their own. A `space` of one
    quarter holds for all.
    """
    timeless = space.transition.ndim == 2
    transition, impact = (part if timeless else part[0] for part in space)
    remembered, pushed = len(transition) - data.shape[1], impact * deviation[0]
    rest = variance_at_rest(transition, pushed @ pushed.T)

    @jax.checkpoint  # derivatives go back by quarters: what is stored for them takes longer to move than to compute again
    def quarter(carry, given):
        mean, variance = carry
        values, is_known, sizes, here = given
        T, R = here or (transition, impact)
        T, R = T[:, :remembered], R * sizes
        mean, variance = T @ mean[:remembered], T @ variance[:remembered, :remembered] @ T.T + R @ R.T
        return _observed(mean, variance, noise, values, is_known)

    start = jnp.zeros(len(transition)), rest
    given = jnp.where(known, data, 0.0), known, deviation, None if timeless else tuple(space)
    return lax.scan(quarter, start, given)[1].sum()


def _observed(mean, variance, noise, values, is_known):
    """Mean and variance once the last part of the state is observed, and the log density of that."""
    first = len(mean) - len(values)
    gap = jnp.where(is_known, values - mean[first:], 0.0)
    columns = jnp.where(is_known, variance[:, first:], 0.0)
    spread = jnp.where(is_known[:, None], columns[first:], 0.0) + jnp.diag(jnp.where(is_known, noise**2, 1.0))
    factor = jnp.linalg.cholesky(spread)
    surprise, gains = (solve_triangular(factor, of, lower=True) for of in (gap, columns.T))
    density = -0.5 * (surprise @ surprise + jnp.log(2 * jnp.pi) * is_known.sum()) - jnp.log(jnp.diag(factor)).sum()
    return (mean + gains.T @ surprise, variance - gains.T @ gains), density
