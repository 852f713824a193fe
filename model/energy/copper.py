"""Copper: demand from equipment and wires against an isoelastic supply (E.72)."""

from typing import NamedTuple

from jax import Array

from model.core.equations import equation
from model.core.formulas import isoelastic_cost


class Copper(NamedTuple):
    demand: Array  # [quarterly GDP at base price]
    cost: Array  # [quarterly GDP]


def copper_market(p, equipment_demand, generation_cost, grid_cost):
    """Demand of AI equipment, generation, grid and others; cost is the integral of the supply curve."""
    demand = equipment_demand + (p.build_copper * generation_cost).sum() + p.grid_copper * grid_cost + p.other_copper
    return Copper(demand, isoelastic_cost(1.0, p.base_copper, demand, p.copper_supply_elasticity))


@equation(72, "copper_supply")
def copper_supply(p, now, lead):
    """pcu / (Dcu / Dcu0)^(1 / epscu) - 1 = 0"""
    e = p.energy
    return now.x.energy.copper_price / (now.copper.demand / e.base_copper) ** (1 / e.copper_supply_elasticity) - 1
