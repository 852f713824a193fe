"""Jacobians of programs that touch few inputs in each equation, for a batch of points at once.

The traced program is evaluated together with the local derivative of each operation. How these are multiplied and added up
is decided once, by `accumulation`, from the program alone and never from values, so the result is exact everywhere
(Griewank and Walther, 2008, chapter 9). Members of the batch lie on the last axis, where the processor's vector units work
along them.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float, Int

from model.core.types import Real
from model.solvers.jacobian.local_derivatives import Trace

WIDTH = 64  # multiply-adds at a time
Chosen = slice | Int[np.ndarray, "_"]


class Entries(NamedTuple):
    """All entries of a batch of Jacobians that can differ from zero, and where they belong; a last value is zero."""

    values: Array  # (entries + 1, batch)
    rows: np.ndarray
    columns: np.ndarray
    shape: tuple[int, int]  # rows, columns of one Jacobian

    def members(self, chosen: slice) -> "Entries":
        """The entries of a slice of the batch."""
        return self._replace(values=self.values[:, chosen])

    def dense(self, rows: Chosen = slice(None), columns: Chosen = slice(None)) -> Float[Array, "batch rows columns"]:
        """The Jacobians' chosen rows and columns."""
        source = np.full(self.shape, len(self.rows))
        source[self.rows, self.columns] = np.arange(len(self.rows))
        chosen = source[rows][:, columns]
        return self.values[chosen.ravel()].T.reshape(self.values.shape[-1], *chosen.shape)


def batch_jacobian(
    function: Callable[..., Array], given: Any, *arguments: Float[Array, "_ batch"], dtype: Any
) -> Entries:
    """`Entries`, in `dtype`, of the derivatives of the vector `function(given, *vectors)` by the concatenated vectors.

    Every leaf of `given` and every argument has the batch as its last axis; what the function closes over has none.
    """
    member = jax.tree.map(lambda a: a[..., 0], (given, arguments))
    traced = jax.make_jaxpr(lambda given, arguments: function(given, *arguments))(*member)
    leaves = jax.tree.leaves(given)
    bounds = np.cumsum([0, *(len(a) for a in arguments)])
    seeds = [np.arange(a + 1, b + 1) for a, b in pairwise(bounds)]
    trace = Trace(int(bounds[-1]))
    outputs = []

    def derivatives(*inputs):
        trace.derivatives.clear()
        outputs[:] = trace.evaluate(traced.jaxpr, traced.consts, inputs, [None] * len(leaves) + seeds)[1]
        return trace.derivatives

    local = jax.vmap(derivatives, -1)(*leaves, *arguments)
    size = traced.jaxpr.outvars[0].aval.size
    recipe = trace.graph.recipe([0] * size if outputs[0] is None else list(outputs[0]), WIDTH)
    shape = (size, int(bounds[-1]))
    return Entries(_accumulated(recipe, local, arguments[0].shape[-1], dtype), recipe.rows, recipe.columns, shape)


def dense_jacobian(
    function: Callable[..., Sequence[Array]], *arguments: Float[Real, "_"]
) -> tuple[Sequence[Array], Sequence[Array]]:
    """Outputs (vectors) of `function(*vectors)` and, for each, its derivative by the concatenated vectors; no batch."""
    bounds = np.cumsum([len(a) for a in arguments])[:-1]

    def stacked(vector):
        outputs = function(*jnp.split(vector, bounds))
        return outputs, outputs

    jacobians, outputs = jax.jacfwd(stacked, has_aux=True)(jnp.concatenate(arguments))
    return outputs, jacobians


def _accumulated(recipe, local, batch, dtype):
    """Values of the entries, and a zero, `(entries + 1, batch)`, from local derivatives `(batch, ...)`."""
    local = lax.optimization_barrier(local)  # else each is computed once more wherever it is used
    given = (
        jnp.concatenate([d.reshape(batch, -1) for d in local], 1).astype(dtype).T
        if local
        else jnp.zeros((0, batch), dtype)
    )
    ends = jnp.tile(jnp.array([[0.0], [1.0]], dtype), batch)
    steps, _, width = recipe.operands.shape
    first = len(ends) + len(recipe.used)
    values = jnp.concatenate([ends, given[recipe.used], jnp.zeros((steps * width, batch), dtype)])
    operands, signs = jnp.asarray(recipe.operands), jnp.asarray(recipe.signs, dtype)

    def step(i, values):
        a, b, c, d = (values.at[operands[i, k]].get(mode="promise_in_bounds") for k in range(4))
        new = signs[i, 0, :, None] * a * b + signs[i, 1, :, None] * c * d
        return lax.dynamic_update_slice(values, new, (first + i * width, 0))

    values = lax.fori_loop(0, steps, step, values) if steps else values
    entries = jnp.asarray(recipe.entry_signs, dtype)[:, None] * values[recipe.entries]
    return jnp.concatenate([entries, jnp.zeros((1, batch), dtype)])
