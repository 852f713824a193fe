"""Investment in both sectors with adjustment costs, and housing construction (E.13-16, E.27)."""

from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Float

from model.core.axes import ASSET, EQUITY, SECTOR
from model.core.equations import equation, expectation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.production.chip_limit import Chips
from model.production.declarations import Parameters
from model.production.investment_inertia import Inertia

SECTOR_EQUITY = slice(ASSET.index(EQUITY.symbols[0]), ASSET.index(EQUITY.symbols[-1]) + 1)


class Investment(NamedTuple):
    rate: Real  # [per quarter] (sector,)
    spending: Real  # [quarterly GDP, before adjustment costs and the price of equipment] (sector,)
    adjustment: Real  # [quarterly GDP] (sector,)
    net_price: Real  # [final goods per unit, net of subsidy] (sector,)
    gross_price: Real  # [final goods per unit] (sector,)


class Housing(NamedTuple):
    investment: Real  # [quarterly GDP]
    construction: Real  # [quarterly GDP at base prices]
    land_rent: Real  # [quarterly GDP]


def equipment_price(copper_intensity: Scalar, copper_price: Scalar) -> Scalar:
    """Price of equipment with a share of copper in it: `1 + c (p_cu - 1)`."""
    return 1 + copper_intensity * (copper_price - 1)


def investment(
    p: Parameters,
    capital_in_use: Float[Real, "sector"],
    capital_value: Float[Real, "sector"],
    chips: Chips,
    copper_price: Scalar,
    ai_subsidy: Scalar,
    inertia: Inertia | None = None,
) -> Investment:
    """Investment rates from the value of capital net of the shadow rent of chips (Hayashi, 1982).

    Where there is `inertia`, it decides the investment of traditional firms, and its cost is one of adjustment.
    """
    equipment = equipment_price(p.equipment_copper, copper_price) + chips.margin - chips.base_margin
    gross = jnp.stack([jnp.ones_like(copper_price), equipment])
    net = gross * jnp.stack([jnp.ones_like(ai_subsidy), 1 - ai_subsidy])
    rent = jnp.stack([jnp.zeros_like(ai_subsidy), jnp.asarray(chips.shadow_rent)])
    i = p.base_investment_rate + ((capital_value - rent) / net - 1) / p.adjustment_cost
    if inertia is not None:
        i = jnp.stack([inertia.investment / capital_in_use[0], i[1]])
    adjustment = p.adjustment_cost / 2 * (i - p.base_investment_rate) ** 2 * capital_in_use
    if inertia is not None:
        adjustment = adjustment.at[0].add(inertia.cost)
    return Investment(i, i * capital_in_use, adjustment, net, gross)


def housing_construction(p: Parameters, house_price: Scalar) -> Housing:
    """Structures on scarce land; land rent goes to home owners."""
    vth, zH = p.land_share, p.housing_productivity
    IH = ((1 - vth) * zH * house_price) ** (1 / vth)
    hnew = zH * IH ** (1 - vth)
    return Housing(IH, hnew, house_price * hnew - IH)


@equation(13, "capital", SECTOR.subset("T"))
def traditional_capital(p: ByName, now: Any, lead: ByName) -> Float[Real, "1"]:
    """KT / ((1 - delT) KTu + IT) - 1 = 0"""
    return _capital_gap(p, now)[:1]


@equation(14, "capital_value", SECTOR.subset("T"))
def traditional_capital_value(p: ByName, now: Any, lead: ByName) -> Float[Real, "1"]:
    """qT R_T' (1 + invT) / (rKT' + (1 - delT) qT' + (phT/2) (iT'^2 - ibT^2)) - 1 = 0"""
    return _value_ratio(now, lead)[:1] * (1 + now.e.production.required_return) - 1


@equation(15, "capital", SECTOR.subset("A"))
def ai_capital(p: ByName, now: Any, lead: ByName) -> Float[Real, "1"]:
    """KA / ((1 - delA) KAu + IA) - 1 = 0"""
    return _capital_gap(p, now)[1:]


@equation(16, "capital_value", SECTOR.subset("A"))
def ai_capital_value(p: ByName, now: Any, lead: ByName) -> Float[Real, "1"]:
    """qA R_A' prem / (rKA' + (1 - delA) qA' + pIA' (1 - sA') (phA/2) (iA'^2 - ibA^2)) - 1 = 0, prem = 1 without debt"""
    return _value_ratio(now, lead)[1:] * now.finance_premium - 1


def _capital_gap(p, now):
    kept = (1 - p.production.depreciation) * now.capital_in_use
    return now.x.production.capital / (kept + now.investment.spending) - 1


def _value_ratio(now, lead):
    return now.x.production.capital_value * lead.returns[SECTOR_EQUITY] / lead.capital_payoff


@equation(27, "housing")
def housing(p: ByName, now: Any, lead: ByName) -> Scalar:
    """Hs / ((1 - delH) Hu + hnew) - 1 = 0"""
    kept = (1 - p.production.housing_depreciation) * now.housing_in_use
    return now.x.production.housing / (kept + now.housing.construction) - 1


@expectation(SECTOR)
def capital_payoff(p: ByName, now: Any) -> Float[Real, "sector"]:
    """What a unit of capital pays [final goods]: rental, remaining value and saved adjustment cost."""
    pr, invested = p.production, now.investment
    rental = jnp.stack([now.traditional.capital_rental, now.ai.capital_rental])
    saved = invested.net_price * pr.adjustment_cost / 2 * (invested.rate**2 - pr.base_investment_rate**2)
    return rental + (1 - pr.depreciation) * now.x.production.capital_value + saved
