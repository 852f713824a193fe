"""One quarter of the economy: everything explicit given last quarter's carried variables and this quarter's unknowns.

Blocks are strangers to one another; this is where they meet, in the order in which one needs another.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from model.central_bank.policy_rule import policy_rate
from model.core.axes import ASSET, LISTED_ASSET, SECTOR, SKILL, USER
from model.core.formulas import fischer_burmeister
from model.energy.cooling import power_usage_effectiveness
from model.energy.copper import Copper, copper_market
from model.energy.dispatch import Dispatch, ElectricityPrices, delivered_prices, dispatch, mining_load
from model.energy.generation import GenerationStarts, generation_starts
from model.energy.grid import GridExpansion, grid_expansion
from model.energy.interconnection import Applications, interconnection_applications
from model.equilibrium.nouns import Expectations, Instruments, Variables
from model.government.budget import PublicBudget, public_budget
from model.government.policy import Benefits, FiscalPolicy, benefits, bond_share, fiscal_policy
from model.government.politics import inequality_index, inequality_ratios
from model.households.groups import Spending, aged_wealth, heads, spending
from model.portfolio.demand import Shares, Supply, asset_demand, asset_supply, portfolio_shares
from model.portfolio.returns import realised_returns
from model.production.ai import ArtificialIntelligence, ai_firms
from model.production.final_good import FinalGood, final_good
from model.production.investment import Housing, Investment, capital_payoff, housing_construction, investment
from model.production.labour import Labour, labour_market
from model.production.tasks import Tasks, tasks
from model.production.traditional import Traditional, traditional_firms
from model.rest_of_world.trade import Trade, trade

T, A = SECTOR.index("T"), SECTOR.index("A")
FIRMS, HOMES, DATA_CENTRES = USER.index("T"), USER.index("H"), USER.index("A")
HIGH = SKILL.index("H")
CRYPTO = LISTED_ASSET.index("C")


class CashFlows(NamedTuple):
    pre_tax: Array  # [quarterly GDP] (sector,)
    dividends: Array  # [quarterly GDP] (sector,), with net buybacks
    equipment: Array  # [quarterly GDP], AI equipment before the price of copper
    generation_subsidy: Array  # [quarterly GDP]
    grid_subsidy: Array  # [quarterly GDP]
    interconnection_subsidy: Array  # [quarterly GDP]
    ai_subsidy: Array  # [quarterly GDP]

    @property
    def subsidies(self):
        return self.generation_subsidy + self.grid_subsidy + self.interconnection_subsidy + self.ai_subsidy


class Complementarity(NamedTuple):
    """Residuals of the three bounds, and the rent and slack whose product they hold at eps squared."""

    grid: Array
    interconnection: Array
    gpu: Array
    sides: Array  # [1] (bound, 2), rent and slack of (grid, interconnection, gpu)

    @property
    def products(self):
        return self.sides.prod(-1)


class Quarter(NamedTuple):
    lag: Variables  # carried variables only
    x: Variables
    e: Instruments
    capital_in_use: Array  # [quarterly GDP] (sector,)
    housing_in_use: Array  # [quarterly GDP at base prices]
    capacity_in_use: Array  # [annual electricity] (technology,)
    pipeline_in_use: Array  # [annual electricity] (technology,)
    grid_in_use: Array  # [annual electricity]
    grid_pipeline_in_use: Array  # [annual electricity]
    interconnection_in_use: Array  # [annual electricity]
    interconnection_pipeline_in_use: Array  # [annual electricity]
    final_good: FinalGood
    tasks: Tasks
    electricity_prices: ElectricityPrices
    traditional: Traditional
    power_usage_effectiveness: Array  # [metered over useful]
    ai: ArtificialIntelligence
    labour: Labour
    price_inflation: Array  # [log, relative to target], of traditional goods
    wage_inflation: Array  # [log, relative to target] (skill,)
    fiscal: FiscalPolicy
    benefits: Benefits
    investment: Investment
    housing: Housing
    dispatch: Dispatch
    generation: GenerationStarts
    grid: GridExpansion
    interconnection: Applications
    copper: Copper
    trade: Trade
    cash_flows: CashFlows
    returns: Array  # [gross per quarter] (asset,)
    lag_supply: Supply
    supply: Supply
    shares: Shares
    group_return: Array  # [gross per quarter] (group,)
    foreign_return: Array  # [gross per quarter]
    spending: Spending
    asset_demand: Array  # [quarterly GDP] (asset,)
    budget: PublicBudget
    inequality: Array  # [base = 1]
    policy_rate: Array  # [net per quarter], as the rule has it
    complementarity: Complementarity


def quarter(p, lag_e, e, lag, x):
    """All objects of one quarter from parameters, instruments and carried unknowns at t-1, instruments and unknowns at t."""
    growth = p.production.trend_growth
    y, en, pf = x.production, x.energy, x.portfolio
    capital_in_use = lag.production.capital / growth
    housing_in_use = lag.production.housing / growth
    capacity_in_use, pipeline_in_use = lag.energy.capacity / growth, lag.energy.pipeline / growth
    grid_in_use, grid_pipeline_in_use = lag.energy.grid / growth, lag.energy.grid_pipeline / growth
    interconnection_in_use = lag.energy.interconnection / growth
    interconnection_pipeline_in_use = lag.energy.interconnection_pipeline / growth
    inflation = x.central_bank.inflation

    goods = final_good(p.production, y.ai_price, y.final_output)
    lag_goods_price = final_good(p.production, lag.production.ai_price, 1.0).traditional_price
    work = tasks(p.production, e.production, y.ai_price, y.wage, y.labour_composite)
    prices = delivered_prices(p.energy, en.wholesale_price, en.grid_rent, en.interconnection_rent)
    firm_price, home_price, _ = prices.delivered
    traditional = traditional_firms(
        p.production, e.production, capital_in_use[T], y.labour_composite, work.labour_price, firm_price
    )
    pue = power_usage_effectiveness(p.energy, e.energy, prices.data_centre_shadow)
    ai = ai_firms(
        p.production,
        e.production,
        y.ai_price,
        y.wage[HIGH],
        capital_in_use[A],
        y.data_centre_electricity,
        p.energy.base_power_usage_effectiveness / pue,
    )
    labour = labour_market(p.production, y.wage, work.hours, ai.hours)
    slack = labour.mean_unemployment - p.production.mean_natural_unemployment
    target = p.central_bank.inflation_target
    price_inflation = jnp.log(inflation * goods.traditional_price / lag_goods_price / target)
    wage_inflation = jnp.log(inflation * y.wage / lag.production.wage / target)

    fiscal = fiscal_policy(
        p.government,
        e.government,
        lag.government,
        x.government,
        lag.production.final_output,
        y.final_output,
        p.production.base_final_output,
        slack,
        p.smoothing,
    )
    full_time_wage = jnp.outer(p.households.efficiency, y.wage)
    benefit = benefits(
        p.government, e.government, x.government, fiscal.scale, full_time_wage, labour.unemployment, labour.mean_wage
    )

    invested = investment(p.production, capital_in_use, y.capital_value, y.gpu_rent, en.copper_price, fiscal.ai_subsidy)
    homes = housing_construction(p.production, pf.house_price)
    starts = generation_starts(p.energy, e.energy, en.pipeline_value, e.government.generation_subsidy, en.copper_price)
    wires = grid_expansion(p.energy, e.energy, en.grid_rent, en.copper_price)
    applications = interconnection_applications(
        p.energy, e.energy, en.interconnection_pipeline_value, e.government.interconnection_subsidy
    )
    equipment = invested.spending[A] + invested.adjustment[A]
    copper = copper_market(p.energy, p.production.equipment_copper * equipment, starts.cost, wires.cost)
    foreign = trade(
        p.rest_of_world,
        e.rest_of_world,
        lag.rest_of_world.foreign_claims,
        (1 - p.production.equipment_copper) * equipment,
        fiscal.scale,
        growth,
    )

    take_home = (1 - fiscal.labour_tax) * full_time_wage * labour.hours_rate
    income = benefit.by_group + jnp.concatenate([take_home, jnp.zeros((1, len(SKILL)))]).ravel()
    spent = spending(
        p.households,
        e.households,
        x.households.spending,
        income,
        None,
        goods.traditional_price,
        fiscal.childcare_subsidy,
        home_price,
        p.government.consumption_tax,
        housing_in_use,
    )
    crypto_value = pf.market_value[CRYPTO] / p.portfolio.base_value[ASSET.index("C")]
    mining = mining_load(e.energy, crypto_value)
    electricity = traditional.electricity + spent.electricity + y.data_centre_electricity + mining
    power = dispatch(p.energy, e.energy, electricity, en.wholesale_price, capacity_in_use, grid_in_use)

    cash = cash_flows(
        p,
        e,
        x,
        goods,
        work,
        traditional,
        ai,
        labour,
        invested,
        fiscal,
        prices,
        spent,
        power,
        starts,
        wires,
        applications,
        copper,
    )
    housing_payoff = (
        spent.rent
        + homes.land_rent / housing_in_use
        + (1 - p.production.housing_depreciation - p.government.housing_tax) * pf.house_price
    )
    returns = realised_returns(
        p.portfolio,
        lag.portfolio,
        lag_e.portfolio,
        pf,
        lag.central_bank.policy_rate,
        inflation,
        cash.dividends,
        housing_payoff,
        growth,
    )
    lag_supply, lag_shares = _portfolio(p, lag_e, lag)
    supply, shares = _portfolio(p, e, x)
    group_return = lag_shares.group @ returns
    received = aged_wealth(p.households, group_return * lag.households.wealth, growth)

    benefit_bill = (heads(p.households) * benefit.by_group).sum()
    goods_bill, housing_value = spent.goods, pf.house_price * housing_in_use
    budget = public_budget(
        fiscal,
        benefit_bill,
        goods.traditional_price * spent.childcare,
        cash.subsidies,
        (labour.wage_bill, goods_bill, cash.pre_tax.sum(), housing_value),
        p.government.consumption_tax,
        p.government.housing_tax,
    )
    ratios = inequality_ratios(
        p.households.savers, p.households.spenders, x.households.spending, spent.spender, x.households.wealth
    )
    return Quarter(
        lag=lag,
        x=x,
        e=e,
        capital_in_use=capital_in_use,
        housing_in_use=housing_in_use,
        capacity_in_use=capacity_in_use,
        pipeline_in_use=pipeline_in_use,
        grid_in_use=grid_in_use,
        grid_pipeline_in_use=grid_pipeline_in_use,
        interconnection_in_use=interconnection_in_use,
        interconnection_pipeline_in_use=interconnection_pipeline_in_use,
        final_good=goods,
        tasks=work,
        electricity_prices=prices,
        traditional=traditional,
        power_usage_effectiveness=pue,
        ai=ai,
        labour=labour,
        price_inflation=price_inflation,
        wage_inflation=wage_inflation,
        fiscal=fiscal,
        benefits=benefit,
        investment=invested,
        housing=homes,
        dispatch=power,
        generation=starts,
        grid=wires,
        interconnection=applications,
        copper=copper,
        trade=foreign,
        cash_flows=cash,
        returns=returns,
        lag_supply=lag_supply,
        supply=supply,
        shares=shares,
        group_return=group_return,
        foreign_return=lag_shares.foreign @ returns,
        spending=spent._replace(received=received),
        asset_demand=asset_demand(p.households.savers, x.households.wealth, shares, x.rest_of_world.foreign_claims),
        budget=budget,
        inequality=inequality_index(p.government, ratios),
        policy_rate=policy_rate(p.central_bank, e.central_bank, lag.central_bank.policy_rate, inflation, -slack),
        complementarity=_complementarity(p, e, x, grid_in_use - electricity, interconnection_in_use, invested),
    )


def cash_flows(
    p,
    e,
    x,
    goods,
    work,
    traditional,
    ai,
    labour,
    invested,
    fiscal,
    prices,
    spent,
    power,
    starts,
    wires,
    applications,
    copper,
):
    """Cash flow of both sectors; utilities, generators, mines and wires belong to traditional equity."""
    wage, gov = x.production.wage, e.government
    _, home_price, data_centre_price = prices.delivered
    EA = x.production.data_centre_electricity
    equipment = invested.spending[A] + invested.adjustment[A]
    ai_subsidy = fiscal.ai_subsidy * invested.gross_price[A] * equipment
    generation_subsidy = (gov.generation_subsidy * starts.spending).sum()
    grid_subsidy = gov.grid_subsidy * wires.spending
    interconnection_subsidy = gov.interconnection_subsidy * applications.cost

    traditional_margin = (
        goods.traditional_price * traditional.output
        - (wage * work.hours).sum()
        - x.production.ai_price * work.ai_services.sum()
    )
    utility_revenue = home_price * spent.electricity + data_centre_price * EA
    power_costs = power.fuel_cost + power.variable_cost + power.upkeep
    power_investment = starts.spending.sum() - generation_subsidy + wires.spending - grid_subsidy
    mines = x.energy.copper_price * (copper.demand - p.energy.other_copper) - copper.cost
    CFT = (
        traditional_margin
        - invested.spending[T]
        - invested.adjustment[T]
        + utility_revenue
        - power_costs
        - power_investment
        + mines
    )

    ai_margin = x.production.ai_price * ai.output - wage[HIGH] * ai.hours - data_centre_price * EA
    CFA = ai_margin - invested.net_price[A] * equipment - applications.cost + interconnection_subsidy
    pre_tax = jnp.stack([CFT, CFA])
    return CashFlows(
        pre_tax,
        (1 - fiscal.profit_tax) * pre_tax,
        equipment,
        generation_subsidy,
        grid_subsidy,
        interconnection_subsidy,
        ai_subsidy,
    )


def _portfolio(p, e, x):
    """Asset supplies and portfolio shares at one date, from carried unknowns alone."""
    supply = asset_supply(
        x.portfolio, x.production.housing, x.government.public_debt, bond_share(p.government, e.government)
    )
    shares = portfolio_shares(
        p.portfolio, e.portfolio, x.portfolio.premium, x.portfolio.reference_valuation, supply, p.government.bond_share
    )
    return supply, shares


def _complementarity(p, e, x, grid_slack, interconnection_in_use, invested):
    pE0 = p.energy.base_retail_price
    limit = p.production.gpu_limit
    sides = (
        (x.energy.grid_rent / pE0, grid_slack),
        (
            x.energy.interconnection_rent / pE0,
            (interconnection_in_use - x.production.data_centre_electricity) / p.energy.base_data_centre_electricity,
        ),
        (x.production.gpu_rent, (limit * e.production.gpu_supply - invested.spending[A]) / limit),
    )
    residuals = (fischer_burmeister(rent, slack, p.smoothing) for rent, slack in sides)
    return Complementarity(*residuals, jnp.array(sides))


def expectations(p, now):
    """What last quarter's decisions needed to know of this one."""
    en, rates = now.x.energy, p.energy
    return Expectations(
        returns=now.returns,
        capital_payoff=capital_payoff(
            p.production,
            jnp.stack([now.traditional.capital_rental, now.ai.capital_rental]),
            now.x.production.capital_value,
            now.investment,
        ),
        capacity_payoff=now.dispatch.capacity_rental + (1 - rates.depreciation) * en.capacity_value,
        pipeline_payoff=rates.completion_rate * en.capacity_value + (1 - rates.completion_rate) * en.pipeline_value,
        interconnection_payoff=en.interconnection_rent
        + (1 - rates.interconnection_depreciation) * en.interconnection_value,
        interconnection_pipeline_payoff=rates.interconnection_completion_rate * en.interconnection_value
        + (1 - rates.interconnection_completion_rate) * en.interconnection_pipeline_value,
        spending=now.x.households.spending,
        wage_inflation=now.wage_inflation,
        price_inflation=now.price_inflation,
    )
