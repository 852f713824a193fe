"""Linear systems that are block lower triangular once their rows and columns are put in order.

The equations of a quarter often give some unknowns outright and need others only once the rest is known. Each block is
then solved given those before it; a block that is diagonal is divided by, any other is inverted.
"""

from itertools import pairwise
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array, lax


class Block(NamedTuple):
    """Equations `rows` that find the unknowns `columns`, given all blocks before; `diagonal`: each finds its own."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    diagonal: bool = False


class Order:
    """Rows and columns in the order of the blocks, and each column's position in it."""

    def __init__(self, blocks):
        self.blocks = blocks
        self.rows = np.concatenate([b.rows for b in blocks])
        self.columns = np.concatenate([b.columns for b in blocks])
        self.positions = np.argsort(self.columns)


class BlockFactor(NamedTuple):
    """Factor of matrices (..., n, n), one entry a block."""

    inverses: tuple[Array, ...]  # (..., k, k), or (..., k) of a diagonal block
    couplings: tuple[Array, ...]  # (..., k, unknowns of all blocks before)


def one_block(n):
    """No structure: all `n` unknowns at once."""
    return (Block(tuple(range(n)), tuple(range(n))),)


def factorise(matrix, blocks):
    """Factor of `matrix` (..., n, n), block lower triangular, with rows and columns in order."""
    inverses, couplings = [], []
    for block, (a, b) in zip(blocks, _bounds(blocks), strict=True):
        own = matrix[..., a:b, a:b]
        inverses.append(1 / jnp.diagonal(own, axis1=-2, axis2=-1) if block.diagonal else _inverse(own))
        couplings.append(matrix[..., a:b, :a])
    return BlockFactor(tuple(inverses), tuple(couplings))


def solve(factor, right, blocks):
    """Solutions (..., n, m) of matrix @ solution = `right` (..., n, m)."""
    known = right[..., :0, :]
    for block, (a, b), inverse, coupling in zip(blocks, _bounds(blocks), *factor, strict=True):
        rest = right[..., a:b, :]
        if a:
            rest = rest - coupling @ known
        own = inverse[..., None] * rest if block.diagonal else inverse @ rest
        known = jnp.concatenate([known, own], -2)
    return known


def _inverse(matrix):
    """One matrix at a time: LAPACK calls for a batch wait for threads that other devices of the processor hold."""
    return lax.map(jnp.linalg.inv, matrix) if matrix.ndim == 3 else jnp.linalg.inv(matrix)


def _bounds(blocks):
    ends = np.cumsum([0, *(len(b.rows) for b in blocks)])
    return tuple(pairwise(ends))
