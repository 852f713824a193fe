"""Homes and their construction."""

from typing import Any

from jax import Array
from jaxtyping import Float

from calibration.inversion.steps import Homes
from model.core.axes import HOUSING
from model.core.units import QUARTERS_A_YEAR


def homes_of(given: Any, returns: Float[Array, "asset"]) -> Homes:
    """Homes at a price of one, built so as to grow at the trend; the rent gives owners their return."""
    pr, growth = given["production"], given["production"]["trend_growth"]
    in_use = given["targets"]["housing_value"] * QUARTERS_A_YEAR / growth
    construction = (growth - 1 + pr["housing_depreciation"]) * in_use
    investment = (1 - pr["land_share"]) * construction
    land_rent = construction - investment
    owed = returns[HOUSING] - 1 + pr["housing_depreciation"] + given["government"]["housing_tax"]
    productivity = investment ** pr["land_share"] / (1 - pr["land_share"])
    return Homes(in_use, investment, productivity, owed - land_rent / in_use)
