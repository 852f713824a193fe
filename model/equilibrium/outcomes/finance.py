"""Interest, prices of assets, and the public finances."""

from model.core.axes import BONDS, LIQUID, LISTED_ASSET, PREMIUM_ASSET, SECTOR
from model.core.outcomes import POSITIVE, SHARE, outcome
from model.core.types import Real
from model.core.units import QUARTERS_A_YEAR, percent_a_year
from model.equilibrium.outcomes.observed import Observed

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


@outcome(f"{OUTLAYS}, at base output and prices")
def programme_outlays(o: Observed) -> Real:
    """Outlays of programmes."""
    now, households = o.now, o.p.households
    transfers = (households.savers + households.spenders) @ now.benefits.transfer.reshape(len(o.gdp), -1).T
    outlays = (now.fiscal.purchases + transfers) / now.fiscal.scale + now.cash_flows.subsidies
    return 100 * (outlays + now.fiscal.childcare_subsidy * now.spending.childcare)


@outcome(OUTLAYS)
def debt_service(o: Observed) -> Real:
    """Debt service."""
    now, growth, bonds = o.now, o.p.production.trend_growth, o.now.lag_supply.bond_share
    debt = now.lag.government.public_debt
    return 100 * ((1 - bonds) * now.returns[:, LIQUID] + bonds * now.returns[:, BONDS] - growth) * debt / growth
