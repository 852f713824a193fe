"""What firms earn and pay out, and what subsidies they receive."""

from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.axes import SECTOR, SKILL, USER
from model.core.fields import ByName
from model.core.types import Real

T, A = SECTOR.index("T"), SECTOR.index("A")
HOMES, DATA_CENTRES = USER.index("H"), USER.index("A")
HIGH = SKILL.index("H")


class CashFlows(NamedTuple):
    pre_tax: Array  # [quarterly GDP] (sector,)
    dividends: Array  # [quarterly GDP] (sector,), with net buybacks
    equipment: Array  # [quarterly GDP], AI equipment before the price of copper
    power_subsidies: Array  # [quarterly GDP], for plants, wires and connections
    ai_subsidy: Array  # [quarterly GDP]

    @property
    def subsidies(self) -> Float[Real, "..."]:
        """All that the public pays."""
        return self.power_subsidies + self.ai_subsidy


def cash_flows(p: ByName, now: Any) -> CashFlows:
    """`CashFlows` of both sectors.

    Utilities, generators, mines, gas fields and wires belong to traditional equity; chip makers at home and power plants of
    data centres to that of AI.
    """
    share, invested, connections = now.fiscal.subsidies, now.investment, now.interconnection
    equipment = invested.spending[A] + invested.adjustment[A]
    of_plants_and_wires = (share.generation * now.generation.spending).sum() + share.grid * now.grid.spending
    of_connections = share.interconnection * connections.cost
    power_investment = now.generation.spending.sum() + now.grid.spending - of_plants_and_wires
    traditional = (
        _traditional_margin(now)
        - invested.spending[T]
        - invested.adjustment[T]
        + _utilities(now)
        - power_investment
        + _mines(p, now)
    )
    ai = (
        _ai_margin(now)
        + _chip_makers(p, now, equipment)
        - invested.net_price[A] * equipment
        - connections.cost
        + of_connections
        - (now.on_site_power.cost - now.on_site_power.subsidy)
    )
    pre_tax = jnp.stack([traditional, ai])
    return CashFlows(
        pre_tax,
        (1 - now.fiscal.profit_tax) * pre_tax,
        equipment,
        of_plants_and_wires + of_connections + now.on_site_power.subsidy,
        share.ai * invested.gross_price[A] * equipment,
    )


def _traditional_margin(now):
    sales = now.final_good.traditional_price * now.traditional.output
    wages = (now.x.production.wage * now.tasks.hours).sum()
    return sales - wages - now.x.production.ai_price * now.tasks.ai_services.sum() - now.adoption.cost


def _ai_margin(now):
    y, on_site, price = now.x.production, now.on_site_power, now.electricity_prices.delivered[DATA_CENTRES]
    power = price * (y.data_centre_electricity - on_site.generation)
    power = power + now.dispatch.fuel_price * on_site.fuel + on_site.upkeep
    return y.ai_price * now.ai.output - y.wage[HIGH] * now.ai.hours - power


def _chip_makers(p, now, equipment):
    """What is left at home of the margin on chips."""
    imported = p.rest_of_world.import_share * now.e.rest_of_world.import_share
    return (1 - imported) * now.chips.margin * equipment


def _utilities(now):
    """Electricity and fuel sold to households and data centres, less what it costs to make all of it."""
    delivered, power, on_site = now.electricity_prices.delivered, now.dispatch, now.on_site_power
    sales = delivered[HOMES] * now.spending.electricity + power.fuel_price * on_site.fuel
    sales += delivered[DATA_CENTRES] * (now.x.production.data_centre_electricity - on_site.generation)
    return sales - (power.fuel_cost + power.variable_cost + power.upkeep)


def _mines(p, now):
    return now.x.energy.copper_price * (now.copper.demand - p.energy.other_copper) - now.copper.cost
