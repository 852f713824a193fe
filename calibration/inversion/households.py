"""Households: how many, what they hold and spend, and the public debt that their taxes carry."""

from dataclasses import fields
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float

from calibration.inversion.steps import AI, Assets, Firms, Homes, Outside, People, Power, Spent, Wealth
from model.core.axes import AGE, ASSET, BONDS, LIQUID, SKILL, TOKEN, USER
from model.core.types import Scalar
from model.core.units import QUARTERS_A_YEAR
from model.households.declarations import Parameters
from model.households.groups import aged_wealth, by_group

BALANCING_ROUNDS = 500
EVERY_SKILL = np.ones(len(SKILL))
LOW, OLD = SKILL.index("L"), AGE.index("O")
HOMES = USER.index("H")


def people_of(given: Any) -> People:
    """Masses by age and skill, with as many in every skill."""
    target, h = given["targets"], given["households"]
    stage = 1 / h["ageing_rate"]
    age_mass = stage / stage.sum()
    mass = by_group(age_mass, EVERY_SKILL / len(SKILL))
    spenders = mass * target["spender_share"]
    labour = (h["efficiency"] * age_mass[:OLD]).sum() / len(SKILL) * EVERY_SKILL
    return People(age_mass, mass - spenders, spenders, labour, target["childcare_share"] / age_mass)


def assets_of(given: Any, firms: Firms, homes: Homes, outside: Outside) -> Assets:
    """What there is to hold."""
    target, varpi, growth = given["targets"], given["government"]["bond_share"], given["production"]["trend_growth"]
    debt, tokens = target["public_debt"] * QUARTERS_A_YEAR, [target[f"{label}_value"] for label in TOKEN.labels]
    bills, bonds, owned = (1 - varpi) * debt, varpi * debt, homes.in_use * growth
    value = jnp.stack([bills, bonds, *firms.market_value, owned, *(QUARTERS_A_YEAR * v for v in tokens)])
    abroad = target["foreign_bond_share"]
    foreign = jnp.zeros(len(ASSET)).at[LIQUID].set(1 - abroad).at[BONDS].set(abroad) * outside.claims
    return Assets(debt, value, foreign)


def wealth_of(given: Any, people: People, assets: Assets, balance: Float[Array, "group"]) -> Wealth:
    """Portfolios of groups that come nearest to their priors and hold what foreigners and the `balance` per spender leave."""
    target = given["targets"]
    by_age = target["wealth_share_by_age"] / target["wealth_share_by_age"].sum()
    by_skill = target["wealth_share_by_skill"] / target["wealth_share_by_skill"].sum()
    balances, held = people.spenders * balance, assets.value - assets.foreign
    group = by_group(by_age, by_skill) * held.sum()
    invested, supply = group - balances, held.at[LIQUID].add(-balances.sum())
    prior = (target["portfolio_prior"][:, None] * target["portfolio_tilt"][None]).reshape(len(group), len(supply))
    holdings = _nearest(prior, invested, supply)
    return Wealth(group, balance, holdings / holdings.sum(1, keepdims=True), invested / people.savers)


def _nearest(prior, rows, columns):
    """Matrix nearest to `prior` with the given row and column totals: RAS (Stone, 1961), rows last."""

    def once(_, matrix):
        matrix = matrix * (columns / matrix.sum(0))
        return matrix * (rows / matrix.sum(1))[:, None]

    return lax.fori_loop(0, BALANCING_ROUNDS, once, prior)


def debt_drift(
    given: Any,
    returns: Float[Array, "asset"],
    people: People,
    ai: AI,
    homes: Homes,
    firms: Firms,
    debt: Scalar,
    labour_tax: Scalar,
) -> Scalar:
    """Growth of public debt over the trend at a labour tax."""
    gov, growth = given["government"], given["production"]["trend_growth"]
    mass = people.savers + people.spenders
    childcare = gov["childcare_subsidy"] * (people.childcare * people.age_mass).sum()
    support = gov["ai_subsidy"] * ai.investment
    spend = gov["purchases"] + (mass * _benefits(given, firms)).sum() + childcare + support
    wage_bill = (firms.wage * firms.hours).sum()
    profits = gov["profit_tax"] * firms.cash_flow.sum() + gov["housing_tax"] * homes.in_use
    revenue = labour_tax * wage_bill + gov["consumption_tax"] * firms.goods + profits
    varpi = gov["bond_share"]
    service = ((1 - varpi) * returns[LIQUID] + varpi * returns[BONDS]) / growth - 1
    return service * debt + spend - revenue


def spare_income(given: Any, people: People, power: Power, firms: Firms, labour_tax: Scalar) -> Float[Array, "group"]:
    """Income a head after childcare and basic electricity."""
    h = given["households"]
    share = firms.hours / people.labour_supply
    worked = (1 - labour_tax) * jnp.outer(h["efficiency"], firms.wage * share)
    income = jnp.concatenate([worked, jnp.zeros((1, len(SKILL)))]).ravel() + _benefits(given, firms)
    basic = power.delivered[HOMES] * basic_electricity(given, power)
    committed = people.childcare * (1 - given["government"]["childcare_subsidy"]) + basic
    return income - by_group(committed, EVERY_SKILL)


def balance_of(given: Any, returns: Float[Array, "asset"], income: Float[Array, "group"]) -> Float[Array, "group"]:
    """What a spender keeps who keeps the same share of cash on hand for ever; nothing where spenders spend all."""
    kept = given["balances"]["kept_share"] if "balances" in given else 0.0
    return kept * income / (1 - kept * returns[LIQUID] / given["production"]["trend_growth"])


def spent_of(
    given: Any, returns: Float[Array, "asset"], people: People, income: Float[Array, "group"], wealth: Wealth
) -> Spent:
    """Spending that keeps every group's wealth growing at the trend, of `income` a head after what is committed."""
    growth = given["production"]["trend_growth"]
    spenders = income + (returns[LIQUID] / growth - 1) * wealth.balance
    earned = (wealth.share @ returns) * wealth.per_saver
    savers = income + aged_wealth(bare_households(given, people), earned, growth) - wealth.per_saver
    return Spent(savers, spenders, (people.savers * savers + people.spenders * spenders).sum())


def basic_electricity(given: Any, power: Power) -> Array:
    """What every household buys whatever its price, a head."""
    return given["targets"]["basic_electricity_share"] * power.demand[HOMES]


def household_numbers(given: Any, people: People) -> dict[str, Any]:
    """Parameters of households that are known before what they spend."""
    share = given["households"]["bequest_share"]
    own = {**given["households"], "bequest_share": share / share.sum()}
    return {**own, "savers": people.savers, "spenders": people.spenders, "childcare": people.childcare}


def bare_households(given: Any, people: People) -> Parameters:
    """Parameters that say how people age and how many they are; what is calibrated later is left out."""
    known = household_numbers(given, people)
    names = (field.name for field in fields(Parameters))
    return Parameters(**{name: known[name] for name in names if name in known})


def _benefits(given, firms):
    """Unemployment benefits, pensions and transfers a head, `(group,)`."""
    pr, gov, h = given["production"], given["government"], given["households"]
    unemployed = gov["replacement_rate"] * jnp.outer(h["efficiency"], firms.wage * pr["natural_unemployment"])
    mean_wage = (firms.wage * firms.hours).sum() / firms.hours.sum()
    paid = jnp.concatenate([unemployed, (gov["pension"] * mean_wage)[None]]) + gov["general_transfer"]
    return paid.at[:OLD, LOW].add(gov["low_skill_transfer"]).ravel()
