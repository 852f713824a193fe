"""Power that data centres make for themselves, from gas, as a block of an economy (Kydland and Prescott, 1982, for its building)."""

import sys
from typing import Any, NamedTuple

import equinox as eqx
from jax import Array

from model.core.axes import ASSET
from model.core.blocks import block
from model.core.equations import equation, expectation
from model.core.fields import ByName, instrument, parameter, unknown
from model.core.formulas import isoelastic_cost, isoelastic_supply
from model.core.types import Scalar
from model.energy import time_to_build

AI_EQUITY = ASSET.index("A")


class OnSitePower(NamedTuple):
    pipeline_in_use: Scalar  # [annual electricity]
    generation: Scalar  # [annual electricity]
    fuel: Scalar  # [annual electricity that central gas plants would make of it]
    upkeep: Scalar  # [quarterly GDP]
    starts: Scalar  # [annual electricity per quarter]
    cost: Scalar  # [quarterly GDP], of starts
    subsidy: Scalar  # [quarterly GDP], what the public pays of it


NO_ON_SITE_POWER = OnSitePower(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class Parameters(eqx.Module):
    depreciation: Array = parameter("delBM", "[per quarter]")
    completion_rate: Array = parameter("psiBM", "[per quarter]")
    heat_rate: Array = parameter("hB", "[over that of central gas plants]")
    upkeep: Array = parameter("omBM", "[final goods per unit of electricity]")
    base_starts: Array = parameter("NBMb", "[annual electricity per quarter], at a value that covers the cost")
    build_cost: Array = parameter("kapBM", "[quarterly GDP per unit of capacity]")
    start_elasticity: Array = parameter("epsBM", "[1]")


class Instruments(eqx.Module):
    starts: Array = instrument("nB", "[multiple of the starts at a given price]", 1.0)
    subsidy: Array = instrument("sBM", "[share of cost]", 0.0, high=0.99, spends=True)


class Variables(eqx.Module):
    capacity: Array = unknown("BM", "[annual electricity, end of quarter]", log=True, carried=True)
    pipeline: Array = unknown("UBM", "[annual electricity, end of quarter]", log=True, carried=True)
    capacity_value: Array | None = unknown("qBM", "[quarterly GDP per unit of capacity]", log=True)
    pipeline_value: Array | None = unknown("qUBM", "[quarterly GDP per unit of capacity]", log=True)


def on_site_stage(p: ByName, now: Any) -> dict[str, OnSitePower]:
    """What runs, what it burns, and what is begun: more where a unit under construction is worth more than its net cost."""
    b, e, growth = p.on_site_power, now.e.on_site_power, p.production.trend_growth
    runs, base = now.lag.on_site_power.capacity / growth, b.base_starts * e.starts
    ratio = now.x.on_site_power.pipeline_value / ((1 - e.subsidy) * b.build_cost)
    starts = isoelastic_supply(base, ratio, b.start_elasticity)
    cost = isoelastic_cost(b.build_cost, base, starts, b.start_elasticity)
    return {
        "on_site_power": OnSitePower(
            now.lag.on_site_power.pipeline / growth,
            runs,
            b.heat_rate * runs,
            b.upkeep * runs,
            starts,
            cost,
            e.subsidy * cost,
        )
    }


@equation(76, "on_site_capacity")
def on_site_capacity(p: ByName, now: Any, lead: ByName) -> Scalar:
    """BM / ((1 - delBM) BMu + psiBM UBMu) - 1 = 0"""
    b, on_site = p.on_site_power, now.on_site_power
    stock, pipeline = now.x.on_site_power.capacity, on_site.pipeline_in_use
    return time_to_build.stock_gap(stock, on_site.generation, b.depreciation, pipeline, b.completion_rate)


@equation(77, "on_site_pipeline")
def on_site_pipeline(p: ByName, now: Any, lead: ByName) -> Scalar:
    """UBM / ((1 - psiBM) UBMu + NBM) - 1 = 0"""
    psi, on_site = p.on_site_power.completion_rate, now.on_site_power
    return time_to_build.pipeline_gap(now.x.on_site_power.pipeline, on_site.pipeline_in_use, psi, on_site.starts)


@equation(78, "on_site_capacity_value")
def on_site_capacity_value(p: ByName, now: Any, lead: ByName) -> Scalar:
    """qBM R_A' / (pEA' - hB pf' - omBM + (1 - delBM) qBM') - 1 = 0"""
    value = now.x.on_site_power.capacity_value
    return time_to_build.value_gap(value, lead.returns[AI_EQUITY], lead.on_site_payoff)


@equation(79, "on_site_pipeline_value")
def on_site_pipeline_value(p: ByName, now: Any, lead: ByName) -> Scalar:
    """qUBM R_A' / (psiBM qBM' + (1 - psiBM) qUBM') - 1 = 0"""
    value = now.x.on_site_power.pipeline_value
    return time_to_build.value_gap(value, lead.returns[AI_EQUITY], lead.on_site_pipeline_payoff)


@expectation()
def on_site_payoff(p: ByName, now: Any) -> Scalar:
    """What a unit pays [quarterly GDP]: grid power and a connection that are not needed, less its fuel and upkeep."""
    b = p.on_site_power
    rental = now.electricity_prices.data_centre_shadow - b.heat_rate * now.dispatch.fuel_price - b.upkeep
    return time_to_build.stock_payoff(rental, now.x.on_site_power.capacity_value, b.depreciation)


@expectation()
def on_site_pipeline_payoff(p: ByName, now: Any) -> Scalar:
    """What a unit under construction is worth [quarterly GDP]."""
    x = now.x.on_site_power
    return time_to_build.pipeline_payoff(x.capacity_value, x.pipeline_value, p.on_site_power.completion_rate)


ON_SITE_POWER = block(
    "on_site_power",
    sys.modules[__name__],
    stages=(on_site_stage,),
    eliminated=(
        {"BM": "on_site_capacity", "qBM": "on_site_capacity_value", "qUBM": "on_site_pipeline_value"},
        {"UBM": "on_site_pipeline"},
    ),
)
