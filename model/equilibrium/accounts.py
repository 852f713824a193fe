"""Accounting of a quarter. The identities are evidence: nothing here is imposed on the solution."""

from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.axes import SECTOR, USER
from model.core.fields import ByName
from model.core.types import Real

T, A = SECTOR.index("T"), SECTOR.index("A")
HOMES = USER.index("H")


class Expenditure(NamedTuple):
    """Final expenditure as quantities and prices `(component,)`; imports are negative quantities."""

    quantity: Array
    price: Array

    @property
    def value(self) -> Float[Real, "... component"]:
        return self.quantity * self.price


COMPONENTS = (
    "goods", "childcare", "housing_services", "electricity", "traditional_investment", "ai_investment",
    "housing_investment", "generation_gas", "generation_nuclear", "generation_renewable", "grid", "interconnection",
    "on_site_power", "purchases", "exports", "ai_exports", "imports",
)  # fmt: skip
CONSUMED = 4
AI_EXPORTS = COMPONENTS.index("ai_exports")


class Accounts(NamedTuple):
    gdp: Array  # [quarterly GDP], expenditure side
    goods_market: Array  # [quarterly GDP], the market left out of the system: excess supply of final goods
    gdp_gap: Array  # [quarterly GDP], expenditure less income
    flow_of_funds: Array  # [quarterly GDP], net wealth less what backs it
    electricity_gap: Array  # [annual electricity], generation less use
    wealth_conserved: Array  # [quarterly GDP], wealth received over all savers less wealth held with its return


def expenditure(p: ByName, now: Any) -> Expenditure:
    """Final expenditure by component."""
    spent, invested = now.spending, now.investment
    equipment_price = invested.gross_price[A]
    power_price = 1 + p.energy.build_copper * (now.x.energy.copper_price - 1)
    grid_price = 1 + p.energy.grid_copper * (now.x.energy.copper_price - 1)
    one = jnp.asarray(1.0)
    imported_price = one + (now.chips.margin - now.chips.base_margin) / (1 - p.production.equipment_copper)
    rows = (
        (spent.goods, one + p.government.consumption_tax),
        (spent.childcare, now.final_good.traditional_price),
        (now.housing_in_use, spent.rent),
        (spent.electricity, now.electricity_prices.delivered[HOMES]),
        (invested.spending[T] + invested.adjustment[T], one),
        (now.cash_flows.equipment, equipment_price),
        (now.housing.investment, one),
        *zip(now.generation.cost, power_price, strict=True),
        (now.grid.cost, grid_price),
        (now.interconnection.cost, one),
        (now.on_site_power.cost, one),
        (now.fiscal.purchases, one),
        (now.trade.exports, one),
        (now.ai_exports, now.x.production.ai_price),
        (-now.trade.imports / imported_price, imported_price),
    )
    return Expenditure(*(jnp.stack([jnp.asarray(v) for v in column]) for column in zip(*rows, strict=True)))


def accounts(p: ByName, now: Any) -> Accounts:
    """Both sides of GDP and the identities that must hold to rounding."""
    gdp = expenditure(p, now).value.sum()
    return Accounts(
        gdp=gdp,
        goods_market=_goods_market(p, now),
        gdp_gap=gdp - _gdp_income(p, now),
        flow_of_funds=_flow_of_funds(p, now),
        electricity_gap=now.dispatch.generation.sum()
        + p.energy.legacy_generation * now.e.energy.legacy
        - now.traditional.electricity
        - now.spending.electricity
        - now.x.production.data_centre_electricity
        + now.on_site_power.generation,
        wealth_conserved=_wealth_conserved(p, now),
    )


def _goods_market(p, now):
    """D less all uses of final goods."""
    invested, power, on_site = now.investment, now.dispatch, now.on_site_power
    equipment = (1 - p.production.equipment_copper - now.chips.base_margin) * now.cash_flows.equipment
    builds = ((1 - p.energy.build_copper) * now.generation.cost).sum() + (1 - p.energy.grid_copper) * now.grid.cost
    uses = (
        now.spending.goods + now.fiscal.purchases + invested.spending[T] + invested.adjustment[T] + equipment
        + now.housing.investment + builds + now.interconnection.cost + now.copper.cost + on_site.cost + on_site.upkeep
        + power.fuel_cost + power.variable_cost + power.upkeep + now.adoption.cost
        + now.trade.exports - now.trade.imported_goods
    )  # fmt: skip
    return now.x.production.final_output - uses


def _gdp_income(p, now):
    """Wages, gross profits of both sectors, rents and taxes on goods."""
    cash, invested = now.cash_flows, now.investment
    capital_spending = invested.spending[T] + invested.adjustment[T] + invested.net_price[A] * cash.equipment
    builds = now.generation.spending.sum() + now.grid.spending + now.interconnection.cost + now.on_site_power.cost
    private = capital_spending + builds - cash.power_subsidies
    rents = now.spending.rent * now.housing_in_use + p.government.consumption_tax * now.spending.goods
    return now.labour.wage_bill + cash.pre_tax.sum() + private + rents


def _flow_of_funds(p, now):
    """Net wealth of households and foreigners less the market value of everything they can hold."""
    held = now.owned.sum() + now.x.rest_of_world.foreign_claims
    return held - now.supply.liquid - now.supply.bonds - now.supply.risky.sum()


def _wealth_conserved(p, now):
    savers, growth = p.households.savers, p.production.trend_growth
    received = (savers * now.spending.received).sum()
    return received - (savers * now.group_return * now.lag.households.wealth).sum() / growth


def as_measured(quantity: Float[Real, "... component"], price: Float[Real, "... component"]) -> tuple[Real, Real]:
    """Quantities and prices `(..., component)` with AI services at the price of final goods, 1: their value is their quantity."""
    abroad = jnp.arange(len(COMPONENTS)) == AI_EXPORTS
    return jnp.where(abroad, quantity * price, quantity), jnp.where(abroad, 1.0, price)


def fisher_index(
    quantity: Float[Real, "quarter component"],
    price: Float[Real, "quarter component"],
    base_quantity: Float[Real, "component"],
    base_price: Float[Real, "component"],
) -> Float[Array, "quarter"]:
    """Chained Fisher quantity index `(T,)`, base quarter = 1; quantities and prices are `(T, component)` (Fisher, 1922)."""
    q, p = jnp.concatenate([base_quantity[None], quantity]), jnp.concatenate([base_price[None], price])
    laspeyres = (p[:-1] * q[1:]).sum(1) / (p[:-1] * q[:-1]).sum(1)
    paasche = (p[1:] * q[1:]).sum(1) / (p[1:] * q[:-1]).sum(1)
    return jnp.cumprod(jnp.sqrt(laspeyres * paasche))
