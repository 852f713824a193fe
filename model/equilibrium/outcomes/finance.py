"""Interest, prices of assets, and the public finances."""

from model.core.axes import BONDS, LIQUID, LISTED_ASSET, PREMIUM_ASSET, SECTOR
from model.core.outcomes import POSITIVE, SHARE, outcome
from model.core.types import Real
from model.core.units import QUARTERS_A_YEAR, percent_a_year
from model.equilibrium.outcomes.observed import DOLLARS, Observed

OUTLAYS = "% of annual GDP at an annual rate"


@outcome("% a year", usual=(-1.0, 10.0))
def policy_rate_annual(o: Observed) -> Real:
    """Policy rate."""
    return percent_a_year(o.x.central_bank.policy_rate)


@outcome("% a year")
def bill_rate_annual(o: Observed) -> Real:
    """Bill rate."""
    spread = o.p.portfolio.deposit_spread + o.now.e.portfolio.liquid_spread
    return percent_a_year(o.x.central_bank.policy_rate + spread)


@outcome("% a year, real")
def natural_rate_annual(o: Observed) -> Real:
    """Natural rate."""
    return percent_a_year(o.p.central_bank.natural_rate + o.now.e.central_bank.natural_rate - 1)


@outcome("% a year")
def bond_yield_annual(o: Observed) -> Real:
    """Bond yield."""
    return percent_a_year(o.p.portfolio.bond_coupon / o.x.portfolio.bond_price - o.p.portfolio.bond_decay)


@outcome("pp a year over liquid assets", PREMIUM_ASSET)
def premium(o: Observed) -> Real:
    """Risk premium."""
    return 100 * QUARTERS_A_YEAR * o.x.portfolio.premium


@outcome("final goods per unit", SECTOR, possible=POSITIVE)
def q(o: Observed) -> Real:
    """Value of capital (Tobin's q)."""
    return o.x.production.capital_value


@outcome("% of the initial steady state's annual GDP, without trend", LISTED_ASSET, possible=POSITIVE)
def market_cap(o: Observed) -> Real:
    """Market value."""
    return 100 * o.x.portfolio.market_value / QUARTERS_A_YEAR


@outcome("initial steady state = 100", possible=POSITIVE)
def house_price(o: Observed) -> Real:
    """House price."""
    return 100 * o.x.portfolio.house_price


@outcome("% of annual GDP", usual=(30.0, 200.0))
def public_debt_share(o: Observed) -> Real:
    """Public debt."""
    return 100 * o.x.government.public_debt / (QUARTERS_A_YEAR * o.gdp)


@outcome("billion dollars of 2025, without trend")
def public_debt_dollars(o: Observed) -> Real:
    """Public debt in dollars."""
    return o.units.gdp_billions_a_year * o.x.government.public_debt / QUARTERS_A_YEAR


@outcome(DOLLARS)
def public_spending(o: Observed) -> Real:
    """Public spending without interest."""
    return o.units.gdp_billions_a_year * o.now.budget.spending


@outcome(DOLLARS)
def public_revenue(o: Observed) -> Real:
    """Public revenue."""
    return o.units.gdp_billions_a_year * o.now.budget.revenue


@outcome(DOLLARS)
def return_on_public_debt(o: Observed) -> Real:
    """Interest and changes of bond prices, over inflation."""
    return o.units.gdp_billions_a_year * _return_over(o, 1.0)


@outcome("% of public debt", possible=SHARE)
def bond_share(o: Observed) -> Real:
    """Bonds in public debt."""
    return 100 * o.now.fiscal.bond_share


@outcome("% of wages", usual=(0.0, 60.0))
def tax_rate(o: Observed) -> Real:
    """Tax on wages."""
    return 100 * o.now.fiscal.labour_tax


@outcome("base = 0")
def political_pressure(o: Observed) -> Real:
    """Political pressure."""
    return o.x.government.political_pressure


@outcome(f"{OUTLAYS}, at base output")
def programme_outlays(o: Observed) -> Real:
    """Outlays of programmes."""
    return 100 * _outlays(o)


@outcome(f"{DOLLARS}, at base output")
def programme_outlays_dollars(o: Observed) -> Real:
    """Outlays of programmes in dollars."""
    return o.units.gdp_billions_a_year * _outlays(o)


def _outlays(o):
    now, households = o.now, o.p.households
    transfers = (households.savers + households.spenders) @ now.benefits.transfer.reshape(len(o.gdp), -1).T
    outlays = now.fiscal.purchases + transfers + now.cash_flows.subsidies
    return (outlays + now.fiscal.subsidies.childcare * now.spending.childcare) / now.fiscal.scale


@outcome(OUTLAYS)
def debt_service(o: Observed) -> Real:
    """Debt service."""
    return 100 * _return_over(o, o.p.production.trend_growth)


def _return_over(o, growth):
    """What public debt of the quarter before returns beyond a rate of gross growth."""
    bonds, debt = o.now.lag_supply.bond_share, o.now.lag.government.public_debt
    gross = (1 - bonds) * o.now.returns[:, LIQUID] + bonds * o.now.returns[:, BONDS]
    return (gross - growth) * debt / o.p.production.trend_growth
