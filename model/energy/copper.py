"""Copper: demand from equipment and wires against an isoelastic supply (E.72)."""

from typing import Any, NamedTuple

from jaxtyping import Float

from model.core.equations import equation
from model.core.fields import ByName
from model.core.formulas import isoelastic_cost
from model.core.types import Real, Scalar
from model.energy.declarations import Parameters


class Copper(NamedTuple):
    demand: Real  # [quarterly GDP at base price]
    cost: Real  # [quarterly GDP]


def copper_market(
    p: Parameters, equipment_demand: Scalar, generation_cost: Float[Real, "technology"], grid_cost: Scalar
) -> Copper:
    """Demand of AI equipment, generation, grid and others; cost is the integral of the supply curve."""
    demand = equipment_demand + (p.build_copper * generation_cost).sum() + p.grid_copper * grid_cost + p.other_copper
    return Copper(demand, isoelastic_cost(1.0, p.base_copper, demand, p.copper_supply_elasticity))


@equation(72, "copper_supply")
def copper_supply(p: ByName, now: Any, lead: ByName) -> Scalar:
    """pcu / (Dcu / Dcu0)^(1 / epscu) - 1 = 0"""
    e = p.energy
    return now.x.energy.copper_price / (now.copper.demand / e.base_copper) ** (1 / e.copper_supply_elasticity) - 1
