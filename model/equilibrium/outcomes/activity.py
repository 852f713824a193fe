"""Output, prices, labour and sectors."""

import jax.numpy as jnp

from model.core.axes import DEMAND, SECTOR, SKILL
from model.core.outcomes import POSITIVE, SHARE, outcome
from model.core.types import Real
from model.core.units import QUARTERS_A_YEAR, percent_a_year
from model.equilibrium.accounts import CONSUMED, fisher_index
from model.equilibrium.growth import KIND, growth_contributions
from model.equilibrium.outcomes.observed import Observed

AI = SECTOR.index("A")
INVESTED = [DEMAND.index(kind) for kind in ("IT", "IA", "IH", "P")]
INDEX = "initial steady state = 100, without trend"
REAL = "% of the initial steady state's GDP, at its prices, without trend"


@outcome(INDEX, possible=POSITIVE)
def gdp_real(o: Observed) -> Real:
    """Real GDP."""
    return 100 * o.real_gdp


@outcome("% a year, with trend", usual=(-7.0, 7.0), growth=True)
def gdp_growth_annual(o: Observed) -> Real:
    """Growth of real GDP."""
    return _growth(o, o.real_gdp)


@outcome(f"{INDEX}, AI services at the price of other goods", possible=POSITIVE)
def gdp_measured(o: Observed) -> Real:
    """Real GDP as statistics measure it."""
    return 100 * o.measured_gdp


@outcome("% a year, with trend", usual=(-7.0, 7.0), growth=True)
def gdp_measured_growth_annual(o: Observed) -> Real:
    """Growth of real GDP as measured."""
    return _growth(o, o.measured_gdp)


@outcome(INDEX, possible=POSITIVE)
def consumption(o: Observed) -> Real:
    """Consumption."""
    consumed = (a[:, :CONSUMED] for a in o.spent)
    return 100 * fisher_index(*consumed, *(a[:CONSUMED] for a in o.base_spent))


@outcome(REAL, DEMAND)
def demand(o: Observed) -> Real:
    """Real demand."""
    quantity, price = o.spent[0], o.base_spent[1]
    return 100 * (quantity * price) @ KIND / (o.base_spent[0] @ price)


@outcome(REAL, possible=POSITIVE)
def investment(o: Observed) -> Real:
    """Investment of firms, utilities and home builders."""
    return demand(o)[:, INVESTED].sum(1)


@outcome("% of labour force", possible=SHARE, usual=(2.5, 12.0))
def unemployment(o: Observed) -> Real:
    """Unemployment."""
    return 100 * o.now.labour.mean_unemployment


@outcome("% a year", usual=(-2.0, 8.0))
def inflation_annual(o: Observed) -> Real:
    """Inflation."""
    return percent_a_year(o.x.central_bank.inflation - 1)


@outcome("% of GDP", possible=POSITIVE, usual=(35.0, 70.0))
def labour_share(o: Observed) -> Real:
    """Labour share."""
    return 100 * o.now.labour.wage_bill / o.gdp


@outcome("% of GDP", possible=POSITIVE, usual=(0.0, 6.0))
def ai_capex_share(o: Observed) -> Real:
    """AI capital spending."""
    return 100 * o.now.investment.gross_price[:, AI] * o.now.cash_flows.equipment / o.gdp


@outcome("% of GDP", possible=POSITIVE)
def ai_revenue_share(o: Observed) -> Real:
    """AI revenue."""
    return 100 * o.x.production.ai_price * o.now.ai.output / o.gdp


@outcome(INDEX, SECTOR, possible=POSITIVE)
def output(o: Observed) -> Real:
    """Output of the sector."""
    return 100 * _output(o.now, 1) / _output(o.base, 0)


@outcome("final goods per unit, base = 1", SECTOR, possible=POSITIVE)
def relative_price(o: Observed) -> Real:
    """Relative price."""
    return jnp.stack([o.now.final_good.traditional_price, o.x.production.ai_price], 1)


@outcome("% of GDP, price less marginal cost", SECTOR)
def profit_share(o: Observed) -> Real:
    """Profits of the sector."""
    cost = jnp.stack([o.now.traditional.marginal_cost, o.now.ai.marginal_cost], 1)
    return 100 * (relative_price(o) - cost) * _output(o.now, 1) / o.gdp[:, None]


@outcome("quarterly GDP, without trend", SECTOR, possible=POSITIVE)
def capital(o: Observed) -> Real:
    """Capital of the sector."""
    return o.x.production.capital


@outcome(INDEX, SKILL, possible=POSITIVE)
def wage(o: Observed) -> Real:
    """Real wage."""
    return 100 * o.x.production.wage / o.base.x.production.wage


@outcome("% of labour force", SKILL, possible=SHARE, usual=(1.0, 25.0), shown="unemployment")
def unemployment_by_skill(o: Observed) -> Real:
    """Unemployment by skill."""
    return 100 * o.now.labour.unemployment


@outcome("% of task cost", SKILL, possible=SHARE)
def automated_share(o: Observed) -> Real:
    """Tasks done by AI."""
    return 100 * o.now.tasks.automated_share


@outcome("% of tasks", possible=SHARE)
def tasks_open_to_ai(o: Observed) -> Real:
    """Tasks open to AI."""
    return 100 * o.now.open_share


@outcome("% of AI equipment without copper", possible=SHARE)
def imported_share(o: Observed) -> Real:
    """Imported share of AI equipment."""
    return 100 * o.p.rest_of_world.import_share * o.now.e.rest_of_world.import_share


@outcome("pp of growth, four times that of a quarter, with trend", DEMAND, growth=True)
def growth_contribution(o: Observed) -> Real:
    """Contribution to growth."""
    added = growth_contributions(*o.spent, *o.base_spent, o.p.production.trend_growth)
    return 100 * QUARTERS_A_YEAR * added


def _growth(o, index):
    previous = jnp.concatenate([jnp.ones(1), index[:-1]])
    return 100 * ((index / previous * o.p.production.trend_growth) ** QUARTERS_A_YEAR - 1)


def _output(now, axis):
    return jnp.stack([now.traditional.output, now.ai.output], axis)
