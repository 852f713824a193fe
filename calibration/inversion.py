"""The initial steady state in closed form: targets in, parameters and unknowns out.

No root is searched: the two conditions left after the chain of definitions (output such that GDP is one, the labour tax such
that debt is constant) are linear, so two evaluations give them.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax

from model.central_bank.nouns import Parameters as CentralBankParameters
from model.central_bank.nouns import Variables as CentralBank
from model.core.axes import AGE, SKILL
from model.core.formulas import isoelastic_cost
from model.core.programs import program
from model.core.units import CENT_A_KWH, QUARTERS_A_YEAR, gross_quarterly
from model.distribution.nouns import Parameters as DistributionParameters
from model.energy.nouns import Parameters as EnergyParameters
from model.energy.nouns import Variables as Energy
from model.equilibrium.nouns import Parameters, Variables
from model.government.nouns import Parameters as GovernmentParameters
from model.government.nouns import Variables as Government
from model.government.politics import inequality_ratios
from model.households.groups import aged_wealth, by_group, leaving_share
from model.households.nouns import Parameters as HouseholdParameters
from model.households.nouns import Variables as Households
from model.portfolio.nouns import Parameters as PortfolioParameters
from model.portfolio.nouns import Variables as Portfolio
from model.production.nouns import Parameters as ProductionParameters
from model.production.nouns import Variables as Production
from model.rest_of_world.nouns import Parameters as RestOfWorldParameters
from model.rest_of_world.nouns import Variables as RestOfWorld

BALANCING_ROUNDS = 500
EVERY_SKILL = jnp.ones(len(SKILL))
LOW, HIGH = SKILL.index("L"), SKILL.index("H")
OLD = AGE.index("O")


class Calibration(NamedTuple):
    """Parameters of the equations and the unknowns of the initial steady state, in levels."""

    parameters: Parameters
    initial: Variables


@program
def inversion():
    """Compiled `invert(given, smoothing) -> Calibration`; `given` is `inputs.load_inputs().tree()`, every value traced."""
    return invert


def invert(given, smoothing):
    """Calibrate to `given["targets"]` at the primitive parameters of the other entries; see `Calibration`."""
    target, growth = given["targets"], given["production"]["trend_growth"]
    returns = jnp.append(gross_quarterly(target["real_return"]), growth)
    people = _people(given)
    power = _power(given, returns, smoothing)
    ai = _ai(given, returns, power, smoothing)
    homes = _housing(given, returns, growth)
    outside = _rest_of_world(given, returns, ai.investment)
    output = _linear_root(lambda QT: _production(given, returns, people, power, ai, homes, outside, QT).gdp - 1.0)
    firms = _production(given, returns, people, power, ai, homes, outside, output)
    wealth = _wealth(given, returns, firms, homes, outside)
    labour_tax = _linear_root(lambda tn: _debt_drift(given, returns, people, power, ai, homes, firms, wealth, tn))
    spent = _households(given, returns, people, power, homes, firms, wealth, labour_tax)
    return _assemble(given, smoothing, returns, people, power, ai, homes, outside, firms, wealth, labour_tax, spent)


def _linear_root(condition):
    """Root of a linear scalar condition from its values at 0 and 1."""
    at_zero, at_one = condition(jnp.asarray(0.0)), condition(jnp.asarray(1.0))
    return at_zero / (at_zero - at_one)


class _People(NamedTuple):
    age_mass: Array
    savers: Array
    spenders: Array
    labour_supply: Array
    childcare: Array


def _people(given):
    target, h = given["targets"], given["households"]
    stage = 1 / h["ageing_rate"]
    age_mass = stage / stage.sum()
    mass = by_group(age_mass, EVERY_SKILL / len(SKILL))
    spenders = mass * target["spender_share"]
    labour = (h["efficiency"] * age_mass[:2]).sum() / len(SKILL) * EVERY_SKILL
    return _People(age_mass, mass - spenders, spenders, labour, target["childcare_share"] / age_mass)


class _Power(NamedTuple):
    prices: dict  # tariffs, wholesale, retail, fuel, upkeep in final goods per unit
    demand: Array  # (user,)
    gas: Array
    capacity_in_use: Array
    pipeline_in_use: Array
    starts: Array
    rental: Array
    capacity_value: Array
    pipeline_value: Array
    gas_cost_slope: Array
    grid: dict
    interconnection: dict
    costs: Array  # fuel, variable and upkeep
    build_costs: Array  # (technology,)


def _power(given, returns, smoothing):
    target, en = given["targets"], given["energy"]
    growth = given["production"]["trend_growth"]
    cents = {
        name: target[name] * CENT_A_KWH
        for name in ("wholesale_price", "retail_price", "fuel_price", "tariff", "upkeep", "grid_upkeep")
    }
    pw, pf0, pE0 = cents["wholesale_price"], cents["fuel_price"], cents["retail_price"]
    demand = jnp.stack([target["firm_electricity"], target["household_electricity"], target["data_centre_electricity"]])
    nuclear, renewable, legacy = (
        target["nuclear_generation"],
        target["renewable_generation"],
        target["legacy_generation"],
    )
    gas, ug, chi = demand.sum() - nuclear - renewable - legacy, target["gas_utilisation"], en["dispatch_convexity"]
    bg = (pw - pf0) / ug**chi
    om_nuclear, om_renewable, om_legacy = cents["upkeep"]

    capacity = jnp.stack([gas / ug, nuclear / en["nuclear_yield"], renewable / en["renewable_yield"]])
    pipeline, starts = _pipeline(capacity, en["depreciation"], en["completion_rate"], growth)
    rental = jnp.stack(
        [
            bg * ug ** (chi + 1) * chi / (chi + 1),
            en["nuclear_yield"] * (pw - om_nuclear),
            en["renewable_yield"] * (pw - om_renewable),
        ]
    )
    qK = rental / (returns[2] - 1 + en["depreciation"])
    qU = en["completion_rate"] * qK / (returns[2] - 1 + en["completion_rate"])

    slack = target["grid_slack"]
    muG = smoothing**2 / slack * pE0
    grid_in_use = demand.sum() + slack
    grid_pipeline, grid_starts = _pipeline(grid_in_use, en["grid_depreciation"], en["grid_completion_rate"], growth)
    grid_cost = target["grid_investment_share"] / grid_starts

    muX = target["interconnection_rent"] * CENT_A_KWH
    connected = demand[2] + smoothing**2 / (muX / pE0) * demand[2]
    queue, applications = _pipeline(
        connected, en["interconnection_depreciation"], en["interconnection_completion_rate"], growth
    )
    qX = muX / (returns[3] - 1 + en["interconnection_depreciation"])
    psiX = en["interconnection_completion_rate"]
    qUX = psiX * qX / (returns[3] - 1 + psiX)

    power = 1 + 1 / en["fuel_supply_elasticity"]
    upkeep = om_nuclear * nuclear + om_renewable * renewable + om_legacy * legacy + cents["grid_upkeep"] * grid_in_use
    return _Power(
        prices=cents,
        demand=demand,
        gas=gas,
        capacity_in_use=capacity,
        pipeline_in_use=pipeline,
        starts=starts,
        rental=rental,
        capacity_value=qK,
        pipeline_value=qU,
        gas_cost_slope=bg,
        grid={"rent": muG, "in_use": grid_in_use, "pipeline": grid_pipeline, "starts": grid_starts, "cost": grid_cost},
        interconnection={
            "rent": muX,
            "in_use": connected,
            "pipeline": queue,
            "starts": applications,
            "value": qX,
            "pipeline_value": qUX,
            "spending": isoelastic_cost(qUX, applications, applications, en["interconnection_supply_elasticity"]),
        },
        costs=pf0 * gas / power + bg * ug ** (chi + 1) / (chi + 1) * gas / ug + upkeep,
        build_costs=isoelastic_cost(qU, starts, starts, en["start_elasticity"]),
    )


def _pipeline(in_use, depreciation, completion_rate, growth):
    """Pipeline in use and starts that keep a stock growing at the trend."""
    pipeline = (growth - 1 + depreciation) * in_use / completion_rate
    return pipeline, (growth - 1 + completion_rate) * pipeline


class _Ai(NamedTuple):
    investment: Array
    capital_in_use: Array
    capital_value: Array
    gpu_limit: Array
    gpu_rent: Array
    output: Array
    labour_bill: Array
    compute_share: Array
    shadow_price: Array
    cash_flow: Array
    copper: Array  # energy and AI use


def _ai(given, returns, power, smoothing):
    target, pr, en, gov = given["targets"], given["production"], given["energy"], given["government"]
    depreciation, growth, R_A = pr["depreciation"][1], pr["trend_growth"], returns[3]
    IA = target["ai_capex_share"]
    limit = target["gpu_headroom"] * IA
    muI = smoothing**2 / (1 - IA / limit)
    KAu = IA / (growth - 1 + depreciation)
    qA = 1 - gov["ai_subsidy"] + muI
    rKA = qA * (R_A - 1 + depreciation)
    EA = power.demand[2]
    cash_price = power.prices["wholesale_price"] + power.prices["tariff"][2] + power.grid["rent"]
    shadow_price = cash_price + power.interconnection["rent"]
    compute_cost = rKA * KAu + shadow_price * EA
    cost = compute_cost / (1 - pr["ai_labour_share"])
    QA = pr["markup"][1] * cost
    labour = pr["ai_labour_share"] * cost
    cash_flow = QA - labour - cash_price * EA - (1 - gov["ai_subsidy"]) * IA - power.interconnection["spending"]
    copper = pr["equipment_copper"] * IA + (en["build_copper"] * power.build_costs).sum()
    copper = copper + en["grid_copper"] * target["grid_investment_share"]
    return _Ai(IA, KAu, qA, limit, muI, QA, labour, rKA * KAu / compute_cost, shadow_price, cash_flow, copper)


class _Homes(NamedTuple):
    in_use: Array
    construction: Array
    investment: Array
    productivity: Array
    rent: Array  # per unit in use


def _housing(given, returns, growth):
    pr, gov, vth = given["production"], given["government"], given["production"]["land_share"]
    Hu = given["targets"]["housing_value"] * QUARTERS_A_YEAR / growth
    hnew = (growth - 1 + pr["housing_depreciation"]) * Hu
    IH = (1 - vth) * hnew
    land_rent = hnew - IH
    rent = returns[4] - 1 + pr["housing_depreciation"] + gov["housing_tax"] - land_rent / Hu
    return _Homes(Hu, hnew, IH, IH**vth / (1 - vth), rent)


class _Outside(NamedTuple):
    claims: Array
    imports: Array
    exports: Array


def _rest_of_world(given, returns, ai_investment):
    target, growth = given["targets"], given["production"]["trend_growth"]
    claims = target["foreign_claims"] * QUARTERS_A_YEAR
    imports = given["rest_of_world"]["import_share"] * (1 - given["production"]["equipment_copper"]) * ai_investment
    bonds = target["foreign_bond_share"]
    earned = bonds * returns[1] + (1 - bonds) * returns[0]
    return _Outside(claims, imports, (earned / growth - 1) * claims + imports)


class _Firms(NamedTuple):
    gdp: Array
    output: Array
    final_output: Array
    ai_final: Array
    goods: Array  # consumption before tax
    discretionary: Array  # total with rent, electricity and tax
    value_added_bill: Array
    task_bill: Array
    wage: Array
    hours: Array
    automated_share: Array
    capital_in_use: Array
    cash_flow: Array  # (sector,)
    market_value: Array  # (sector,)


def _production(given, returns, people, power, ai, homes, outside, QT):
    target, pr, en, gov = given["targets"], given["production"], given["energy"], given["government"]
    growth, (ET, EH, EA) = pr["trend_growth"], power.demand
    delivered = power.prices["wholesale_price"] + power.prices["tariff"] + power.grid["rent"]
    pET, pEH, pEA = delivered
    mcT = 1 / pr["markup"][0]
    value_added = mcT * QT - pET * ET
    task_bill = (1 - pr["capital_share"]) * value_added
    XA = target["ai_task_purchases"]
    wage_bill = task_bill - XA.sum() + ai.labour_bill
    share = target["wage_bill_share"] / target["wage_bill_share"].sum()
    hours = (1 - pr["natural_unemployment"]) * people.labour_supply
    wage = share * wage_bill / hours
    task_labour = (share * wage_bill).at[HIGH].add(-ai.labour_bill)
    KTu = pr["capital_share"] * value_added / (returns[2] - 1 + pr["depreciation"][0])
    IT = (growth - 1 + pr["depreciation"][0]) * KTu

    CC = (people.childcare * people.age_mass).sum()
    QAf = ai.output - XA.sum()
    D = QT - CC + QAf
    XG, XX = target["grid_investment_share"], power.interconnection["spending"]
    other_copper = target["other_copper_ratio"] * ai.copper
    copper_cost = (ai.copper + other_copper) / (1 + 1 / en["copper_supply_elasticity"])
    net_of_copper = (
        (1 - pr["equipment_copper"]) * ai.investment
        + ((1 - en["build_copper"]) * power.build_costs).sum()
        + (1 - en["grid_copper"]) * XG
    )
    absorbed = gov["purchases"] + IT + net_of_copper + homes.investment + XX + copper_cost + power.costs
    Cg = D - absorbed - outside.exports + outside.imports
    ebar = target["basic_electricity_share"] * EH
    M = (1 + gov["consumption_tax"]) * Cg + homes.rent * homes.in_use + pEH * (EH - ebar)
    invested = IT + ai.investment + homes.investment + power.build_costs.sum() + XG + XX
    gdp = M + CC + pEH * ebar + invested + gov["purchases"] + outside.exports - outside.imports
    CFT = (
        QT
        - task_labour.sum()
        - XA.sum()
        - IT
        + pEH * EH
        + pEA * EA
        - power.costs
        - power.build_costs.sum()
        - XG
        + ai.copper
        - copper_cost
    )
    cash_flow = jnp.stack([CFT, ai.cash_flow])
    value = growth * (1 - gov["profit_tax"]) * cash_flow / (returns[2:4] - growth)
    return _Firms(
        gdp, QT, D, QAf, Cg, M, value_added, task_bill, wage, hours, XA / (task_labour + XA), KTu, cash_flow, value
    )


class _Wealth(NamedTuple):
    debt: Array
    value: Array  # (asset,)
    group: Array  # (group,)
    share: Array  # (group, asset)
    per_saver: Array


def _wealth(given, returns, firms, homes, outside):
    target, varpi, growth = given["targets"], given["government"]["bond_share"], given["production"]["trend_growth"]
    debt = target["public_debt"] * QUARTERS_A_YEAR
    value = jnp.stack(
        [
            (1 - varpi) * debt,
            varpi * debt,
            *firms.market_value,
            homes.in_use * growth,
            target["crypto_value"] * QUARTERS_A_YEAR,
        ]
    )
    bonds = target["foreign_bond_share"]
    foreign = jnp.zeros(len(value)).at[0].set(1 - bonds).at[1].set(bonds) * outside.claims
    supply = value - foreign
    by_age = target["wealth_share_by_age"] / target["wealth_share_by_age"].sum()
    by_skill = target["wealth_share_by_skill"] / target["wealth_share_by_skill"].sum()
    group = by_group(by_age, by_skill) * supply.sum()
    prior = (target["portfolio_prior"][:, None] * target["portfolio_tilt"][None]).reshape(len(group), len(value))
    holdings = _balance(prior, group, supply)
    people = _people(given)
    return _Wealth(debt, value, group, holdings / holdings.sum(1, keepdims=True), group / people.savers)


def _balance(prior, rows, columns):
    """Matrix nearest to `prior` with the given row and column totals: RAS (Stone, 1961), rows last."""

    def once(_, matrix):
        matrix = matrix * (columns / matrix.sum(0))
        return matrix * (rows / matrix.sum(1))[:, None]

    return lax.fori_loop(0, BALANCING_ROUNDS, once, prior)


def _bequest_weights(given):
    share = given["households"]["bequest_share"]
    return share / share.sum()


class _Spent(NamedTuple):
    spending: Array
    spender_spending: Array
    total: Array
    benefits: Array


def _benefits(given, people, firms):
    """Unemployment benefits, pensions and transfers a head, `(group,)`."""
    pr, gov, h = given["production"], given["government"], given["households"]
    unemployed = gov["replacement_rate"] * jnp.outer(h["efficiency"], firms.wage * pr["natural_unemployment"])
    mean_wage = (firms.wage * firms.hours).sum() / firms.hours.sum()
    paid = jnp.concatenate([unemployed, (gov["pension"] * mean_wage)[None]]) + gov["general_transfer"]
    return paid.at[:OLD, LOW].add(gov["low_skill_transfer"]).ravel()


def _households(given, returns, people, power, homes, firms, wealth, labour_tax):
    target, gov, h = given["targets"], given["government"], given["households"]
    share = firms.hours / people.labour_supply
    worked = (1 - labour_tax) * jnp.outer(h["efficiency"], firms.wage * share)
    benefits = _benefits(given, people, firms)
    income = jnp.concatenate([worked, jnp.zeros((1, len(SKILL)))]).ravel() + benefits
    home_price = power.prices["wholesale_price"] + power.prices["tariff"][1] + power.grid["rent"]
    ebar = target["basic_electricity_share"] * power.demand[1]
    committed = people.childcare * (1 - gov["childcare_subsidy"]) + home_price * ebar
    discretionary = income - by_group(committed, EVERY_SKILL)
    received = aged_wealth(
        _household_parameters(given, people),
        (wealth.share @ returns) * wealth.per_saver,
        given["production"]["trend_growth"],
    )
    m = discretionary + received - wealth.per_saver
    return _Spent(m, discretionary, (people.savers * m + people.spenders * discretionary).sum(), benefits)


def _debt_drift(given, returns, people, power, ai, homes, firms, wealth, labour_tax):
    """Growth of public debt over the trend at a labour tax."""
    gov, growth = given["government"], given["production"]["trend_growth"]
    mass = people.savers + people.spenders
    childcare = gov["childcare_subsidy"] * (people.childcare * people.age_mass).sum()
    support = gov["ai_subsidy"] * ai.investment
    spend = gov["purchases"] + (mass * _benefits(given, people, firms)).sum() + childcare + support
    wage_bill = (firms.wage * firms.hours).sum()
    profits = gov["profit_tax"] * firms.cash_flow.sum() + gov["housing_tax"] * homes.in_use
    revenue = labour_tax * wage_bill + gov["consumption_tax"] * firms.goods + profits
    varpi = gov["bond_share"]
    service = ((1 - varpi) * returns[0] + varpi * returns[1]) / growth - 1
    return service * wealth.debt + spend - revenue


def _household_parameters(given, people, **calibrated):
    return HouseholdParameters(
        **{**given["households"], "bequest_share": _bequest_weights(given)},
        savers=people.savers,
        spenders=people.spenders,
        childcare=people.childcare,
        **calibrated,
    )


def _assemble(given, smoothing, returns, people, power, ai, homes, outside, firms, wealth, labour_tax, spent):
    pr, en, gov, pf, cb = (
        given[block] for block in ("production", "energy", "government", "portfolio", "central_bank")
    )
    target, growth = given["targets"], pr["trend_growth"]
    ET, EH, EA = power.demand
    delivered = power.prices["wholesale_price"] + power.prices["tariff"] + power.grid["rent"]

    zeta, sigS, sigE = pr["task_elasticity"], pr["skill_elasticity"], pr["value_added_energy_elasticity"]
    automation = firms.automated_share / (1 - firms.automated_share) * firms.wage**-zeta
    bundle_price = (automation + firms.wage**-zeta) ** (-1 / zeta)
    bundle = target["ai_task_purchases"] + (firms.wage * firms.hours).at[HIGH].add(-ai.labour_bill)
    mcT = 1 / pr["markup"][0]
    Lam, alpha = firms.task_bill, pr["capital_share"]
    VA = firms.value_added_bill / mcT
    ZA_hours = ai.labour_bill / firms.wage[HIGH]
    alH = pr["ai_labour_share"]

    production = ProductionParameters(
        **pr,
        ai_weight=firms.ai_final / firms.final_output,
        base_final_output=firms.final_output,
        automation_scale=automation.at[HIGH].set(0.0),
        high_skill_automation=automation[HIGH],
        skill_weight=bundle / bundle.sum() * bundle_price ** (sigS - 1),
        traditional_productivity=VA / (firms.capital_in_use**alpha * Lam ** (1 - alpha)),
        value_added_weight=VA / firms.output,
        energy_weight=ET / firms.output * (delivered[0] / mcT) ** sigE,
        ai_productivity=ai.output / (ai.capital_in_use ** (1 - alH) * ZA_hours**alH),
        compute_share=ai.compute_share,
        base_compute_capital=ai.capital_in_use,
        base_compute_electricity=EA,
        gpu_limit=ai.gpu_limit,
        base_investment_rate=growth - 1 + pr["depreciation"],
        labour_supply=people.labour_supply,
        mean_natural_unemployment=pr["natural_unemployment"].mean(),
        housing_productivity=homes.productivity,
    )
    upkeep = power.prices["upkeep"]
    energy = EnergyParameters(
        **en,
        tariff=power.prices["tariff"],
        base_retail_price=power.prices["retail_price"],
        fuel_price=power.prices["fuel_price"],
        gas_cost_slope=power.gas_cost_slope,
        base_gas_generation=power.gas,
        legacy_generation=target["legacy_generation"],
        nuclear_upkeep=upkeep[0],
        renewable_upkeep=upkeep[1],
        legacy_upkeep=upkeep[2],
        grid_upkeep=power.prices["grid_upkeep"],
        base_starts=power.starts,
        build_cost=power.pipeline_value,
        grid_base_starts=power.grid["starts"],
        grid_cost=power.grid["cost"],
        base_grid_rent=power.grid["rent"],
        interconnection_base_starts=power.interconnection["starts"],
        interconnection_cost=power.interconnection["pipeline_value"],
        base_data_centre_electricity=EA,
        base_data_centre_price=ai.shadow_price,
        base_copper=(1 + target["other_copper_ratio"]) * ai.copper,
        other_copper=target["other_copper_ratio"] * ai.copper,
    )
    group_return = wealth.share @ returns
    plain = _household_parameters(given, people)
    leaving = by_group(leaving_share(plain), EVERY_SKILL)
    older = jnp.append((1 / spent.spending)[len(SKILL) :], jnp.zeros(len(SKILL)))
    discounted = given["households"]["discount_factor"] / growth * group_return
    wanted = 1 / spent.spending - discounted * ((1 - leaving) / spent.spending + leaving * older)
    ebar = target["basic_electricity_share"] * EH
    rent_bill, light_bill = homes.rent * homes.in_use, delivered[1] * (EH - ebar)
    households = _household_parameters(
        given,
        people,
        wealth_utility=wealth.per_saver * wanted,
        basic_electricity=ebar,
        housing_share=rent_bill / spent.total,
        electricity_share=light_bill / spent.total,
        goods_share=1 - (rent_bill + light_bill) / spent.total,
    )
    premium = jnp.log(returns[1:] / returns[0])
    inflation = cb["inflation_target"]
    policy_rate = returns[0] * inflation - 1 - pf["deposit_spread"]
    portfolio = PortfolioParameters(
        **pf,
        base_share=wealth.share,
        foreign_bond_share=target["foreign_bond_share"],
        base_premium=premium,
        base_value=wealth.value,
        base_safe_value=wealth.debt,
        bond_coupon=returns[1] * inflation - (1 - pf["bond_decay"]),
    )
    spending_ratio, wealth_ratio = inequality_ratios(
        people.savers, people.spenders, spent.spending, spent.spender_spending, wealth.per_saver
    )
    government = GovernmentParameters(
        **gov,
        debt_target=wealth.debt,
        base_labour_tax=labour_tax,
        base_spending_ratio=spending_ratio,
        base_wealth_ratio=wealth_ratio,
    )
    bound_offset = cb["lower_bound_smoothing"] ** 2 / (policy_rate - cb["lower_bound"]) / (1 - cb["rate_smoothing"])
    central_bank = CentralBankParameters(**cb, natural_rate=(1 + policy_rate - bound_offset) / inflation)
    rest_of_world = RestOfWorldParameters(
        **given["rest_of_world"], base_claims=outside.claims, base_exports=outside.exports
    )
    parameters = Parameters(
        production,
        energy,
        households,
        portfolio,
        government,
        central_bank,
        rest_of_world,
        DistributionParameters(**given["distribution"]),
        jnp.asarray(smoothing),
    )
    initial = _initial_unknowns(
        growth, power, ai, homes, outside, firms, wealth, labour_tax, spent, premium, inflation, policy_rate
    )
    return Calibration(parameters, initial)


def _initial_unknowns(
    growth, power, ai, homes, outside, firms, wealth, labour_tax, spent, premium, inflation, policy_rate
):
    one, zero = jnp.asarray(1.0), jnp.asarray(0.0)
    production = Production(
        ai_price=one,
        wage=firms.wage,
        final_output=firms.final_output,
        labour_composite=firms.task_bill,
        data_centre_electricity=power.demand[2],
        capital=growth * jnp.stack([firms.capital_in_use, ai.capital_in_use]),
        capital_value=jnp.stack([one, ai.capital_value]),
        housing=growth * homes.in_use,
        gpu_rent=ai.gpu_rent,
    )
    energy = Energy(
        wholesale_price=power.prices["wholesale_price"],
        capacity=growth * power.capacity_in_use,
        pipeline=growth * power.pipeline_in_use,
        capacity_value=power.capacity_value,
        pipeline_value=power.pipeline_value,
        grid=growth * power.grid["in_use"],
        grid_pipeline=growth * power.grid["pipeline"],
        interconnection=growth * power.interconnection["in_use"],
        interconnection_pipeline=growth * power.interconnection["pipeline"],
        interconnection_value=power.interconnection["value"],
        interconnection_pipeline_value=power.interconnection["pipeline_value"],
        copper_price=one,
        grid_rent=power.grid["rent"],
        interconnection_rent=power.interconnection["rent"],
    )
    listed = jnp.append(firms.market_value, wealth.value[5])
    return Variables(
        production,
        energy,
        Households(spending=spent.spending, wealth=wealth.per_saver),
        Portfolio(
            market_value=listed,
            house_price=one,
            bond_price=one,
            premium=premium,
            reference_valuation=jnp.log(jnp.stack([listed[0], listed[1], one, listed[2]])),
        ),
        Government(public_debt=wealth.debt, tax_intercept=labour_tax, political_pressure=zero),
        CentralBank(inflation=inflation, policy_rate=policy_rate),
        RestOfWorld(foreign_claims=outside.claims),
    )
