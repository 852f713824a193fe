"""Treasury and Fed plumbing: balance-sheet operations in dollars, and what of them reaches the economy.

The core sees the consolidated public sector: the share of its liabilities that are bonds (`varpi`) and the spread on
liquid assets, which rises as bank reserves become scarce (`dspr`). All else of an operation is a swap within the public
sector or between liquid liabilities.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from model.core.types import Real

SPREAD_AT_SCARCITY = 0.0005 / 4  # 5 basis points a year
ADEQUATE_RESERVES = 0.09  # of annual GDP
SCARCITY_WIDTH = 0.01  # of annual GDP


class BalanceSheet(NamedTuple):
    """Treasury and Federal Reserve, trillions of dollars at market value; `public` holdings are outside of the Fed.

    Currency includes the Fed's small other liabilities, other assets its mortgage securities, loans and gold.
    """

    bills_public: float
    coupons_public: float
    treasury_account: float
    fed_bills: float
    fed_coupons: float
    fed_other_assets: float
    reserves: float
    reverse_repo: float
    currency: float
    annual_gdp: float

    @property
    def liquid_public(self) -> float:
        """Liquid public liabilities that the public holds."""
        return self.bills_public + self.reserves + self.reverse_repo + self.currency

    @property
    def public_debt(self) -> float:
        """All that the public holds of the Treasury and the Fed."""
        return self.liquid_public + self.coupons_public

    def gaps(self) -> tuple[float, float]:
        """What must be zero, trillions: the Fed's two sides; public debt as what is issued, and as what is held."""
        assets = self.fed_bills + self.fed_coupons + self.fed_other_assets
        liabilities = self.reserves + self.reverse_repo + self.treasury_account + self.currency
        issued = self.bills_public + self.fed_bills + self.coupons_public + self.fed_coupons
        return assets - liabilities, issued - self.treasury_account + self.fed_other_assets - self.public_debt

    def moved(self, **amounts: float) -> "BalanceSheet":
        """The sheet with these amounts added."""
        return self._replace(**{name: getattr(self, name) + amount for name, amount in amounts.items()})


def bill_tilt(sheet: BalanceSheet, amount: float) -> BalanceSheet:
    """The Treasury issues bills and retires as many coupon bonds."""
    return sheet.moved(bills_public=amount, coupons_public=-amount)


def quantitative_easing(sheet: BalanceSheet, amount: float, settled: str = "reserves") -> BalanceSheet:
    """The Fed buys coupon bonds and pays with `reserves` or, if money funds place the proceeds with it, `reverse_repo`."""
    return sheet.moved(coupons_public=-amount, fed_coupons=amount, **{settled: amount})


def reserve_management(sheet: BalanceSheet, amount: float) -> BalanceSheet:
    """The Fed buys bills with reserves."""
    return sheet.moved(bills_public=-amount, fed_bills=amount, reserves=amount)


def treasury_account(sheet: BalanceSheet, amount: float) -> BalanceSheet:
    """The Treasury moves its cash account and issues or pays down as many bills; reserves take the other side."""
    return sheet.moved(treasury_account=amount, bills_public=amount, reserves=-amount)


def reverse_repo(sheet: BalanceSheet, amount: float) -> BalanceSheet:
    """Money funds move cash between bank deposits and the Fed's reverse repo facility."""
    return sheet.moved(reverse_repo=amount, reserves=-amount)


OPERATIONS = {
    "bill_tilt": bill_tilt,
    "quantitative_easing": quantitative_easing,
    "reserve_management": reserve_management,
    "treasury_account": treasury_account,
    "reverse_repo": reverse_repo,
}


def reserve_scarcity_spread(reserves: Float[Real, "*shape"] | float) -> Float[np.ndarray, "*shape"] | float:
    """`a softplus((R* - Res) / w)`, net per quarter, for bank reserves as a share of annual GDP."""
    return SPREAD_AT_SCARCITY * np.logaddexp(0.0, (ADEQUATE_RESERVES - np.asarray(reserves)) / SCARCITY_WIDTH)


def mapped(before: BalanceSheet, after: BalanceSheet) -> tuple[float, float]:
    """Changes of the instruments `(varpi, dspr)` that lead from one sheet to the other, whose public debt is equal."""
    bond_share = (after.coupons_public - before.coupons_public) / before.public_debt
    spreads = (reserve_scarcity_spread(sheet.reserves / sheet.annual_gdp) for sheet in (before, after))
    first, second = spreads
    return bond_share, float(second - first)


def rate_innovations(change_annual: Float[np.ndarray, "quarters"], smoothing: float) -> Float[np.ndarray, "quarters+1"]:
    """Shocks to the policy rule that move the rate by `change_annual`, all else equal.

    Changes are net per year; the last shock takes back what the rule's `smoothing` would carry on.
    """
    change = np.append(np.asarray(change_annual, float), 0.0) / 4
    return change - smoothing * np.append(0.0, change[:-1])
