"""Realised returns by asset (E.22-26)."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.core.axes import ASSET, PREMIUM_ASSET
from model.core.equations import equation, expectation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.portfolio.declarations import Instruments, Parameters, Variables

AI_EQUITY = (np.arange(len(PREMIUM_ASSET)) == PREMIUM_ASSET.index("A")).astype(float)


def realised_returns(
    p: Parameters,
    lag: Variables,
    lag_e: Instruments,
    x: Variables,
    lag_policy_rate: Scalar,
    inflation: Scalar,
    dividends: Float[Real, "sector"],
    housing_payoff: Scalar,
    trend_growth: Scalar,
) -> Float[Real, "asset"]:
    """Gross real returns from last quarter to this one, `(asset,)`; `dividends` of T and A, `housing_payoff` per unit."""
    R_b = (1 + lag_policy_rate + p.deposit_spread + lag_e.liquid_spread) / inflation
    R_B = (p.bond_coupon + (1 - p.bond_decay) * x.bond_price) / lag.bond_price / inflation
    paid = jnp.append(dividends, 0.0)
    R_T, R_A, R_C = trend_growth * (x.market_value + paid) / lag.market_value
    return jnp.stack([R_b, R_B, R_T, R_A, housing_payoff / lag.house_price, R_C])


@equation(22, "premium", PREMIUM_ASSET)
def premium(p: ByName, now: Any, lead: ByName) -> Float[Real, "premium_asset"]:
    """x_k - ln((1 - hzA) R_k' + hzA RbustA) + ln R_b' = 0, hzA for AI equity alone"""
    hazard = AI_EQUITY * now.e.portfolio.crash_hazard
    expected = (1 - hazard) * lead.returns[1:] + hazard * p.portfolio.bust_return
    return now.x.portfolio.premium - jnp.log(expected / lead.returns[0])


@expectation(ASSET)
def returns(p: ByName, now: Any) -> Float[Real, "asset"]:
    """Realised returns [gross per quarter]."""
    return now.returns
