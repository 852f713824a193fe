"""Incomes, wealth and portfolios of the groups, and what a path is worth to them."""

from jax import numpy as jnp

from model.core.axes import AGE, ASSET, GROUP, HOLDING, SKILL
from model.core.outcomes import POSITIVE, SHARE, outcome
from model.core.types import Real
from model.core.units import QUARTERS_A_YEAR, percent_a_year
from model.equilibrium.outcomes.observed import Observed
from model.portfolio.demand import ONLY_LIQUID

A_HEAD = "quarterly GDP a head"


@outcome(f"{A_HEAD}, without trend", GROUP, possible=POSITIVE)
def income(o: Observed) -> Real:
    """Income."""
    return o.now.spending.income


@outcome(f"{A_HEAD} after childcare and basic electricity, without trend", GROUP, possible=POSITIVE)
def spender_spending(o: Observed) -> Real:
    """Spending of spenders."""
    return o.now.spending.spender


@outcome("quarterly GDP per saver, without trend", GROUP, possible=POSITIVE)
def wealth(o: Observed) -> Real:
    """Wealth."""
    return o.x.households.wealth


@outcome("% of the initial steady state's annual GDP, without trend", possible=POSITIVE)
def household_wealth(o: Observed) -> Real:
    """Household wealth."""
    return 100 * _held(o).sum((1, 2)) / QUARTERS_A_YEAR


@outcome("% of household wealth", AGE, possible=SHARE, shown="wealth_share")
def wealth_share_by_age(o: Observed) -> Real:
    """Share of wealth by age."""
    held = _held(o)
    return 100 * held.sum(2) / held.sum((1, 2))[:, None]


@outcome("% of household wealth", SKILL, possible=SHARE, shown="wealth_share")
def wealth_share_by_skill(o: Observed) -> Real:
    """Share of wealth by skill."""
    held = _held(o)
    return 100 * held.sum(1) / held.sum((1, 2))[:, None]


@outcome("% a year, real", GROUP, name="return")
def real_return(o: Observed) -> Real:
    """Real return on wealth."""
    return percent_a_year(o.now.group_return - 1)


@outcome("% of the wealth of the age", HOLDING)
def portfolio(o: Observed) -> Real:
    """Portfolio."""
    held = _held(o)
    invested = jnp.reshape(o.p.households.savers * o.x.households.wealth, held.shape)
    by_asset = (invested[..., None] * o.now.shares.group.reshape(*held.shape, len(ASSET))).sum(2)
    by_asset = by_asset + ONLY_LIQUID * (held - invested).sum(2)[..., None]
    return 100 * (by_asset / held.sum(2)[..., None]).reshape(len(o.gdp), len(HOLDING))


@outcome("base = 1")
def inequality(o: Observed) -> Real:
    """Inequality of spending."""
    return o.now.inequality


def _held(o):
    """Wealth `(T + 1, age, skill)`."""
    return jnp.reshape(o.now.owned, (len(o.gdp), len(AGE), len(SKILL)))
