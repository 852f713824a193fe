"""Poverty lines as budgets of a family of four, and what their parts cost along a path."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Float

from model.core.types import Real, Scalar
from model.distribution.declarations import Parameters

ADULTS_IN_FAMILY = 2
MILLION = 1e6


class Prices(NamedTuple):
    """In final goods, relative to the initial steady state."""

    childcare: Real
    rent: Real


def family_dollars(p: Parameters, income: Float[Real, "..."] | float, gdp_dollars_a_year: float) -> Float[Real, "..."]:
    """Dollars a year of a family with two adults from income a head [quarterly GDP a head]."""
    return income * gdp_dollars_a_year * ADULTS_IN_FAMILY / (p.adults * MILLION)


def lines(p: Parameters, prices: Prices, since: Scalar | int, trend_growth: Scalar) -> Float[Real, "line"]:
    """Dollars of 2025 a year of each line `(line,)`, `since` quarters after the one whose quantities it has."""
    cost = p.line_goods + p.line_childcare * prices.childcare + p.line_rent * prices.rent
    return cost * trend_growth ** (since * p.line_growth)


def childcare_to_rent(p: Parameters, prices: Prices) -> Float[Real, "line"]:
    """Childcare over rent in each budget `(line,)`; zero in the official line, which knows neither."""
    return p.line_childcare * prices.childcare / jnp.maximum(p.line_rent * prices.rent, 1.0)
