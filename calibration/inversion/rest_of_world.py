"""Foreign claims, imports and exports."""

from typing import NamedTuple

from jax import Array

from model.core.axes import ASSET
from model.core.units import QUARTERS_A_YEAR

LIQUID, BONDS = ASSET.index("b"), ASSET.index("B")


class Outside(NamedTuple):
    claims: Array  # [quarterly GDP]
    imports: Array
    exports: Array


def outside_of(given, returns, ai_investment):
    """Exports are such that claims grow at the trend."""
    target, growth = given["targets"], given["production"]["trend_growth"]
    claims = target["foreign_claims"] * QUARTERS_A_YEAR
    imports = given["rest_of_world"]["import_share"] * (1 - given["production"]["equipment_copper"]) * ai_investment
    bonds = target["foreign_bond_share"]
    earned = bonds * returns[BONDS] + (1 - bonds) * returns[LIQUID]
    return Outside(claims, imports, (earned / growth - 1) * claims + imports)
