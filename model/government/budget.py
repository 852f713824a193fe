"""Public budget, debt and the slow part of the fiscal rule (E.50-51)."""

from typing import Any, NamedTuple

from jaxtyping import Float

from model.core.axes import BONDS, LIQUID
from model.core.equations import equation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.government.policy import FiscalPolicy


class PublicBudget(NamedTuple):
    spending: Real  # [quarterly GDP]
    revenue: Real  # [quarterly GDP]
    subsidies: Real  # [quarterly GDP], on investment of every kind


def public_budget(
    fiscal: FiscalPolicy,
    benefit_bill: Scalar,
    childcare_bill: Scalar,
    subsidies: Float[Real, ""],
    tax_bases: tuple[Scalar, Scalar, Scalar, Scalar],
    consumption_tax: Scalar,
    housing_tax: Scalar,
) -> PublicBudget:
    """Spending without interest, and revenue; `tax_bases` are wages, goods, profits and the value of housing."""
    wages, goods, profits, housing = tax_bases
    spend = fiscal.purchases + benefit_bill + fiscal.subsidies.childcare * childcare_bill + subsidies
    rev = fiscal.labour_tax * wages + consumption_tax * goods + fiscal.profit_tax * profits + housing_tax * housing
    return PublicBudget(spend, rev, subsidies)


@equation(50, "public_debt")
def public_debt(p: ByName, now: Any, lead: ByName) -> Scalar:
    """Dbt / ([(1 - varpi(-1)) R_b + varpi(-1) R_B] Dbt(-1) / Gam + spend - rev) - 1 = 0"""
    R_b, R_B, varpi = now.returns[LIQUID], now.returns[BONDS], now.lag_supply.bond_share
    rolled = ((1 - varpi) * R_b + varpi * R_B) * now.lag.government.public_debt / p.production.trend_growth
    return now.x.government.public_debt / (rolled + now.budget.spending - now.budget.revenue) - 1


@equation(51, "tax_intercept")
def tax_intercept(p: ByName, now: Any, lead: ByName) -> Scalar:
    """tb - tb(-1) - phidi dgap = 0"""
    return (
        now.x.government.tax_intercept
        - now.lag.government.tax_intercept
        - p.government.debt_integral_response * now.fiscal.debt_gap
    )
