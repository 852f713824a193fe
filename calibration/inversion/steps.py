"""What the steps of the inversion hand on."""

from typing import NamedTuple

from jax import Array

from model.core.types import Real, Scalar


class People(NamedTuple):
    age_mass: Array  # (age,)
    savers: Array  # (group,)
    spenders: Array  # (group,)
    labour_supply: Array  # (skill,)
    childcare: Array  # a head (age,)


class Assets(NamedTuple):
    debt: Array
    value: Array  # (asset,)
    foreign: Array  # (asset,), what foreigners hold


class Wealth(NamedTuple):
    owned: Array  # (group,)
    balance: Array  # per spender (group,)
    share: Array  # of savers (group, asset)
    per_saver: Array  # (group,)


class Spent(NamedTuple):
    savers: Array  # a head (group,)
    spenders: Array  # a head (group,)
    total: Array


class Generation(NamedTuple):
    gas: Array  # [annual electricity]
    in_use: Array  # (technology,)
    pipeline: Array  # (technology,)
    starts: Array  # (technology,)
    value: Array  # (technology,)
    pipeline_value: Array  # (technology,)
    gas_cost_slope: Array
    gas_cost: Array  # above fuel
    build_cost: Real  # (technology,)


class Grid(NamedTuple):
    rent: Array
    in_use: Array
    pipeline: Array
    starts: Array
    cost: Array


class Interconnection(NamedTuple):
    rent: Array
    in_use: Array
    pipeline: Array
    starts: Array
    value: Array
    pipeline_value: Array
    spending: Real


class OnSite(NamedTuple):
    """Power plants of data centres."""

    in_use: Scalar  # [annual electricity]
    pipeline: Scalar
    fuel: Scalar
    upkeep: Scalar
    unit_upkeep: Scalar
    value: Scalar
    pipeline_value: Scalar
    build_cost: Scalar  # of a unit
    cost: Scalar  # of starts


NO_ON_SITE = OnSite(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class Power(NamedTuple):
    """`cents` are tariffs, wholesale, retail, fuel and upkeep in final goods per unit."""

    cents: dict
    demand: Array  # (user,)
    delivered: Array  # cash prices (user,)
    generation: Generation
    grid: Grid
    interconnection: Interconnection
    on_site: OnSite
    fuel: Scalar  # [annual electricity], burnt at the base price
    costs: Array  # fuel, variable and upkeep, of all fuel


class AI(NamedTuple):
    investment: Array
    capital_in_use: Array
    capital_value: Array
    gpu_limit: Array
    gpu_rent: Scalar
    output: Array
    labour_bill: Array
    exports: Scalar
    chip_margin: Scalar  # [share of the price of equipment]
    compute_share: Array
    shadow_price: Array  # of electricity, with the interconnection rent
    cash_flow: Array
    copper: Array  # use of energy and AI


class Firms(NamedTuple):
    gdp: Array
    output: Scalar
    final_output: Array
    ai_final: Array
    goods: Array  # consumption before tax
    value_added_bill: Array
    task_bill: Array
    wage: Array  # (skill,)
    hours: Array  # (skill,)
    automated_share: Array  # (skill,)
    capital_in_use: Array
    cash_flow: Array  # (sector,)
    market_value: Array  # (sector,)


class Homes(NamedTuple):
    in_use: Array
    investment: Array
    productivity: Array
    rent: Array  # per unit in use


class Outside(NamedTuple):
    claims: Array  # [quarterly GDP]
    imports: Array
    imported_goods: Array  # without the margin of foreign chip makers
    exports: Array  # of goods


class Steps(NamedTuple):
    """All of the initial steady state, in the order in which it is found."""

    returns: Array  # gross, a quarter (asset,)
    people: People
    power: Power
    ai: AI
    homes: Homes
    outside: Outside
    firms: Firms
    assets: Assets
    labour_tax: Array
    wealth: Wealth
    spent: Spent
