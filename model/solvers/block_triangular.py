"""Linear systems that are block lower triangular once their rows and columns are put in order.

The equations of a quarter often give some unknowns outright and need others only once the rest is known. Each block is
then solved given those before it; a block that is diagonal is divided by, any other is inverted.
"""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array


class Block(NamedTuple):
    """Equations `rows` that find the unknowns `columns`, given all blocks before; `diagonal`: each finds its own."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    diagonal: bool = False


class BlockFactor(NamedTuple):
    """Factor of matrices (..., n, n), one entry a block."""

    inverses: tuple[Array, ...]  # (..., k, k), or (..., k) of a diagonal block
    couplings: tuple[Array, ...]  # (..., k, unknowns of all blocks before)


def one_block(n):
    """No structure: all `n` unknowns at once."""
    return (Block(tuple(range(n)), tuple(range(n))),)


def factorise(matrix, blocks):
    """Factor of `matrix` (..., n, n), which is block lower triangular in the order `blocks`."""
    inverses, couplings, before = [], [], ()
    for block in blocks:
        rows = matrix[..., np.array(block.rows), :]
        own = rows[..., np.array(block.columns)]
        inverses.append(1 / jnp.diagonal(own, axis1=-2, axis2=-1) if block.diagonal else jnp.linalg.inv(own))
        couplings.append(rows[..., np.array(before, int)])
        before += block.columns
    return BlockFactor(tuple(inverses), tuple(couplings))


def solve(factor, right, blocks):
    """Solutions (..., n, m) of matrix @ solution = `right` (..., n, m)."""
    known = None
    for block, inverse, coupling in zip(blocks, *factor, strict=True):
        rest = right[..., np.array(block.rows), :]
        if known is not None:
            rest = rest - coupling @ known
        own = inverse[..., None] * rest if block.diagonal else inverse @ rest
        known = own if known is None else jnp.concatenate([known, own], -2)
    found = np.concatenate([block.columns for block in blocks])
    return known[..., np.argsort(found), :]
