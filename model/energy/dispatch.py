"""Delivered prices, merit order and the market for electricity (E.8)."""

from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Float

from model.core.axes import USER
from model.core.equations import equation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.energy.declarations import Instruments, Parameters


class ElectricityPrices(NamedTuple):
    delivered: Real  # [final goods per unit] (user,), what each user pays in cash
    data_centre_shadow: Real  # [final goods per unit], cash price plus the interconnection rent


class Dispatch(NamedTuple):
    electricity: Real  # [annual electricity]
    gas_generation: Real  # [annual electricity]
    generation: Real  # [annual electricity] (technology,)
    utilisation: Real  # [share of gas capacity]
    fuel_price: Scalar  # [final goods per unit of electricity that central gas plants make of it]
    marginal_cost: Real  # [final goods per unit of electricity]
    fuel_cost: Real  # [quarterly GDP]
    variable_cost: Real  # [quarterly GDP]
    upkeep: Real  # [quarterly GDP]
    capacity_rental: Real  # [final goods per unit of capacity in use] (technology,)


def delivered_prices(
    p: Parameters, wholesale_price: Scalar, grid_rent: Scalar, interconnection_rent: Scalar, tariff_level: Scalar
) -> ElectricityPrices:
    """Wholesale price, tariff and grid rent; the interconnection rent is a shadow price inside AI firms."""
    delivered = wholesale_price + tariff_level * p.tariff + grid_rent
    return ElectricityPrices(delivered, delivered[USER.index("A")] + interconnection_rent)


def fuel_price(p: Parameters, e: Instruments, fuel: Scalar) -> Scalar:
    """Upward-sloping fuel supply."""
    return p.fuel_price * e.fuel_price * (fuel / p.base_gas_generation) ** (1 / p.fuel_supply_elasticity)


def mining_load(e: Instruments, crypto_value: Scalar) -> Scalar:
    """Electricity of crypto mining beyond that at base prices, in proportion to the value of crypto (base = 1).

    Mining belongs to traditional firms, which own the utilities too: it costs them the fuel it burns.
    """
    return e.mining * (crypto_value - 1)


def dispatch(
    p: Parameters,
    e: Instruments,
    electricity: Float[Real, ""],
    wholesale_price: Scalar,
    capacity_in_use: Float[Real, "technology"],
    grid_in_use: Scalar,
    other_fuel: Scalar,
) -> Dispatch:
    """Gas is the residual producer with a convex cost of utilisation; others run at their yield.

    `electricity` is what the grid carries, `other_fuel` what plants off the grid burn; the cost of fuel is that of both.
    """
    chi, bg, pw, Eg0 = p.dispatch_convexity, p.gas_cost_slope, wholesale_price, p.base_gas_generation
    Kgas, Knuc, Kvre = capacity_in_use
    legacy = p.legacy_generation * e.legacy
    nuclear, renewable = p.nuclear_yield * Knuc, p.renewable_yield * Kvre
    Eg = electricity - nuclear - renewable - legacy
    ug = Eg / Kgas
    power = 1 + 1 / p.fuel_supply_elasticity
    fuel = Eg + other_fuel
    Cf = p.fuel_price * e.fuel_price * Eg0 * (fuel / Eg0) ** power / power
    Cv = bg * ug ** (chi + 1) / (chi + 1) * Kgas
    OM = (
        p.nuclear_upkeep * nuclear
        + p.renewable_upkeep * renewable
        + p.legacy_upkeep * legacy
        + p.grid_upkeep * grid_in_use
    )
    rental = jnp.stack(
        [
            bg * ug ** (chi + 1) * chi / (chi + 1),
            p.nuclear_yield * (pw - p.nuclear_upkeep),
            p.renewable_yield * (pw - p.renewable_upkeep),
        ]
    )
    generation = jnp.stack([Eg, nuclear, renewable])
    pf = fuel_price(p, e, fuel)
    return Dispatch(electricity, Eg, generation, ug, pf, pf + bg * ug**chi, Cf, Cv, OM, rental)


@equation(8, "dispatch")
def marginal_cost_of_gas(p: ByName, now: Any, lead: ByName) -> Scalar:
    """mcg / pw - 1 = 0"""
    return now.dispatch.marginal_cost / now.x.energy.wholesale_price - 1
