"""The three bounds of the economy: what binds has a rent (E.9-11)."""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from model.core.axes import SECTOR
from model.energy.grid import grid_bound
from model.energy.interconnection import interconnection_bound
from model.production.ai import gpu_bound


class Bounds(NamedTuple):
    """Rent and slack `(2,)` of each bound, whose product is held at eps squared."""

    grid: Array
    interconnection: Array
    gpu: Array

    @property
    def sides(self):
        """`(..., bound, 2)`."""
        return jnp.stack(self, -2)

    @property
    def products(self):
        return self.sides.prod(-1)


def bounds(p, now, unused_grid):
    """Rents of grid, connections and chips against what is left of them."""
    x, ai_investment = now.x, now.investment.spending[SECTOR.index("A")]
    unused_connections = now.interconnection_in_use - x.production.data_centre_electricity
    return Bounds(
        grid_bound(p.energy, x.energy.grid_rent, unused_grid),
        interconnection_bound(p.energy, x.energy.interconnection_rent, unused_connections),
        gpu_bound(p.production, now.e.production, x.production.gpu_rent, ai_investment),
    )
