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
from jaxtyping import Float


class Block(NamedTuple):
    """Equations `rows` that find the unknowns `columns`, each its own, or in the last block, the core, together."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]


class Order:
    """Rows and columns in the order of the blocks, and each column's position in it."""

    def __init__(self, blocks: tuple[Block, ...]):
        self.blocks = blocks
        self.rows = np.concatenate([b.rows for b in blocks])
        self.columns = np.concatenate([b.columns for b in blocks])
        self.positions = np.argsort(self.columns)


class BlockFactor(NamedTuple):
    """Factor of matrices; tuples have one entry for each block before the core."""

    scales: tuple[Float[Array, "... block 1"], ...]  # inverse of the diagonal
    couplings: tuple[tuple[Float[Array, "... block earlier"], ...], ...]  # to each of the blocks before
    by_core: Float[Array, "... before core"]  # unknowns before the core by those of the core
    core_coupling: Float[Array, "... core before"]
    core: Float[Array, "... core core"]  # inverse of what is left of the core's equations


def one_block(n: int) -> tuple[Block, ...]:
    """No structure: all `n` unknowns at once."""
    return (Block(tuple(range(n)), tuple(range(n))),)


def factorise(matrix: Float[Array, "... unknowns unknowns"], blocks: tuple[Block, ...]) -> BlockFactor:
    """Factor of `matrix` with rows and columns in order."""
    bounds = _bounds(blocks)
    first = bounds.pop()[0]
    before, core = slice(first), slice(first, None)
    parts = [
        [matrix[..., slice(*rows), slice(*columns)] for columns in bounds[: i + 1]] for i, rows in enumerate(bounds)
    ]
    scales = tuple(1 / jnp.diagonal(own[-1], axis1=-2, axis2=-1)[..., None] for own in parts)
    couplings = tuple(tuple(own[:-1]) for own in parts)
    by_core = _explicit(scales, couplings, matrix[..., before, core], bounds)
    left = matrix[..., core, core] - matrix[..., core, before] @ by_core
    return BlockFactor(scales, couplings, by_core, matrix[..., core, before], _inverse(left))


def solve(
    factor: BlockFactor, right: Float[Array, "... unknowns rights"], blocks: tuple[Block, ...]
) -> Float[Array, "... unknowns rights"]:
    """Solutions of matrix @ solution = `right`."""
    bounds = _bounds(blocks)
    first = bounds.pop()[0]
    given = _explicit(factor.scales, factor.couplings, right, bounds)
    core = factor.core @ (right[..., first:, :] - factor.core_coupling @ given)
    return jnp.concatenate([given - factor.by_core @ core, core], -2)


def _explicit(scales, couplings, right, bounds):
    """Unknowns before the core (..., before, m), block by block, as if the core were zero."""
    found = [right[..., :0, :]]
    for scale, coupling, (start, end) in zip(scales, couplings, bounds, strict=True):
        known = sum((c @ k for c, k in zip(coupling, found[1:], strict=True)), start=jnp.zeros((), right.dtype))
        found.append(scale * (right[..., start:end, :] - known))
    return jnp.concatenate(found, -2)


def _inverse(matrix):
    """One matrix at a time: LAPACK calls for a batch wait for threads that other devices of the processor hold."""
    return lax.map(jnp.linalg.inv, matrix) if matrix.ndim == 3 else jnp.linalg.inv(matrix)


def _bounds(blocks):
    ends = np.cumsum([0, *(len(b.rows) for b in blocks)])
    return list(pairwise(ends))
