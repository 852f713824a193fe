"""What the portfolio block is made of: asset demand, values and premia."""

import equinox as eqx
from jax import Array

from model.core.axes import ASSET, LISTED_ASSET, PREMIUM_ASSET, TREND_ASSET
from model.core.fields import instrument, parameter, unknown


class Parameters(eqx.Module):
    base_share: Array = parameter("om0", "[share of wealth] (group, asset)")
    foreign_bond_share: Array = parameter("omF", "[share of foreign claims]")
    demand_elasticity: Array = parameter("eta_{}", "[per unit of quarterly log return]", PREMIUM_ASSET)
    size_elasticity: Array = parameter("iota_{}", "[1]", PREMIUM_ASSET)
    trend_chasing: Array = parameter("chi__{}", "[1]", TREND_ASSET)
    liquidity_beta: Array = parameter("xi_{}", "[1]", TREND_ASSET)
    reference_speed: Array = parameter("phr", "[per quarter]")
    base_premium: Array = parameter("x0_{}", "[quarterly log return]", PREMIUM_ASSET)
    base_value: Array = parameter("v0_{}", "[quarterly GDP]", ASSET)
    base_safe_value: Array = parameter("vS0", "[quarterly GDP]")
    deposit_spread: Array = parameter("spr", "[net per quarter]")
    bond_decay: Array = parameter("delB", "[per quarter]")
    bond_coupon: Array = parameter("cpn", "[per unit of face value and quarter]")
    bust_return: Array = parameter("RbustA", "[gross per quarter]")


class Instruments(eqx.Module):
    liquid_spread: Array = instrument("dspr", "[a quarter, added to the spread]", 0.0)
    demand_shift: Array = instrument("f{}", "[adds to log relative demand]", 0.0, PREMIUM_ASSET)
    young_crypto_shift: Array = instrument("fCY", "[adds to the log relative crypto demand of the young]", 0.0)
    young_liquid_shift: Array = instrument("fbY", "[adds to the log base share of liquid assets of the young]", 0.0)
    bond_elasticity: Array = instrument("etaB", "[multiple of the elasticity]", 1.0)
    crash_hazard: Array = instrument(
        "hzA", "[expected probability per quarter of a bust of AI equity]", 0.0, low=0.0, high=1.0
    )


class Variables(eqx.Module):
    market_value: Array = unknown("V{}", "[quarterly GDP]", LISTED_ASSET, log=True, carried=True)
    house_price: Array = unknown("pH", "[base price = 1]", log=True, carried=True)
    bond_price: Array = unknown("Qb", "[base price = 1]", log=True, carried=True)
    premium: Array = unknown("x{}", "[expected quarterly log return over liquid]", PREMIUM_ASSET, carried=True)
    reference_valuation: Array = unknown("r{}", "[log]", TREND_ASSET, carried=True)
