"""Poverty, inequality and affordability, see `model.distribution`; they take longer than all the rest."""

import jax
import jax.numpy as jnp

from model.core.axes import AGE, LINE, SKILL
from model.core.outcomes import POSITIVE, SHARE, outcome
from model.core.types import Real
from model.core.units import QUARTERS_A_YEAR
from model.distribution.mixture import gini as gini_of
from model.distribution.mixture import share_below, top_share
from model.distribution.poverty import Prices, family_dollars, lines
from model.distribution.poverty import childcare_to_rent as ratio_to_rent
from model.equilibrium.outcomes.observed import Observed

YOUNG_LOW, YOUNG_MIDDLE = SKILL.index("L"), SKILL.index("M")
OF_GROUP = "% of the group below the line"


@outcome("mean home in years of mean income of the age", AGE, possible=POSITIVE)
def affordability(o: Observed) -> Real:
    """Price of a home in years of income."""
    home = (o.x.portfolio.house_price * o.x.production.housing / o.people.sum())[:, None]
    by_age = (o.now.spending.income * o.people).reshape(-1, len(AGE), len(SKILL)).sum(2)
    return home / (QUARTERS_A_YEAR * by_age / o.people.reshape(len(AGE), len(SKILL)).sum(1))


@outcome("of the same home, initial steady state = 100", possible=POSITIVE)
def rent(o: Observed) -> Real:
    """Rent of a home."""
    return 100 * _prices(o).rent


@outcome("for parents, initial steady state = 100", possible=POSITIVE)
def childcare_price(o: Observed) -> Real:
    """Price of childcare."""
    return 100 * _prices(o).childcare


@outcome("in the budget of a family of four", LINE)
def childcare_to_rent(o: Observed) -> Real:
    """Childcare over rent."""
    return jax.vmap(ratio_to_rent, (None, 0))(o.p.distribution, _prices(o))


@outcome("dollars a year, family of four, without trend", LINE, possible=POSITIVE)
def poverty_line(o: Observed) -> Real:
    """Budget of a family of four over the trend."""
    return poverty_line_of_the_day(o) / o.p.production.trend_growth ** _quarters(o)[:, None]


@outcome("dollars of 2025 a year, family of four, with trend", LINE, possible=POSITIVE)
def poverty_line_of_the_day(o: Observed) -> Real:
    """Budget of a family of four."""
    since = _quarters(o) - o.units.first_shown  # the tables have quantities of the turn of 2026
    return jax.vmap(lines, (None, 0, 0, None))(o.p.distribution, _prices(o), since, o.p.production.trend_growth)


@outcome("% of people below the line", LINE, possible=SHARE)
def poverty(o: Observed) -> Real:
    """People below a line."""
    return 100 * _below(o) @ o.people / o.people.sum()


@outcome(OF_GROUP, LINE, possible=SHARE)
def poverty_of_young_low(o: Observed) -> Real:
    """Young low-skilled below a line."""
    return 100 * _below(o)[..., YOUNG_LOW]


@outcome(OF_GROUP, LINE, possible=SHARE)
def poverty_of_young_middle(o: Observed) -> Real:
    """Young middle-skilled below a line."""
    return 100 * _below(o)[..., YOUNG_MIDDLE]


@outcome("of income after tax and transfers", possible=(0.0, 1.0))
def gini(o: Observed) -> Real:
    """Gini coefficient of income."""
    return jax.vmap(gini_of, (None, 0, None))(o.people, o.now.spending.income, _spread(o))


@outcome("% of income of the top tenth", possible=SHARE)
def top_income_share(o: Observed) -> Real:
    """Income share of the top tenth."""
    d = o.p.distribution
    return _top_share(o, o.now.spending.income, _spread(o), d.income_tail)


@outcome("% of wealth of the top tenth", possible=SHARE)
def top_wealth_share(o: Observed) -> Real:
    """Wealth share of the top tenth."""
    d = o.p.distribution
    return _top_share(o, o.now.owned / o.people, jnp.full_like(_spread(o), d.wealth_dispersion), d.wealth_tail)


def _quarters(o):
    """Quarters after the economy's first one; the initial steady state counts as that."""
    return jnp.maximum(jnp.arange(len(o.gdp)) - 1.0, 0.0)


def _prices(o):
    """Prices of rent and childcare over those of the initial steady state."""
    cost, base_cost = (q.final_good.traditional_price * (1 - q.fiscal.subsidies.childcare) for q in (o.now, o.base))
    return Prices(cost / base_cost, o.now.spending.rent / o.base.spending.rent)


def _spread(o):
    return jnp.repeat(o.p.distribution.income_dispersion, len(SKILL))


def _below(o):
    """Share `(T + 1, line, group)` of each group below each line."""
    family = family_dollars(o.p.distribution, o.now.spending.income, o.units.gdp_dollars_a_year)
    return share_below(poverty_line(o)[..., None], family[:, None], _spread(o))


def _top_share(o, amounts, spread, tail):
    return 100 * jax.vmap(top_share, (None, 0, None, None))(o.people, amounts, spread, tail)
