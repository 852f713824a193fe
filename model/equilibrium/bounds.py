"""The three bounds of the economy: what binds has a rent (E.9-11)."""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from model.core.axes import SECTOR
from model.core.formulas import fischer_burmeister

A = SECTOR.index("A")


class Complementarity(NamedTuple):
    """Residuals of the three bounds, and the rent and slack whose product they hold at eps squared."""

    grid: Array
    interconnection: Array
    gpu: Array
    sides: Array  # [1] (bound, 2), rent and slack of (grid, interconnection, gpu)

    @property
    def products(self):
        return self.sides.prod(-1)


def complementarity(p, now, grid_slack):
    """Rents of grid, connections and chips against what is left of them."""
    x, limit = now.x, p.production.gpu_limit
    unused = now.interconnection_in_use - x.production.data_centre_electricity
    sides = (
        (x.energy.grid_rent / p.energy.base_retail_price, grid_slack),
        (x.energy.interconnection_rent / p.energy.base_retail_price, unused / p.energy.base_data_centre_electricity),
        (x.production.gpu_rent, (limit * now.e.production.gpu_supply - now.investment.spending[A]) / limit),
    )
    residuals = (fischer_burmeister(rent, slack, p.smoothing) for rent, slack in sides)
    return Complementarity(*residuals, jnp.array(sides))
