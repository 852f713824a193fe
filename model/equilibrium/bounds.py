"""The bounds of the economy: what binds has a rent (E.9-11)."""

from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.axes import SECTOR
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.energy.grid import grid_bound
from model.energy.interconnection import interconnection_bound
from model.production.chip_limit import gpu_bound


class Bounds(NamedTuple):
    """Rent and slack `(2,)` of each bound, whose product is held at eps squared."""

    grid: Real
    interconnection: Real
    gpu: Real | None  # None where chips have a price

    @property
    def sides(self) -> Float[Array, "... bound 2"]:
        """`(..., bound, 2)`."""
        return jnp.stack([side for side in self if side is not None], -2)

    @property
    def products(self) -> Float[Array, "... bound"]:
        return self.sides.prod(-1)


def bounds(p: ByName, now: Any, unused_grid: Scalar) -> Bounds:
    """Rents of grid, connections and chips against what is left of them."""
    x, ai_investment = now.x, now.investment.spending[SECTOR.index("A")]
    off_grid = now.on_site_power.generation
    unused_connections = now.interconnection_in_use + off_grid - x.production.data_centre_electricity
    limited = not hasattr(p, "chips")
    return Bounds(
        grid_bound(p.energy, x.energy.grid_rent, unused_grid),
        interconnection_bound(p.energy, x.energy.interconnection_rent, unused_connections),
        gpu_bound(p.production, now.e.production, x.production.gpu_rent, ai_investment) if limited else None,
    )
