"""Two-level asset demand: a safe nest of liquid assets and bonds beside risky assets (E.1, E.17-21, E.28-31; Koijen, Yogo, 2019)."""

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.core.axes import (
    AGE,
    ASSET,
    BONDS,
    EQUITY,
    LIQUID,
    PREMIUM,
    PREMIUM_ASSET,
    RISKY,
    SKILL,
    TREND_ASSET,
)
from model.core.equations import equation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.portfolio.declarations import Instruments, Parameters, Variables

CRYPTO = TREND_ASSET.index("C")
ONLY_LIQUID = (np.arange(len(ASSET)) == LIQUID).astype(float)
BOND_PREMIUM, RISKY_PREMIUM = 0, slice(1, None)  # among the assets with a premium
YOUNG = np.repeat(np.arange(len(AGE)) == AGE.index("Y"), len(SKILL))
YOUNG_WEIGHT = YOUNG.astype(float)
YOUNG_CRYPTO = np.outer(YOUNG, np.arange(len(TREND_ASSET)) == CRYPTO).astype(float)


class Supply(NamedTuple):
    liquid: Real  # [quarterly GDP]
    bonds: Real  # [quarterly GDP]
    bond_share: Real  # [share of the public debt]
    risky: Real  # [quarterly GDP] (trend asset,), market value
    log_price: Real  # [log] (trend asset,), valuation that trend demand looks at


class Shares(NamedTuple):
    group: Real  # [share of wealth] (group, asset)
    foreign: Real  # [share of foreign claims] (asset,), liquid and bonds only


def asset_supply(x: Variables, housing: Scalar, public_debt: Float[Real, ""], bond_share: Float[Real, ""]) -> Supply:
    """Market values of what there is to hold, from the unknowns at one date."""
    price = _with_housing(x.market_value, x.house_price)
    risky = _with_housing(x.market_value, x.house_price * housing)
    return Supply((1 - bond_share) * public_debt, bond_share * public_debt, bond_share, risky, jnp.log(price))


def _with_housing(listed, housing):
    return jnp.concatenate([listed[: len(EQUITY)], housing[None], listed[len(EQUITY) :]])


def portfolio_shares(
    p: Parameters,
    e: Instruments,
    premium: Float[Real, "premium_asset"],
    reference_valuation: Float[Real, "trend_asset"],
    supply: Supply,
    base_bond_share: Scalar,
) -> Shares:
    """Shares of every group and of foreigners, given expected premia, market sizes and demand shifts."""
    varpi, varpi0, xB, xB0 = supply.bond_share, base_bond_share, premium[BOND_PREMIUM], p.base_premium[BOND_PREMIUM]
    safe_excess = varpi * xB - varpi0 * xB0
    maturity = jnp.log(varpi / (1 - varpi)) - jnp.log(varpi0 / (1 - varpi0))
    eta_B = p.demand_elasticity[BOND_PREMIUM] * e.bond_elasticity
    zB = eta_B * (xB - xB0) + p.size_elasticity[BOND_PREMIUM] * maturity + e.demand_shift[BOND_PREMIUM]

    safe_value, base_risky = supply.liquid + supply.bonds, p.base_value[RISKY]
    size = jnp.log(supply.risky / safe_value) - jnp.log(base_risky / p.base_safe_value)
    z = (
        p.demand_elasticity[RISKY_PREMIUM] * (premium - p.base_premium - safe_excess)[RISKY_PREMIUM]
        + p.size_elasticity[RISKY_PREMIUM] * size
        + p.trend_chasing * (supply.log_price - reference_valuation)
        + p.liquidity_beta * jnp.log(supply.liquid / p.base_value[LIQUID])
        + e.demand_shift[RISKY_PREMIUM]
    )
    z = z + YOUNG_CRYPTO * e.young_crypto_shift

    liquid = p.base_share[:, LIQUID] * jnp.exp(YOUNG_WEIGHT * e.young_liquid_shift)
    bonds_in_nest = _bonds_in_nest(liquid, p.base_share[:, BONDS], zB)
    risky = p.base_share[:, RISKY] * jnp.exp(z)
    safe = liquid + p.base_share[:, BONDS]
    total = safe + risky.sum(1)
    nest = jnp.stack([(1 - bonds_in_nest) * safe, bonds_in_nest * safe], 1)
    group = jnp.concatenate([nest, risky], 1) / total[:, None]
    foreign_bonds = _bonds_in_nest(1 - p.foreign_bond_share, p.foreign_bond_share, zB)
    foreign = jnp.concatenate([jnp.stack([1 - foreign_bonds, foreign_bonds]), jnp.zeros(len(TREND_ASSET))])
    return Shares(group, foreign)


def _bonds_in_nest(liquid, bonds, log_shift):
    return bonds * jnp.exp(log_shift) / (liquid + bonds * jnp.exp(log_shift))


def asset_demand(
    invested: Float[Real, "group"], balances: Scalar, shares: Shares, foreign_claims: Scalar
) -> Float[Real, "asset"]:
    """Total demand by asset `(asset,)`: of what savers own, of balances, which are liquid, and of foreigners."""
    return invested @ shares.group + ONLY_LIQUID * balances + foreign_claims * shares.foreign


@equation(1, "liquid_market")
def liquid_market(p: ByName, now: Any, lead: ByName) -> Scalar:
    """(sum_g (S_g k_g omega_gb + Nh_g bh_g) + NF omega_Fb) / ((1 - varpi) Dbt) - 1 = 0, bh_g = 0 where spenders keep nothing"""
    return now.asset_demand[LIQUID] / now.supply.liquid - 1


@equation(17, "asset_market", PREMIUM_ASSET)
def asset_market(p: ByName, now: Any, lead: ByName) -> Float[Real, "premium_asset"]:
    """(sum_g S_g k_g omega_gk (+ NF omega_FB for B)) / (varpi Dbt, VT, VA, pH Hs, VC) - 1 = 0"""
    return now.asset_demand[PREMIUM] / jnp.append(now.supply.bonds, now.supply.risky) - 1


@equation(28, "reference_valuation", TREND_ASSET)
def reference_valuation(p: ByName, now: Any, lead: ByName) -> Float[Real, "trend_asset"]:
    """r_k - (1 - phr) r_k(-1) - phr ln P_k(-1) = 0, P = VT, VA, pH, VC"""
    phr = p.portfolio.reference_speed
    return (
        now.x.portfolio.reference_valuation
        - (1 - phr) * now.lag.portfolio.reference_valuation
        - phr * now.lag_supply.log_price
    )
