"""Time to build (Kydland and Prescott, 1982) for plants, grid and connections: starts wait in a pipeline that completes at a rate.

The laws are relative: zero where they hold. Arguments may have an axis.
"""

from jaxtyping import Float

from model.core.types import Real

Reals = Float[Real, "..."]


def stock_gap(
    stock: Reals, in_use: Reals, depreciation: Reals, pipeline_in_use: Reals, completion_rate: Reals
) -> Reals:
    """K / ((1 - del) Ku + psi Uu) - 1"""
    return stock / ((1 - depreciation) * in_use + completion_rate * pipeline_in_use) - 1


def pipeline_gap(pipeline: Reals, in_use: Reals, completion_rate: Reals, starts: Reals) -> Reals:
    """U / ((1 - psi) Uu + N) - 1"""
    return pipeline / ((1 - completion_rate) * in_use + starts) - 1


def value_gap(value: Reals, return_ahead: Reals, payoff_ahead: Reals) -> Reals:
    """q R' / payoff' - 1"""
    return value * return_ahead / payoff_ahead - 1


def stock_payoff(rental: Reals, value: Reals, depreciation: Reals) -> Reals:
    """What a unit pays: its rental and its remaining value."""
    return rental + (1 - depreciation) * value


def pipeline_payoff(stock_value: Reals, pipeline_value: Reals, completion_rate: Reals) -> Reals:
    """What a unit under construction is worth: completed at the rate psi."""
    return completion_rate * stock_value + (1 - completion_rate) * pipeline_value
