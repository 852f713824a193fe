"""Savers and spenders on nine islands of age and skill (E.32-49; Challe and Ragot, 2016; Bilbiie, 2024)."""

from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.axes import AGE, GROUP, SKILL
from model.core.equations import equation, expectation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.households.declarations import Instruments, Parameters

BY_AGE_AND_SKILL = (len(AGE), len(SKILL))


class Spending(NamedTuple):
    income: Real  # [quarterly GDP a head] (group,)
    committed: Real  # [quarterly GDP a head] (group,)
    spender: Real  # [quarterly GDP a head, discretionary] (group,)
    total: Real  # [quarterly GDP, discretionary]
    goods: Real  # [quarterly GDP before consumption tax]
    rent: Real  # [quarterly GDP per unit of housing in use]
    electricity: Real  # [annual electricity]
    basic_electricity: Real  # [annual electricity]
    childcare: Real  # [traditional goods]
    received: Real | None  # [quarterly GDP per saver] (group,), wealth with its return after ageing and bequests


class MarginalUtility(NamedTuple):
    """Of savers [per quarterly GDP per saver] (group,)."""

    spending: Real
    wealth: Real


def heads(p: Parameters) -> Float[Real, "group"]:
    """Mass of people by group."""
    return p.savers + p.spenders


def by_group(age_values: Float[Real, "age"], skill_values: Float[Real, "skill"]) -> Float[Array, "group"]:
    """Outer product of an age array and a skill array as a group array."""
    return jnp.outer(age_values, skill_values).ravel()  # pyright: ignore[reportArgumentType]


def owned(
    p: Parameters, wealth: Float[Real, "... group"], balance: Float[Real, "... group"] | float
) -> Float[Real, "... group"]:
    """Wealth of all in a group, of `wealth` per saver and `balance` per spender [quarterly GDP]."""
    return p.savers * wealth + p.spenders * balance


def leaving_share(p: Parameters) -> Float[Real, "age"]:
    """Share of a stage's wealth that leaves it each quarter, `(age,)`."""
    return p.ageing_rate * p.leaver_wealth


def aged_wealth(p: Parameters, wealth_with_return: Float[Real, "group"], trend_growth: Scalar) -> Float[Real, "group"]:
    """Wealth received per saver after ageing and bequests, `(group,)`; conserves the total up to growth."""
    held = (p.savers * wealth_with_return).reshape(BY_AGE_AND_SKILL)
    leaving = leaving_share(p)[:, None] * held
    arriving = jnp.concatenate([jnp.zeros_like(leaving[:1]), leaving[:-1]])
    bequests = jnp.append(p.bequest_share, 0.0)[:, None] * leaving[-1]
    return (held - leaving + arriving + bequests).ravel() / (p.savers * trend_growth)


def committed_spending(
    p: Parameters,
    childcare_price: Scalar,
    childcare_subsidy: Scalar,
    electricity_price: Scalar,
    basic_electricity: Scalar,
) -> Float[Real, "group"]:
    """Childcare at the price of traditional goods and basic electricity, `(group,)`."""
    childcare = childcare_price * p.childcare * (1 - childcare_subsidy)
    return by_group(childcare + electricity_price * basic_electricity, jnp.ones(len(SKILL)))


def spending(
    p: Parameters,
    e: Instruments,
    saver_spending: Float[Real, "group"],
    income: Float[Real, "group"],
    drawn: Float[Real, "group"] | float,
    childcare_price: Scalar,
    childcare_subsidy: Scalar,
    electricity_price: Scalar,
    consumption_tax: Scalar,
    housing_in_use: Scalar,
) -> Spending:
    """Spenders' spending, the total, and its Cobb-Douglas split over goods, housing services and electricity.

    Spenders spend what they earn and what they have `drawn` from their balances.
    """
    ebar = p.basic_electricity * e.basic_electricity
    com = committed_spending(p, childcare_price, childcare_subsidy, electricity_price, ebar)
    mh = income - com + drawn
    M = (p.savers * saver_spending + p.spenders * mh).sum()
    CC = (heads(p) * by_group(p.childcare, jnp.ones(len(SKILL)))).sum()
    electricity = ebar + p.electricity_share * M / electricity_price
    goods = p.goods_share * M / (1 + consumption_tax)
    return Spending(income, com, mh, M, goods, p.housing_share * M / housing_in_use, electricity, ebar, CC, None)


@equation(32, "budget", GROUP)
def budget(p: ByName, now: Any, lead: ByName) -> Float[Real, "group"]:
    """(m_g + com_g + k_g) / (y_g + a_g) - 1 = 0"""
    x, s = now.x.households, now.spending
    return (x.spending + s.committed + x.wealth) / (s.income + s.received) - 1


@equation(41, "euler", GROUP)
def euler(p: ByName, now: Any, lead: ByName) -> Float[Real, "group"]:
    """((patience beta / Gam) R_g' [(1 - phi~_a) lam_g' + phi~_a lam_g+'] + lamk_g) / lam_g - 1 = 0, lam = 1 / m, lamk = nu / k"""
    h, own = p.households, now.marginal_utility
    phi = by_group(leaving_share(h), jnp.ones(len(SKILL)))
    older = jnp.append(lead.marginal_utility[len(SKILL) :], jnp.zeros(len(SKILL)))
    discounted = (
        h.discount_factor * now.e.households.patience / p.production.trend_growth * (now.shares.group @ lead.returns)
    )
    return (discounted * ((1 - phi) * lead.marginal_utility + phi * older) + own.wealth) / own.spending - 1


@expectation(GROUP)
def marginal_utility(p: ByName, now: Any) -> Float[Real, "group"]:
    """Of what savers spend [per quarterly GDP per saver]."""
    return now.marginal_utility.spending


def logarithmic(p: ByName, now: Any) -> dict[str, MarginalUtility]:
    """Utility `log m + nu log k`."""
    x = now.x.households
    return {"marginal_utility": MarginalUtility(1 / x.spending, p.households.wealth_utility / x.wealth)}
