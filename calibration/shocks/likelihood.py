"""The likelihood of a linear state space with missing data, in JAX: exact derivatives by all that it is made of.

Observables of a quarter are taken one after another (Durbin and Koopman, 2012, chapter 6.4), so that nothing is inverted.
"""

import jax.numpy as jnp
from jax import lax
from jaxtyping import Bool, Float

from calibration.shocks.state_space import StateSpace
from model.core.types import Real, Scalar
from model.solvers.variances import variance_at_rest


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
    count, timeless = data.shape[1], space.transition.ndim == 2
    transition, impact = (part if timeless else part[0] for part in space)
    size, pushed = len(transition), impact * deviation[0]
    rest = variance_at_rest(transition, pushed @ pushed.T)

    def quarter(carry, given):
        mean, variance = carry
        values, is_known, sizes, here = given
        T, R = here or (transition, impact)
        R = R * sizes
        mean, variance = T @ mean, T @ variance @ T.T + R @ R.T
        (mean, variance), terms = lax.scan(
            _observe(size - count, noise), (mean, variance), (jnp.arange(count), values, is_known)
        )
        return (mean, variance), terms.sum()

    start = jnp.zeros(size), rest
    given = jnp.where(known, data, 0.0), known, deviation, None if timeless else tuple(space)
    return lax.scan(quarter, start, given)[1].sum()


def _observe(first, noise):
    def observe(carry, given):
        mean, variance = carry
        i, value, is_known = given
        column = variance[:, first + i]
        spread = column[first + i] + noise[i] ** 2
        gap = value - mean[first + i]
        gain = jnp.where(is_known, column / spread, 0.0)
        term = jnp.where(is_known, -0.5 * (jnp.log(2 * jnp.pi * spread) + gap**2 / spread), 0.0)
        return (mean + gain * gap, variance - jnp.outer(gain, column)), term

    return observe
