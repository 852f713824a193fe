"""Foreign claims, imports and exports."""

from typing import Any

from jax import Array
from jaxtyping import Float

from calibration.inversion.steps import Outside
from model.core.axes import BONDS, LIQUID
from model.core.types import Scalar
from model.core.units import QUARTERS_A_YEAR


def outside_of(given: Any, returns: Float[Array, "asset"], ai_investment: Scalar) -> Outside:
    """Exports are such that claims grow at the trend."""
    target, growth = given["targets"], given["production"]["trend_growth"]
    claims = target["foreign_claims"] * QUARTERS_A_YEAR
    imports = given["rest_of_world"]["import_share"] * (1 - given["production"]["equipment_copper"]) * ai_investment
    bonds = target["foreign_bond_share"]
    earned = bonds * returns[BONDS] + (1 - bonds) * returns[LIQUID]
    return Outside(claims, imports, (earned / growth - 1) * claims + imports)
