"""The stages of a quarter at which blocks meet: each hands one block's numbers to the next."""

from typing import Any

import jax.numpy as jnp

from model.core.axes import ASSET, LISTED_ASSET, SECTOR, SKILL, USER
from model.core.fields import ByName
from model.energy.cooling import power_usage_effectiveness
from model.energy.copper import copper_market
from model.energy.dispatch import delivered_prices, dispatch, mining_load
from model.energy.generation import generation_starts
from model.energy.grid import grid_expansion
from model.energy.interconnection import interconnection_applications
from model.equilibrium.bounds import bounds
from model.equilibrium.cash_flows import cash_flows
from model.equilibrium.quarter import Quarter
from model.government.budget import public_budget
from model.government.policy import benefits, bond_share, fiscal_policy
from model.government.politics import inequality_index, inequality_ratios
from model.households.groups import aged_wealth, heads, owned, spending
from model.portfolio.demand import asset_demand, asset_supply, portfolio_shares
from model.portfolio.returns import liquid_return, realised_returns
from model.production.ai import ai_firms
from model.production.final_good import final_good
from model.production.investment import housing_construction, investment
from model.production.labour import labour_market
from model.production.tasks import tasks
from model.production.traditional import traditional_firms
from model.rest_of_world.trade import trade

T, A = SECTOR.index("T"), SECTOR.index("A")
FIRMS, HOMES = USER.index("T"), USER.index("H")
HIGH = SKILL.index("H")
CRYPTO = LISTED_ASSET.index("C")


def stocks_stage(p: ByName, now: Quarter) -> dict[str, Any]:
    growth, lag = p.production.trend_growth, now.lag
    return {
        "capital_in_use": lag.production.capital / growth,
        "housing_in_use": lag.production.housing / growth,
        "capacity_in_use": lag.energy.capacity / growth,
        "pipeline_in_use": lag.energy.pipeline / growth,
        "grid_in_use": lag.energy.grid / growth,
        "grid_pipeline_in_use": lag.energy.grid_pipeline / growth,
        "interconnection_in_use": lag.energy.interconnection / growth,
        "interconnection_pipeline_in_use": lag.energy.interconnection_pipeline / growth,
    }


def production_stage(p: ByName, now: Quarter) -> dict[str, Any]:
    """Both sectors, their electricity and their labour."""
    y, en, e = now.x.production, now.x.energy, now.e
    adopted = {"open_share": now.lag.adoption.open_share} if hasattr(p, "adoption") else {}
    work = tasks(p.production, e.production, y.ai_price, y.wage, y.labour_composite, adopted.get("open_share"))
    tariff_level = now.lag.network_tariff.level if hasattr(p, "network_tariff") else 1.0
    prices = delivered_prices(p.energy, en.wholesale_price, en.grid_rent, en.interconnection_rent, tariff_level)
    traditional = traditional_firms(
        p.production,
        e.production,
        now.capital_in_use[T],
        y.labour_composite,
        work.labour_price,
        prices.delivered[FIRMS],
    )
    pue = power_usage_effectiveness(p.energy, e.energy, prices.data_centre_shadow)
    ai = ai_firms(
        p.production,
        e.production,
        y.ai_price,
        y.wage[HIGH],
        now.capital_in_use[A],
        y.data_centre_electricity,
        p.energy.base_power_usage_effectiveness / pue,
    )
    return {
        "final_good": final_good(p.production, y.ai_price, y.final_output),
        "tasks": work,
        "electricity_prices": prices,
        "traditional": traditional,
        "power_usage_effectiveness": pue,
        "ai": ai,
        "labour": labour_market(p.production, y.wage, work.hours, ai.hours),
        **adopted,
    }


def inflation_stage(p: ByName, now: Quarter) -> dict[str, Any]:
    """Of both sticky prices, relative to the target, and what inflation leaves of the return on liquid assets."""
    y, lag = now.x.production, now.lag.production
    overall, target = now.x.central_bank.inflation, p.central_bank.inflation_target
    lag_price = final_good(p.production, lag.ai_price, 1.0).traditional_price
    return {
        "price_inflation": jnp.log(overall * now.final_good.traditional_price / lag_price / target),
        "wage_inflation": jnp.log(overall * y.wage / lag.wage / target),
        "liquid_return": liquid_return(p.portfolio, now.lag_e.portfolio, now.lag.central_bank.policy_rate, overall),
    }


def fiscal_stage(p: ByName, now: Quarter) -> dict[str, Any]:
    """Taxes and benefits."""
    e, x, lag, labour = now.e, now.x, now.lag, now.labour
    slack = labour.mean_unemployment - p.production.mean_natural_unemployment
    fiscal = fiscal_policy(
        p.government,
        e.government,
        lag.government,
        x.government,
        lag.production.final_output,
        x.production.final_output,
        p.production.base_final_output,
        slack,
        p.smoothing,
    )
    full_time_wage = _full_time_wage(p, now)
    return {
        "fiscal": fiscal,
        "benefits": benefits(
            p.government,
            e.government,
            x.government,
            fiscal.scale,
            full_time_wage,
            labour.unemployment,
            labour.mean_wage,
        ),
    }


def _full_time_wage(p, now):
    return jnp.outer(p.households.efficiency, now.x.production.wage)


def construction_stage(p: ByName, now: Quarter) -> dict[str, Any]:
    """Investment, homes, plants, wires and connections, the copper in them, and trade in equipment."""
    e, y, en, subsidies = now.e, now.x.production, now.x.energy, now.fiscal.subsidies
    invested = investment(
        p.production,
        now.capital_in_use,
        y.capital_value,
        now.chips,
        en.copper_price,
        subsidies.ai,
        now.inertia,
    )
    starts = generation_starts(p.energy, e.energy, en.pipeline_value, subsidies.generation, en.copper_price)
    wires = grid_expansion(p.energy, e.energy, en.grid_rent, en.copper_price)
    equipment = invested.spending[A] + invested.adjustment[A]
    return {
        "investment": invested,
        "housing": housing_construction(p.production, now.x.portfolio.house_price),
        "generation": starts,
        "grid": wires,
        "interconnection": interconnection_applications(
            p.energy, e.energy, en.interconnection_pipeline_value, subsidies.interconnection
        ),
        "copper": copper_market(p.energy, p.production.equipment_copper * equipment, starts.cost, wires.cost),
        "trade": trade(
            p.rest_of_world,
            e.rest_of_world,
            now.lag.rest_of_world.foreign_claims,
            equipment,
            1 - p.production.equipment_copper - now.chips.base_margin,
            now.chips.margin,
            now.fiscal.scale,
            p.production.trend_growth,
        ),
    }


def electricity_stage(p: ByName, now: Quarter) -> dict[str, Any]:
    """What households spend, and with it what power plants, grid and connections have to carry."""
    take_home = (1 - now.fiscal.labour_tax) * _full_time_wage(p, now) * now.labour.hours_rate
    income = now.benefits.by_group + jnp.concatenate([take_home, jnp.zeros((1, len(SKILL)))]).ravel()
    spent = spending(
        p.households,
        now.e.households,
        now.x.households.spending,
        income,
        now.balances.received - now.balances.kept,
        now.final_good.traditional_price,
        now.fiscal.subsidies.childcare,
        now.electricity_prices.delivered[HOMES],
        p.government.consumption_tax,
        now.housing_in_use,
    )
    crypto_value = now.x.portfolio.market_value[CRYPTO] / p.portfolio.base_value[ASSET.index("C")]
    mining = mining_load(now.e.energy, crypto_value)
    used = now.traditional.electricity + spent.electricity + now.x.production.data_centre_electricity + mining
    demand, wholesale_price = used - now.on_site_power.generation, now.x.energy.wholesale_price
    return {
        "spending": spent,
        "dispatch": dispatch(
            p.energy,
            now.e.energy,
            demand,
            wholesale_price,
            now.capacity_in_use,
            now.grid_in_use,
            now.on_site_power.fuel,
        ),
        "bounds": bounds(p, now, now.grid_in_use - demand),
    }


def cash_stage(p: ByName, now: Quarter) -> dict[str, Any]:
    return {"cash_flows": cash_flows(p, now)}


def portfolios_stage(p: ByName, now: Quarter) -> dict[str, Any]:
    """Returns, what wealth they leave, and where it goes."""
    growth, homes = p.production.trend_growth, now.housing_in_use
    kept = 1 - p.production.housing_depreciation - p.government.housing_tax
    housing_payoff = now.spending.rent + now.housing.land_rent / homes + kept * now.x.portfolio.house_price
    returns = realised_returns(
        p.portfolio,
        now.lag.portfolio,
        now.x.portfolio,
        now.liquid_return,
        now.x.central_bank.inflation,
        now.cash_flows.dividends,
        housing_payoff,
        growth,
    )
    lag_supply, lag_shares = _supply_and_shares(p, now.lag_e, now.lag)
    supply, shares = _supply_and_shares(p, now.e, now.x)
    group_return = lag_shares.group @ returns
    received = aged_wealth(p.households, group_return * now.lag.households.wealth, growth)
    invested = p.households.savers * now.x.households.wealth
    owns = owned(p.households, now.x.households.wealth, now.balances.kept)
    return {
        "returns": returns,
        "lag_supply": lag_supply,
        "supply": supply,
        "shares": shares,
        "group_return": group_return,
        "foreign_return": lag_shares.foreign @ returns,
        "spending": now.spending._replace(received=received),
        "owned": owns,
        "asset_demand": asset_demand(invested, (owns - invested).sum(), shares, now.x.rest_of_world.foreign_claims),
    }


def _supply_and_shares(p, e, x):
    """Asset supplies and portfolio shares at one date, from carried unknowns alone."""
    supply = asset_supply(
        x.portfolio, x.production.housing, x.government.public_debt, bond_share(p.government, e.government)
    )
    shares = portfolio_shares(
        p.portfolio, e.portfolio, x.portfolio.premium, x.portfolio.reference_valuation, supply, p.government.bond_share
    )
    return supply, shares


def public_stage(p: ByName, now: Quarter) -> dict[str, Any]:
    """The budget and the pressure of inequality."""
    spent, cash, people = now.spending, now.cash_flows, p.households
    bases = (
        now.labour.wage_bill,
        spent.goods,
        cash.pre_tax.sum(),
        now.x.portfolio.house_price * now.housing_in_use,
    )
    budget = public_budget(
        now.fiscal,
        (heads(people) * now.benefits.by_group).sum(),
        now.final_good.traditional_price * spent.childcare,
        cash.subsidies,
        bases,
        p.government.consumption_tax,
        p.government.housing_tax,
    )
    x = now.x.households
    ratios = inequality_ratios(people.savers, people.spenders, x.spending, spent.spender, now.owned)
    return {"budget": budget, "inequality": inequality_index(p.government, ratios)}
