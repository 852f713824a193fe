"""Broyden's method with a factor that stays, for many problems at a time: their earlier steps stand in for the changes of
their Jacobians (Broyden, 1965; the recursion on steps is that of Kelley, 1995, section 7.3).

The recursion needs inner products alone, and those of a step follow from those of the steps that it is made of: the steps
themselves are read twice, however many there are.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Bool, Float, Int

PRECISION = jnp.float32


class Steps(NamedTuple):
    """The steps that each lane has taken, in the order taken."""

    values: Float[Array, "lanes most unknowns"]
    products: Float[Array, "lanes most most"]  # of each two


class Direction(NamedTuple):
    """A step that may be taken, with what `with_step` needs to know of it."""

    step: Float[Array, "unknowns lanes"]
    products: Float[Array, "lanes most"]  # with the steps taken


def no_steps(lanes: int, most: int, unknowns: int) -> Steps:
    return Steps(jnp.zeros((lanes, most, unknowns), PRECISION), jnp.zeros((lanes, most, most)))


def with_step(steps: Steps, taken: Int[Array, "lanes"], direction: Direction, whole: Bool[Array, "lanes"]) -> Steps:
    """The steps with the `direction` after the `taken` earlier ones.

    The recursion is one of `whole` steps: who takes another one, or none, has to begin anew.
    """
    lanes = jnp.arange(len(taken))
    step = jnp.where(whole, direction.step, 0.0)
    products = jnp.where(whole[:, None], direction.products, 0.0)
    values = steps.values.at[lanes, taken].set(step.T.astype(PRECISION))
    both_ways = steps.products.at[lanes, taken].set(products).at[lanes, :, taken].set(products)
    return Steps(values, both_ways.at[lanes, taken, taken].set((step**2).sum(0)))


def broyden_step(steps: Steps, taken: Int[Array, "lanes"], z: Float[Array, "unknowns lanes"]) -> Direction:
    """The `Direction` after `taken` steps, where `z` is that of the factor.

    With steps s_0 to s_k, `z_0 = z`, `z_(i+1) = z_i + s_(i+1) <s_i, z_i> / |s_i|^2`, and the step is
    `z_k / (1 - <s_k, z_k> / |s_k|^2)`.
    """
    values, products = steps
    along = jnp.einsum("lku,ul->lk", values, z.astype(PRECISION)).astype(z.dtype)
    most = along.shape[1]
    squares = jnp.where(jnp.arange(most) < taken[:, None], jnp.diagonal(products, axis1=1, axis2=2), 1.0)

    def share(i, shares):
        return (along[:, i] + (shares[:, :-1] * products[:, i, 1:]).sum(1)) / squares[:, i]

    def extend(i, shares):
        return shares.at[:, i].set(jnp.where(i < taken, share(i, shares), 0.0))

    shares = lax.fori_loop(0, most, extend, jnp.zeros_like(along))
    last = jnp.arange(most) == taken[:, None] - 1
    weights = jnp.pad(jnp.where(last, 0.0, shares)[:, :-1], ((0, 0), (1, 0)))
    scale = 1 / (1 - jnp.where(last, shares, 0.0).sum(1))
    step = (z + jnp.einsum("lku,lk->ul", values, weights.astype(PRECISION))) * scale
    return Direction(step, (along + jnp.einsum("lj,lji->li", weights, products)) * scale[:, None])
