"""What the production block is made of: both sectors, labour, prices and housing construction."""

import equinox as eqx
from jax import Array

from model.core.axes import SECTOR, SKILL
from model.core.fields import instrument, parameter, unknown


class Parameters(eqx.Module):
    trend_growth: Array = parameter("Gamma", "[gross per quarter]")
    final_good_elasticity: Array = parameter("theta", "[1]")
    ai_weight: Array = parameter("gamA", "[1]")
    base_final_output: Array = parameter("D0", "[quarterly GDP]")
    task_elasticity: Array = parameter("zeta", "[1]")
    automation_scale: Array = parameter("Ts_{}", "[1]", SKILL)
    high_skill_automation: Array = parameter("TH", "[1]")
    skill_elasticity: Array = parameter("sigS", "[1]")
    skill_weight: Array = parameter("muS_{}", "[1]", SKILL)
    capital_share: Array = parameter("alpha", "[1]")
    traditional_productivity: Array = parameter("ZT", "[1]")
    value_added_weight: Array = parameter("aV", "[1]")
    energy_weight: Array = parameter("aE", "[1]")
    value_added_energy_elasticity: Array = parameter("sigE", "[1]")
    ai_productivity: Array = parameter("ZA", "[1]")
    ai_labour_share: Array = parameter("alH", "[1]")
    compute_share: Array = parameter("sK", "[1]")
    compute_energy_elasticity: Array = parameter("sigV", "[1]")
    base_compute_capital: Array = parameter("K0", "[quarterly GDP]")
    base_compute_electricity: Array = parameter("E0", "[annual electricity]")
    gpu_limit: Array = parameter("Ib", "[quarterly GDP]")
    markup: Array = parameter("M{}", "[price over marginal cost]", SECTOR)
    depreciation: Array = parameter("del{}", "[per quarter]", SECTOR)
    adjustment_cost: Array = parameter("ph{}", "[1]", SECTOR)
    base_investment_rate: Array = parameter("ib{}", "[per quarter]", SECTOR)
    equipment_copper: Array = parameter("cuA", "[share of cost]")
    labour_supply: Array = parameter("Lsup_{}", "[efficiency units]", SKILL)
    natural_unemployment: Array = parameter("un_{}", "[share of labour force]", SKILL)
    mean_natural_unemployment: Array = parameter("Un", "[share of labour force]")
    employment_margin: Array = parameter("omn_", "[share of hours variation]")
    price_slope: Array = parameter("kp", "[1]")
    wage_slope: Array = parameter("kw", "[1]")
    phillips_discount: Array = parameter("bnk", "[per quarter]")
    housing_depreciation: Array = parameter("delH", "[per quarter]")
    land_share: Array = parameter("vth", "[1]")
    housing_productivity: Array = parameter("zH", "[1]")


class Instruments(eqx.Module):
    ai_productivity: Array = instrument("zA", "[multiple of productivity]", 1.0)
    traditional_productivity: Array = instrument("zT", "[multiple of productivity]", 1.0)
    task_capability: Array = instrument(
        "t{}", "[multiple of the ability of AI at the tasks of the skill]", 1.0, SKILL.subset("L M")
    )
    high_skill_capability: Array = instrument("tH", "[added to the ability of AI at high-skill tasks]", 0.0)
    compute_efficiency: Array = instrument("effA", "[multiple of useful energy]", 1.0)
    traditional_efficiency: Array = instrument("effT", "[multiple of useful energy]", 1.0)
    gpu_supply: Array = instrument("Ibar", "[multiple of the chips offered at a given price]", 1.0)
    ai_markup: Array = instrument("mA", "[multiple of the markup]", 1.0)
    cost_push: Array = instrument("cost_push", "[log, adds to inflation of traditional goods]", 0.0)
    wage_push: Array = instrument("wage_push_{}", "[log, adds to wage inflation]", 0.0, SKILL)
    required_return: Array = instrument("invT", "[adds to the gross return required of KT, in shares of it]", 0.0)


class Variables(eqx.Module):
    ai_price: Array = unknown("pA", "[final goods per unit]", log=True, carried=True)
    wage: Array = unknown("w{}", "[final goods per efficiency unit]", SKILL, log=True, carried=True)
    final_output: Array = unknown("D", "[quarterly GDP]", log=True, carried=True)
    labour_composite: Array | None = unknown("Lam", "[task units]", log=True)
    data_centre_electricity: Array | None = unknown("EA", "[annual electricity, at the meter]", log=True)
    capital: Array = unknown("K{}", "[quarterly GDP, end of quarter]", SECTOR, log=True, carried=True)
    capital_value: Array | None = unknown("q{}", "[final goods per unit]", SECTOR, log=True)
    housing: Array = unknown("Hs", "[quarterly GDP at base prices, end of quarter]", log=True, carried=True)
    gpu_rent: Array | None = unknown("muI", "[share of the base price of AI equipment]")
