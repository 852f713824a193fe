"""Bulk grid: regulated expansion that responds to its scarcity rent (E.9, E.66-67)."""

from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.equations import equation
from model.core.fields import ByName
from model.core.formulas import fischer_burmeister
from model.core.types import Real, Scalar
from model.energy import time_to_build
from model.energy.declarations import Instruments, Parameters


class GridExpansion(NamedTuple):
    starts: Real  # [annual electricity per quarter]
    cost: Real  # [quarterly GDP at base copper price]
    spending: Real  # [quarterly GDP]


def grid_expansion(p: Parameters, e: Instruments, grid_rent: Scalar, copper_price: Scalar) -> GridExpansion:
    """Planned starts, raised in proportion to the rent relative to the retail price."""
    pressure = (grid_rent - p.base_grid_rent) / p.base_retail_price
    NG = p.grid_base_starts * e.grid_starts * (1 + p.grid_rent_response * pressure)
    cost = p.grid_cost * NG
    return GridExpansion(NG, cost, (1 + p.grid_copper * (copper_price - 1)) * cost)


def grid_bound(p: Parameters, grid_rent: Scalar, unused: Scalar) -> Float[Array, "2"]:
    """Rent and slack of the grid `(2,)`, the rent relative to the retail price."""
    return jnp.stack([grid_rent / p.base_retail_price, unused])


@equation(9, "grid")
def grid_constraint(p: ByName, now: Any, lead: ByName) -> Scalar:
    """fb(muG / pE0, Gu - (E - BMu)) = 0"""
    return fischer_burmeister(*now.bounds.grid, smoothing=p.smoothing)


@equation(66, "grid_capacity")
def grid_capacity(p: ByName, now: Any, lead: ByName) -> Scalar:
    """G / ((1 - delG) Gu + psiG UGu) - 1 = 0"""
    e, stock = p.energy, now.x.energy.grid
    return time_to_build.stock_gap(
        stock, now.grid_in_use, e.grid_depreciation, now.grid_pipeline_in_use, e.grid_completion_rate
    )


@equation(67, "grid_pipeline")
def grid_pipeline(p: ByName, now: Any, lead: ByName) -> Scalar:
    """UG / ((1 - psiG) UGu + NG) - 1 = 0"""
    psiG, pipeline = p.energy.grid_completion_rate, now.x.energy.grid_pipeline
    return time_to_build.pipeline_gap(pipeline, now.grid_pipeline_in_use, psiG, now.grid.starts)
