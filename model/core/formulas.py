"""Smooth formulas shared by the blocks. No abs or max, so that complex-step derivatives remain valid."""

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.types import Numbers, Real


def ces_price(
    weights: Float[Real, "... goods"], prices: Float[Real, "... goods"], elasticity: Numbers
) -> Float[Array, "..."]:
    """Unit cost `[sum_i weight_i price_i^(1-sigma)]^(1/(1-sigma))` over the last axis (Arrow et al., 1961)."""
    return jnp.sum(weights * prices ** (1 - elasticity), -1) ** (1 / (1 - elasticity))


def fischer_burmeister(a: Numbers, b: Numbers, smoothing: Numbers) -> Numbers:
    """`a + b - sqrt(a^2 + b^2 + 2 eps^2)`: zero iff a > 0, b > 0, ab = eps^2 (Fischer, 1992; Kanzow, 1996)."""
    return a + b - jnp.sqrt(a**2 + b**2 + 2 * smoothing**2)


def smooth_plus(z: Numbers, smoothing: Numbers) -> Numbers:
    """`(z + sqrt(z^2 + 4 eps^2)) / 2 - eps`: max(z, 0) up to eps, exactly 0 at z = 0."""
    return (z + jnp.sqrt(z**2 + 4 * smoothing**2)) / 2 - smoothing


def smooth_maximum(a: Numbers, b: Numbers, smoothing: Numbers) -> Numbers:
    """`(a + b + sqrt((a - b)^2 + 4 eps^2)) / 2` (Chen and Mangasarian, 1996)."""
    return (a + b + jnp.sqrt((a - b) ** 2 + 4 * smoothing**2)) / 2


def isoelastic_supply(base: Numbers, price_ratio: Numbers, elasticity: Numbers) -> Real:
    """Quantity `base price_ratio^elasticity`."""
    return base * price_ratio**elasticity


def isoelastic_cost(unit_cost: Numbers, base: Numbers, quantity: Numbers, elasticity: Numbers) -> Real:
    """Integral from 0 of the inverse of `isoelastic_supply`: `c b (q/b)^(1+1/eps) / (1+1/eps)`."""
    power = 1 + 1 / elasticity
    return unit_cost * base * (quantity / base) ** power / power
