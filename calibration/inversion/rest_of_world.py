"""Foreign claims, imports and exports."""

from typing import Any

from jax import Array
from jaxtyping import Float

from calibration.inversion.steps import AI, Outside
from model.core.axes import BONDS, LIQUID
from model.core.units import QUARTERS_A_YEAR


def outside_of(given: Any, returns: Float[Array, "asset"], ai: AI) -> Outside:
    """Exports of goods are such that claims grow at the trend."""
    target, growth = given["targets"], given["production"]["trend_growth"]
    claims = target["foreign_claims"] * QUARTERS_A_YEAR
    imported = given["rest_of_world"]["import_share"] * ai.investment
    imports = imported * (1 - given["production"]["equipment_copper"])
    bonds = target["foreign_bond_share"]
    earned = bonds * returns[BONDS] + (1 - bonds) * returns[LIQUID]
    goods = imports - imported * ai.chip_margin
    return Outside(claims, imports, goods, (earned / growth - 1) * claims + imports - ai.exports)
