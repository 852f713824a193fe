"""Realised returns by asset (E.22-26)."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.core.axes import ASSET, EQUITY, LIQUID, PREMIUM, PREMIUM_ASSET, TOKEN
from model.core.equations import equation, expectation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.portfolio.declarations import Instruments, Parameters, Variables

AI_EQUITY = (np.arange(len(PREMIUM_ASSET)) == PREMIUM_ASSET.index("A")).astype(float)


def realised_returns(
    p: Parameters,
    lag: Variables,
    x: Variables,
    liquid: Scalar,
    inflation: Scalar,
    dividends: Float[Real, "sector"],
    housing_payoff: Scalar,
    trend_growth: Scalar,
) -> Float[Real, "asset"]:
    """Gross real returns from last quarter to this one, `(asset,)`, given that on `liquid` assets; tokens pay nothing, `housing_payoff` is per unit."""
    R_B = (p.bond_coupon + (1 - p.bond_decay) * x.bond_price) / lag.bond_price / inflation
    paid = jnp.append(dividends, jnp.zeros(len(TOKEN)))
    listed = trend_growth * (x.market_value + paid) / lag.market_value
    before, after = jnp.stack([liquid, R_B]), (housing_payoff / lag.house_price)[None]
    return jnp.concatenate([before, listed[: len(EQUITY)], after, listed[len(EQUITY) :]])


def liquid_return(p: Parameters, lag_e: Instruments, lag_policy_rate: Scalar, inflation: Scalar) -> Scalar:
    """Gross real return on liquid assets from last quarter to this one."""
    return (1 + lag_policy_rate + p.deposit_spread + lag_e.liquid_spread) / inflation


@equation(22, "premium", PREMIUM_ASSET)
def premium(p: ByName, now: Any, lead: ByName) -> Float[Real, "premium_asset"]:
    """x_k - ln((1 - hzA) R_k' + hzA RbustA) + ln R_b' = 0, hzA for AI equity alone"""
    hazard = AI_EQUITY * now.e.portfolio.crash_hazard
    expected = (1 - hazard) * lead.returns[PREMIUM] + hazard * p.portfolio.bust_return
    return now.x.portfolio.premium - jnp.log(expected / lead.returns[LIQUID])


@expectation(ASSET)
def returns(p: ByName, now: Any) -> Float[Real, "asset"]:
    """Realised returns [gross per quarter]."""
    return now.returns
