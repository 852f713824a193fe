"""Generation capacity under construction and completed, by technology (E.54-65)."""

from typing import Any, NamedTuple

from jaxtyping import Float

from model.core.axes import ASSET, TECHNOLOGY
from model.core.equations import equation, expectation
from model.core.fields import ByName
from model.core.formulas import isoelastic_cost, isoelastic_supply
from model.core.types import Real, Scalar
from model.energy import time_to_build
from model.energy.declarations import Instruments, Parameters

TRADITIONAL_EQUITY = ASSET.index("T")


class GenerationStarts(NamedTuple):
    starts: Real  # [annual electricity per quarter] (technology,)
    cost: Real  # [quarterly GDP at base copper price] (technology,)
    spending: Real  # [quarterly GDP] (technology,)


def generation_starts(
    p: Parameters,
    e: Instruments,
    pipeline_value: Float[Real, "technology"],
    subsidy: Float[Real, "technology"],
    copper_price: Scalar,
) -> GenerationStarts:
    """Starts rise with the value of a unit in the pipeline over its build cost net of subsidy, at elasticity epsN."""
    pI = 1 + p.build_copper * (copper_price - 1)
    base = p.base_starts * e.starts
    N = isoelastic_supply(base, pipeline_value / ((1 - subsidy) * p.build_cost * pI), p.start_elasticity)
    cost = isoelastic_cost(p.build_cost, base, N, p.start_elasticity)
    return GenerationStarts(N, cost, pI * cost)


@equation(54, "capacity", TECHNOLOGY)
def capacity(p: ByName, now: Any, lead: ByName) -> Float[Real, "technology"]:
    """K_j / ((1 - del_j) K_ju + psi_j U_ju) - 1 = 0"""
    e, stock = p.energy, now.x.energy.capacity
    return time_to_build.stock_gap(stock, now.capacity_in_use, e.depreciation, now.pipeline_in_use, e.completion_rate)


@equation(57, "generation_pipeline", TECHNOLOGY)
def generation_pipeline(p: ByName, now: Any, lead: ByName) -> Float[Real, "technology"]:
    """U_j / ((1 - psi_j) U_ju + N_j) - 1 = 0"""
    psi, pipeline = p.energy.completion_rate, now.x.energy.pipeline
    return time_to_build.pipeline_gap(pipeline, now.pipeline_in_use, psi, now.generation.starts)


@equation(60, "capacity_value", TECHNOLOGY)
def capacity_value(p: ByName, now: Any, lead: ByName) -> Float[Real, "technology"]:
    """qK_j R_T' / (rho_j' + (1 - del_j) qK_j') - 1 = 0"""
    return time_to_build.value_gap(now.x.energy.capacity_value, lead.returns[TRADITIONAL_EQUITY], lead.capacity_payoff)


@equation(63, "pipeline_value", TECHNOLOGY)
def pipeline_value(p: ByName, now: Any, lead: ByName) -> Float[Real, "technology"]:
    """qU_j R_T' / (psi_j qK_j' + (1 - psi_j) qU_j') - 1 = 0"""
    return time_to_build.value_gap(now.x.energy.pipeline_value, lead.returns[TRADITIONAL_EQUITY], lead.pipeline_payoff)


@expectation(TECHNOLOGY)
def capacity_payoff(p: ByName, now: Any) -> Float[Real, "technology"]:
    """What a unit of capacity pays [quarterly GDP]: its rental and its remaining value."""
    value = now.x.energy.capacity_value
    return time_to_build.stock_payoff(now.dispatch.capacity_rental, value, p.energy.depreciation)


@expectation(TECHNOLOGY)
def pipeline_payoff(p: ByName, now: Any) -> Float[Real, "technology"]:
    """What a unit under construction is worth [quarterly GDP]: completed at the rate psi."""
    en = now.x.energy
    return time_to_build.pipeline_payoff(en.capacity_value, en.pipeline_value, p.energy.completion_rate)
