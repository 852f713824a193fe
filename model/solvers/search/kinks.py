"""Bounds that begin or cease to bind, in a Jacobian that is borrowed from a path nearby.

Such an equation is `fischer_burmeister(a, b, eps) = 0`. Where its bound begins to bind, its slopes by a and b turn from one
to zero and back, while a and b change with the unknowns much as they did. Let J0 be the borrowed Jacobian, J its successor
with turned slopes in some rows, D the change of those rows, and W the columns of the inverse of J0 that belong to them. Then
`J d = -r` has the solution `d = z - W q`, with `J0 z = -r` and `(1 + D W) q = D z` (Woodbury, 1950). W does not depend on
who borrows: many lanes share it, each with slopes of its own.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, Int

from model.core.formulas import fischer_burmeister
from model.core.types import Scalar

ROOM, ADDED, FREE = 96, 16, -1  # rows replaced in a factor, and at a time
LARGE, NOTABLE = 0.02, 0.001  # of the largest residual: errors of a forecast that ask for rows, and that come along


class Borrowed(NamedTuple):
    """A factor, and the kinked equations where it was made.

    `solve(residuals)` is the Newton step, of the residuals' shape; `along(change)` the change `(kinked, 2)` of the sides a and b;
    `columns(rows)` are those of the inverse for some of the kinked equations, `(..., rows)`, anything where FREE.
    """

    solve: Callable[[Array], Array]
    along: Callable[[Array], Array]
    columns: Callable[[Array], Array]
    slopes: Float[Array, "kinked 2"]


class Replaced(NamedTuple):
    """Rows replaced in the factor."""

    rows: Int[Array, "room"]  # among the kinked equations; FREE where there is none
    columns: Float[Array, "unknowns room"]  # W
    along: Float[Array, "room kinked 2"]  # change of the sides with W


def slopes(sides: Float[Array, "kinked 2"], smoothing: Scalar) -> Float[Array, "kinked 2"]:
    """Derivatives of `fischer_burmeister` by both sides."""

    def gap(pair):
        a, b = pair
        return fischer_burmeister(a, b, smoothing)

    return jax.vmap(jax.grad(gap))(sides)


def nothing_replaced(borrowed: Borrowed, size: int) -> Replaced:
    """No rows, for `size` unknowns."""
    shape = (ROOM, *borrowed.slopes.shape)
    return Replaced(jnp.full(ROOM, FREE, int), jnp.zeros((size, ROOM), jnp.float32), jnp.zeros(shape))


def corrected(
    borrowed: Borrowed,
    replaced: Replaced,
    residuals: Float[Array, "*shape lanes"],
    z: Float[Array, "*shape lanes"],
    slopes: Float[Array, "kinked 2 lanes"],
) -> tuple[Float[Array, "*shape lanes"], Replaced]:
    """Steps of lanes (last axis) with the rows replaced that their slopes ask for, and all rows replaced so far.

    `z` are the steps of the factor for the `residuals`.
    """
    if not borrowed.slopes.size:
        return z, replaced
    along = jax.vmap(borrowed.along, -1, -1)(z)
    turned = slopes - borrowed.slopes[..., None]
    largest = jnp.abs(residuals).reshape(-1, residuals.shape[-1]).max(0)

    def look(replaced):
        """The replaced rows' shares, and the rows whose forecasts are the worst, if there is room."""
        q, errors = _shares(replaced, turned, along)
        errors = jnp.abs(errors) / largest
        score = jnp.where(jnp.isfinite(errors), errors, 0.0).max(1)
        size, rows = lax.top_k(score.at[replaced.rows].set(0.0, mode="drop", wrap_negative_indices=False), ADDED)
        return q, jnp.where((size > NOTABLE) & (size[0] > LARGE) & _room(replaced), rows, FREE)

    def add(state):
        replaced, _, rows = state
        replaced = _with_rows(borrowed, replaced, rows)
        return replaced, *look(replaced)

    replaced, q, _ = lax.while_loop(lambda state: (state[-1] != FREE).any(), add, (replaced, *look(replaced)))
    change = (replaced.columns @ q.astype(replaced.columns.dtype)).reshape(z.shape)
    return jnp.where(jnp.isfinite(change), z - change, z), replaced


def _room(replaced):
    return (replaced.rows == FREE).sum() >= ADDED


def _shares(replaced, turned, along):
    """q `(ROOM, lanes)`, and by how much each kinked equation will miss the forecast by its own slopes `(kinked, lanes)`."""
    there = (replaced.rows != FREE)[:, None]
    rows = jnp.maximum(replaced.rows, 0)
    D = jnp.where(there[..., None], jnp.einsum("ick,jic->ijk", turned[rows], replaced.along[:, rows]), 0.0)
    right = jnp.where(there, (turned * along).sum(1)[rows], 0.0)
    q = _solve_each(jnp.eye(ROOM)[..., None] + D, right)
    missed = jnp.moveaxis((q.T @ replaced.along.reshape(ROOM, -1)).reshape(-1, *along.shape[:2]), 0, -1)
    return q, (turned * (along - missed)).sum(1)


def _solve_each(matrices, rights):
    """Solutions with lanes on the last axis, one after another.

    A batched LAPACK call shares its work among the threads of the process, and waits for ever if the programs of other
    devices hold them all.
    """
    by_lane = jnp.moveaxis(matrices, -1, 0), rights.T
    return lax.map(lambda lane: jnp.linalg.solve(*lane), by_lane).T


def _with_rows(borrowed, replaced, rows):
    """Replaced also the `rows` `(ADDED,)`, FREE where there is none."""
    new = rows != FREE
    slots = jnp.where(new, (replaced.rows != FREE).sum() + jnp.cumsum(new) - 1, ROOM)
    columns = borrowed.columns(rows).astype(replaced.columns.dtype)
    return Replaced(
        replaced.rows.at[slots].set(rows, mode="drop"),
        replaced.columns.at[:, slots].set(columns.reshape(-1, ADDED), mode="drop"),
        replaced.along.at[slots].set(jax.vmap(borrowed.along, -1)(columns), mode="drop"),
    )
