"""Broyden's method with a factor that stays, for many problems at a time: their earlier steps stand in for the changes of
their Jacobians (Broyden, 1965; the recursion on steps is that of Kelley, 1995, section 7.3).

The recursion needs inner products alone, so that the steps themselves are read twice, however many there are.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax

PRECISION = jnp.float32


class Steps(NamedTuple):
    """The steps that each lane has taken, in the order taken."""

    values: Array  # (lanes, most, unknowns)
    products: Array  # (lanes, most, most), of each two


def no_steps(lanes, most, unknowns):
    return Steps(jnp.zeros((lanes, most, unknowns), PRECISION), jnp.zeros((lanes, most, most)))


def with_step(steps, taken, step):
    """The `step` `(unknowns, lanes)` after the `taken` `(lanes,)` earlier ones."""
    lanes = jnp.arange(len(taken))
    values = steps.values.at[lanes, taken].set(step.T.astype(PRECISION))
    products = _products(values, step)
    both_ways = steps.products.at[lanes, taken].set(products).at[lanes, :, taken].set(products)
    return Steps(values, both_ways)


def broyden_step(steps, taken, z):
    """The step `(unknowns, lanes)` after `taken` ones, where `z` is that of the factor.

    With steps s_0 to s_k, `z_0 = z`, `z_(i+1) = z_i + s_(i+1) <s_i, z_i> / |s_i|^2`, and the step is
    `z_k / (1 - <s_k, z_k> / |s_k|^2)`.
    """
    along, products = _products(steps.values, z), steps.products
    most = along.shape[1]
    squares = jnp.where(jnp.arange(most) < taken[:, None], jnp.diagonal(products, axis1=1, axis2=2), 1.0)

    def share(i, shares):
        return (along[:, i] + (shares[:, :-1] * products[:, i, 1:]).sum(1)) / squares[:, i]

    def extend(i, shares):
        return shares.at[:, i].set(jnp.where(i < taken, share(i, shares), 0.0))

    shares = lax.fori_loop(0, most, extend, jnp.zeros_like(along))
    last = jnp.arange(most) == taken[:, None] - 1
    earlier = jnp.where(last, 0.0, shares)[:, :-1].astype(PRECISION)
    z = z + jnp.einsum("lku,lk->ul", steps.values[:, 1:], earlier)
    return z / (1 - jnp.where(last, shares, 0.0).sum(1))


def _products(values, step):
    return jnp.einsum("lku,ul->lk", values, step.astype(PRECISION)).astype(step.dtype)
