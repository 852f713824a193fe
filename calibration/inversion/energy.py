"""Electricity: generation, grid and the connection of data centres."""

from typing import Any

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from calibration.inversion.steps import NO_ON_SITE, Generation, Grid, Interconnection, OnSite, Power
from model.core.axes import ASSET, USER
from model.core.formulas import isoelastic_cost, isoelastic_supply
from model.core.types import Scalar

TRADITIONAL_EQUITY, AI_EQUITY = ASSET.index("T"), ASSET.index("A")
DATA_CENTRES = USER.index("A")
IN_CENTS = ("wholesale_price", "retail_price", "fuel_price", "tariff", "upkeep", "grid_upkeep")


def power_of(given: Any, returns: Float[Array, "asset"], smoothing: Scalar, cent: float) -> Power:
    """Generation, grid and connections that meet the demand of the first steady state and grow at the trend.

    `cent` is a cent a kWh in final goods per unit of electricity.
    """
    target, en = given["targets"], given["energy"]
    cents = {name: target[name] * cent for name in IN_CENTS}
    demand = jnp.stack([target["firm_electricity"], target["household_electricity"], target["data_centre_electricity"]])
    grid_rent = smoothing**2 / target["grid_slack"] * cents["retail_price"]
    delivered = cents["wholesale_price"] + cents["tariff"] + grid_rent
    on_site = NO_ON_SITE
    if "on_site_power" in given:
        shadow_price = delivered[DATA_CENTRES] + target["interconnection_rent"] * cent
        on_site = _on_site(given, returns, cents, shadow_price, cent)
    carried = demand.sum() - on_site.in_use
    generation = _generation(given, returns, cents, carried)
    grid = _grid(given, carried, grid_rent)
    fuel = generation.gas + on_site.fuel
    fuel_cost = cents["fuel_price"] * fuel / (1 + 1 / en["fuel_supply_elasticity"])
    sources = jnp.stack([target["nuclear_generation"], target["renewable_generation"], target["legacy_generation"]])
    upkeep = cents["upkeep"] @ sources + cents["grid_upkeep"] * grid.in_use
    return Power(
        cents=cents,
        demand=demand,
        delivered=delivered,
        generation=generation,
        grid=grid,
        interconnection=_interconnection(given, returns, demand[DATA_CENTRES], on_site.in_use, smoothing, cent),
        on_site=on_site,
        fuel=fuel,
        costs=fuel_cost + generation.gas_cost + upkeep,
    )


def _generation(given, returns, cents, carried):
    target, en, growth = given["targets"], given["energy"], given["production"]["trend_growth"]
    R_T, psi = returns[TRADITIONAL_EQUITY], en["completion_rate"]
    nuclear, renewable = target["nuclear_generation"], target["renewable_generation"]
    gas = carried - nuclear - renewable - target["legacy_generation"]
    pw, ug, chi = cents["wholesale_price"], target["gas_utilisation"], en["dispatch_convexity"]
    slope = (pw - cents["fuel_price"]) / ug**chi
    in_use = jnp.stack([gas / ug, nuclear / en["nuclear_yield"], renewable / en["renewable_yield"]])
    pipeline, starts = _pipeline(in_use, en["depreciation"], psi, growth)
    rental = jnp.stack(
        [
            slope * ug ** (chi + 1) * chi / (chi + 1),
            en["nuclear_yield"] * (pw - cents["upkeep"][0]),
            en["renewable_yield"] * (pw - cents["upkeep"][1]),
        ]
    )
    value = rental / (R_T - 1 + en["depreciation"])
    pipeline_value = psi * value / (R_T - 1 + psi)
    gas_cost = slope * ug ** (chi + 1) / (chi + 1) * gas / ug
    build_cost = isoelastic_cost(pipeline_value, starts, starts, en["start_elasticity"])
    return Generation(gas, in_use, pipeline, starts, value, pipeline_value, slope, gas_cost, build_cost)


def _grid(given, carried, rent):
    target, en, growth = given["targets"], given["energy"], given["production"]["trend_growth"]
    in_use = carried + target["grid_slack"]
    pipeline, starts = _pipeline(in_use, en["grid_depreciation"], en["grid_completion_rate"], growth)
    return Grid(rent, in_use, pipeline, starts, target["grid_investment_share"] / starts)


def _interconnection(given, returns, demand, on_site, smoothing, cent):
    target, en, growth = given["targets"], given["energy"], given["production"]["trend_growth"]
    R_A, psi = returns[AI_EQUITY], en["interconnection_completion_rate"]
    rent = target["interconnection_rent"] * cent
    relative = rent / (target["retail_price"] * cent)
    in_use = (1 + smoothing**2 / relative) * demand - on_site
    pipeline, starts = _pipeline(in_use, en["interconnection_depreciation"], psi, growth)
    value = rent / (R_A - 1 + en["interconnection_depreciation"])
    pipeline_value = psi * value / (R_A - 1 + psi)
    spending = isoelastic_cost(pipeline_value, starts, starts, en["interconnection_supply_elasticity"])
    return Interconnection(rent, in_use, pipeline, starts, value, pipeline_value, spending)


def _on_site(given, returns, cents, shadow_price, cent):
    """Plants that the price of the grid pays for: few where it lies below their cost."""
    b, growth, R_A = given["on_site_power"], given["production"]["trend_growth"], returns[AI_EQUITY]
    upkeep, psi, depreciation = b["upkeep"] * cent, b["completion_rate"], b["depreciation"]

    def values(rental):
        value = rental / (R_A - 1 + depreciation)
        return value, psi * value / (R_A - 1 + psi)

    value, pipeline_value = values(shadow_price - b["heat_rate"] * cents["fuel_price"] - upkeep)
    build_cost = values(b["capital_rental"] * cent)[1]
    starts = isoelastic_supply(b["base_starts"], pipeline_value / build_cost, b["start_elasticity"])
    pipeline = starts / (growth - 1 + psi)
    in_use = psi * pipeline / (growth - 1 + depreciation)
    spending = isoelastic_cost(build_cost, b["base_starts"], starts, b["start_elasticity"])
    return OnSite(
        in_use, pipeline, b["heat_rate"] * in_use, upkeep * in_use, upkeep, value, pipeline_value, build_cost, spending
    )


def _pipeline(in_use, depreciation, completion_rate, growth):
    """Pipeline in use and starts that keep a stock growing at the trend."""
    pipeline = (growth - 1 + depreciation) * in_use / completion_rate
    return pipeline, (growth - 1 + completion_rate) * pipeline
