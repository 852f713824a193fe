"""What the energy block is made of: dispatch, the generation pipeline, the grid, interconnection, cooling and copper."""

import equinox as eqx
from jax import Array

from model.core.axes import TECHNOLOGY, USER
from model.core.fields import instrument, parameter, unknown


class Parameters(eqx.Module):
    tariff: Array = parameter("tauT tauH tauA", "[final goods per unit of electricity]", USER)
    base_retail_price: Array = parameter("pE0", "[final goods per unit of electricity]")
    fuel_price: Array = parameter("pf0", "[final goods per unit of electricity]")
    fuel_supply_elasticity: Array = parameter("epsf", "[1]")
    gas_cost_slope: Array = parameter("bg", "[final goods per unit of electricity]")
    dispatch_convexity: Array = parameter("chi", "[1]")
    base_gas_generation: Array = parameter("Eg0", "[annual electricity]")
    legacy_generation: Array = parameter("Eleg", "[annual electricity]")
    nuclear_yield: Array = parameter("cn", "[annual electricity per unit of capacity]")
    renewable_yield: Array = parameter("cv", "[annual electricity per unit of capacity]")
    nuclear_upkeep: Array = parameter("omn", "[final goods per unit of electricity]")
    renewable_upkeep: Array = parameter("omv", "[final goods per unit of electricity]")
    legacy_upkeep: Array = parameter("oml", "[final goods per unit of electricity]")
    grid_upkeep: Array = parameter("omG", "[final goods per unit of grid]")
    depreciation: Array = parameter("delj_{}", "[per quarter]", TECHNOLOGY)
    completion_rate: Array = parameter("psi_{}", "[per quarter]", TECHNOLOGY)
    start_elasticity: Array = parameter("epsN_{}", "[1]", TECHNOLOGY)
    base_starts: Array = parameter("Nb_{}", "[annual electricity per quarter]", TECHNOLOGY)
    build_cost: Array = parameter("kap_{}", "[quarterly GDP per unit of capacity]", TECHNOLOGY)
    build_copper: Array = parameter("cuj_{}", "[share of cost]", TECHNOLOGY)
    grid_depreciation: Array = parameter("delG", "[per quarter]")
    grid_completion_rate: Array = parameter("psiG", "[per quarter]")
    grid_base_starts: Array = parameter("NGb", "[annual electricity per quarter]")
    grid_rent_response: Array = parameter("phiG", "[1]")
    grid_cost: Array = parameter("kapG", "[quarterly GDP per unit of grid]")
    grid_copper: Array = parameter("cuG", "[share of cost]")
    base_grid_rent: Array = parameter("muG0", "[final goods per unit of electricity]")
    interconnection_depreciation: Array = parameter("delX", "[per quarter]")
    interconnection_completion_rate: Array = parameter("psiX", "[per quarter]")
    interconnection_base_starts: Array = parameter("NXb", "[annual electricity per quarter]")
    interconnection_cost: Array = parameter("kapX", "[quarterly GDP per unit of connection]")
    interconnection_supply_elasticity: Array = parameter("epsX", "[1]")
    base_data_centre_electricity: Array = parameter("EA0", "[annual electricity]")
    base_power_usage_effectiveness: Array = parameter("PUE0", "[metered over useful]")
    cooling_elasticity: Array = parameter("etaC", "[1]")
    base_data_centre_price: Array = parameter("pEA0", "[final goods per unit of electricity]")
    copper_supply_elasticity: Array = parameter("epscu", "[1]")
    base_copper: Array = parameter("Dcu0", "[quarterly GDP]")
    other_copper: Array = parameter("Dcuo", "[quarterly GDP]")


class Instruments(eqx.Module):
    fuel_price: Array = instrument("fuel", "[multiple of the fuel price]", 1.0, low=0.0)
    cooling: Array = instrument("pue", "[multiple of the energy for cooling]", 1.0)
    grid_starts: Array = instrument("zG", "[multiple of the planned starts]", 1.0)
    interconnection_starts: Array = instrument("zX", "[multiple of the connections offered at a given price]", 1.0)
    interconnection_completion: Array = instrument("zQ", "[multiple of the pace of completion]", 1.0)
    starts: Array = instrument("nG nN nV", "[multiple of the starts at a given price]", 1.0, TECHNOLOGY)
    legacy: Array = instrument("Eleg", "[multiple of the output of legacy plants]", 1.0)
    mining: Array = instrument(
        "mine", "[share of base electricity that crypto mining uses at base prices]", 0.0, low=0.0, high=1.0
    )


class Variables(eqx.Module):
    wholesale_price: Array | None = unknown("pw", "[final goods per unit of electricity]", log=True)
    capacity: Array = unknown("K_{}", "[annual electricity, end of quarter]", TECHNOLOGY, log=True, carried=True)
    pipeline: Array = unknown("U_{}", "[annual electricity, end of quarter]", TECHNOLOGY, log=True, carried=True)
    capacity_value: Array | None = unknown("qK_{}", "[quarterly GDP per unit of capacity]", TECHNOLOGY, log=True)
    pipeline_value: Array | None = unknown("qU_{}", "[quarterly GDP per unit of capacity]", TECHNOLOGY, log=True)
    grid: Array = unknown("G", "[annual electricity, end of quarter]", log=True, carried=True)
    grid_pipeline: Array = unknown("UG", "[annual electricity, end of quarter]", log=True, carried=True)
    interconnection: Array = unknown("X", "[annual electricity, end of quarter]", log=True, carried=True)
    interconnection_pipeline: Array = unknown("UX", "[annual electricity, end of quarter]", log=True, carried=True)
    interconnection_value: Array | None = unknown("qX", "[quarterly GDP per unit]", log=True)
    interconnection_pipeline_value: Array | None = unknown("qUX", "[quarterly GDP per unit]", log=True)
    copper_price: Array | None = unknown("pcu", "[base price = 1]", log=True)
    grid_rent: Array | None = unknown("muG", "[final goods per unit of electricity]")
    interconnection_rent: Array | None = unknown("muX", "[final goods per unit of electricity]")
