"""Linear systems of which most unknowns follow in order from a few, their core.

The equations of a quarter often give an unknown outright once others are known. Put in the order of elimination, such
unknowns come first, in blocks that are each diagonal and need only earlier blocks and the core; the core comes last and
is the one dense system left. It is the method of tearing (Kron, 1963).
"""

from itertools import pairwise
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array, lax


class Block(NamedTuple):
    """Equations `rows` that find the unknowns `columns`, each its own, or in the last block, the core, together."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]


class Order:
    """Rows and columns in the order of the blocks, and each column's position in it."""

    def __init__(self, blocks):
        self.blocks = blocks
        self.rows = np.concatenate([b.rows for b in blocks])
        self.columns = np.concatenate([b.columns for b in blocks])
        self.positions = np.argsort(self.columns)


class BlockFactor(NamedTuple):
    """Factor of matrices (..., n, n); tuples have one entry for each block before the core."""

    scales: tuple[Array, ...]  # (..., k, 1), inverse of the diagonal
    couplings: tuple[tuple[Array, ...], ...]  # (..., k, l), to each of the blocks before
    by_core: tuple[Array, ...]  # (..., k, core), unknowns by those of the core
    core_couplings: tuple[Array, ...]  # (..., core, k)
    core: Array  # (..., core, core), inverse of what is left of the core's equations


def one_block(n):
    """No structure: all `n` unknowns at once."""
    return (Block(tuple(range(n)), tuple(range(n))),)


def factorise(matrix, blocks):
    """Factor of `matrix` (..., n, n) with rows and columns in order."""
    *bounds, (core, _) = _bounds(blocks)

    def part(rows, columns):
        return matrix[..., slice(*rows), slice(*columns)]

    rest = (core, None)
    scales = tuple(1 / jnp.diagonal(part(b, b), axis1=-2, axis2=-1)[..., None] for b in bounds)
    couplings = tuple(tuple(part(b, before) for before in bounds[:i]) for i, b in enumerate(bounds))
    by_core = _explicit(scales, couplings, [part(b, rest) for b in bounds])
    core_couplings = tuple(part(rest, b) for b in bounds)
    left = _less(part(rest, rest), core_couplings, by_core)
    return BlockFactor(scales, couplings, by_core, core_couplings, _inverse(left))


def solve(factor, right, blocks):
    """Solutions (..., n, m) of matrix @ solution = `right` (..., n, m)."""
    *own, core = (right[..., a:b, :] for a, b in _bounds(blocks))
    given = _explicit(factor.scales, factor.couplings, own)
    core = factor.core @ _less(core, factor.core_couplings, given)
    return jnp.concatenate([*(x - by @ core for x, by in zip(given, factor.by_core, strict=True)), core], -2)


def _explicit(scales, couplings, right):
    """Unknowns before the core, block by block, as if the core were zero."""
    found = ()
    for scale, coupling, own in zip(scales, couplings, right, strict=True):
        found += (scale * _less(own, coupling, found),)
    return found


def _less(own, couplings, known):
    return own - sum(c @ k for c, k in zip(couplings, known, strict=True)) if known else own


def _inverse(matrix):
    """One matrix at a time: LAPACK calls for a batch wait for threads that other devices of the processor hold."""
    return lax.map(jnp.linalg.inv, matrix) if matrix.ndim == 3 else jnp.linalg.inv(matrix)


def _bounds(blocks):
    ends = np.cumsum([0, *(len(b.rows) for b in blocks)])
    return tuple(pairwise(ends))
