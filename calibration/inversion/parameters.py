"""Parameters of the equations from the steps of the inversion, block by block."""

from typing import Any

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from calibration.inversion.additions import PARAMETERS
from calibration.inversion.households import EVERY_SKILL, bare_households, basic_electricity, household_numbers
from calibration.inversion.production import DATA_CENTRES, FIRMS, HIGH, HOMES, TRADITIONAL, ability_of
from calibration.inversion.steps import Steps
from model.central_bank.declarations import Parameters as CentralBank
from model.core.axes import BONDS, LIQUID, PREMIUM, SKILL
from model.core.fields import ByName
from model.core.types import Scalar
from model.distribution.declarations import Parameters as Distribution
from model.energy.declarations import Parameters as Energy
from model.equilibrium.economy import Economy
from model.government.declarations import Parameters as Government
from model.government.politics import inequality_ratios
from model.households.groups import by_group, leaving_share
from model.portfolio.declarations import Parameters as Portfolio
from model.production.declarations import Parameters as Production
from model.rest_of_world.declarations import Parameters as RestOfWorld


def parameters_of(economy: Economy, given: Any, steps: Steps, smoothing: Scalar) -> ByName:
    """All parameters, at the final `smoothing` of the complementarity conditions."""
    claims, exports = steps.outside.claims, steps.outside.exports
    return ByName(
        **{name: make(given, steps) for name, make in PARAMETERS.items() if name in economy.blocks_by_name},
        production=_production(given, steps),
        energy=_energy(given, steps),
        households=_households(economy, given, steps),
        portfolio=_portfolio(given, steps),
        government=_government(given, steps),
        central_bank=_central_bank(given, steps),
        rest_of_world=RestOfWorld(**given["rest_of_world"], base_claims=claims, base_exports=exports),
        distribution=Distribution(**given["distribution"]),
        smoothing=jnp.asarray(smoothing),
    )


def policy_rate(given: Any, steps: Steps) -> Array:
    """What bills pay, nominal, less the spread of deposits."""
    inflation = given["central_bank"]["inflation_target"]
    return steps.returns[LIQUID] * inflation - 1 - given["portfolio"]["deposit_spread"]


def premia(returns: Float[Array, "asset"]) -> Float[Array, "premium_asset"]:
    """Of every asset over liquid ones, in logs."""
    return jnp.log(returns[PREMIUM] / returns[LIQUID])


def _production(given, steps):
    pr, target = given["production"], given["targets"]
    people, power, ai, firms = steps.people, steps.power, steps.ai, steps.firms
    sigS, sigE, ability = pr["skill_elasticity"], pr["value_added_energy_elasticity"], ability_of(given, firms)
    bundle = target["ai_task_purchases"] + (firms.wage * firms.hours).at[HIGH].add(-ai.labour_bill)
    marginal_cost = 1 / pr["markup"][TRADITIONAL]
    alpha, alH = pr["capital_share"], pr["ai_labour_share"]
    value_added = firms.value_added_bill / marginal_cost
    relative_price = power.delivered[FIRMS] / marginal_cost
    ai_hours = ai.labour_bill / firms.wage[HIGH]
    return Production(
        **pr,
        ai_weight=firms.ai_final / firms.final_output,
        base_final_output=firms.final_output,
        automation_scale=ability.automation.at[HIGH].set(0.0),
        high_skill_automation=ability.automation[HIGH],
        skill_weight=bundle / bundle.sum() * ability.bundle_price ** (sigS - 1),
        traditional_productivity=value_added / (firms.capital_in_use**alpha * firms.task_bill ** (1 - alpha)),
        value_added_weight=value_added / firms.output,
        energy_weight=power.demand[FIRMS] / firms.output * relative_price**sigE,
        ai_productivity=ai.output / (ai.capital_in_use ** (1 - alH) * ai_hours**alH),
        compute_share=ai.compute_share,
        base_compute_capital=ai.capital_in_use,
        base_compute_electricity=power.demand[DATA_CENTRES],
        gpu_limit=ai.gpu_limit,
        base_investment_rate=pr["trend_growth"] - 1 + pr["depreciation"],
        labour_supply=people.labour_supply,
        mean_natural_unemployment=pr["natural_unemployment"].mean(),
        housing_productivity=steps.homes.productivity,
    )


def _energy(given, steps):
    power, ai, target = steps.power, steps.ai, given["targets"]
    cents, generation, grid, interconnection = power.cents, power.generation, power.grid, power.interconnection
    nuclear_upkeep, renewable_upkeep, legacy_upkeep = cents["upkeep"]
    return Energy(
        **given["energy"],
        tariff=cents["tariff"],
        base_retail_price=cents["retail_price"],
        fuel_price=cents["fuel_price"],
        gas_cost_slope=generation.gas_cost_slope,
        base_gas_generation=power.fuel,
        legacy_generation=target["legacy_generation"],
        nuclear_upkeep=nuclear_upkeep,
        renewable_upkeep=renewable_upkeep,
        legacy_upkeep=legacy_upkeep,
        grid_upkeep=cents["grid_upkeep"],
        base_starts=generation.starts,
        build_cost=generation.pipeline_value,
        grid_base_starts=grid.starts,
        grid_cost=grid.cost,
        base_grid_rent=grid.rent,
        interconnection_base_starts=interconnection.starts,
        interconnection_cost=interconnection.pipeline_value,
        base_data_centre_electricity=power.demand[DATA_CENTRES],
        base_data_centre_price=ai.shadow_price,
        base_copper=(1 + target["other_copper_ratio"]) * ai.copper,
        other_copper=target["other_copper_ratio"] * ai.copper,
    )


def _households(economy, given, steps):
    """The utility of wealth is what makes every group's Euler equation hold."""
    people, power, homes, wealth, spent = steps.people, steps.power, steps.homes, steps.wealth, steps.spent
    leaving = by_group(leaving_share(bare_households(given, people)), EVERY_SKILL)
    older = jnp.append((1 / spent.savers)[len(SKILL) :], jnp.zeros(len(SKILL)))
    discount_factor, growth = given["households"]["discount_factor"], given["production"]["trend_growth"]
    discounted = discount_factor / growth * (wealth.share @ steps.returns)
    wanted = 1 / spent.savers - discounted * ((1 - leaving) / spent.savers + leaving * older)
    basic = basic_electricity(given, power)
    rent_bill, light_bill = homes.rent * homes.in_use, power.delivered[HOMES] * (power.demand[HOMES] - basic)
    curvature = given["households"].get("wealth_curvature")
    mean = (people.savers * wealth.per_saver).sum() / people.savers.sum()
    held = wealth.per_saver if curvature is None else mean * (wealth.per_saver / mean) ** curvature
    return economy.blocks_by_name["households"].parameters(
        **household_numbers(given, people),
        wealth_utility=held * wanted,
        basic_electricity=basic,
        housing_share=rent_bill / spent.total,
        electricity_share=light_bill / spent.total,
        goods_share=1 - (rent_bill + light_bill) / spent.total,
    )


def _portfolio(given, steps):
    pf, inflation = given["portfolio"], given["central_bank"]["inflation_target"]
    return Portfolio(
        **pf,
        base_share=steps.wealth.share,
        foreign_bond_share=given["targets"]["foreign_bond_share"],
        base_premium=premia(steps.returns),
        base_value=steps.assets.value,
        base_safe_value=steps.assets.debt,
        bond_coupon=steps.returns[BONDS] * inflation - (1 - pf["bond_decay"]),
    )


def _government(given, steps):
    people, spent, wealth = steps.people, steps.spent, steps.wealth
    spending, holdings = inequality_ratios(people.savers, people.spenders, spent.savers, spent.spenders, wealth.owned)
    return Government(
        **given["government"],
        debt_target=steps.assets.debt,
        base_labour_tax=steps.labour_tax,
        base_spending_ratio=spending,
        base_wealth_ratio=holdings,
    )


def _central_bank(given, steps):
    """The natural rate is such that the rule, with its smoothed lower bound, sets the rate that bills pay."""
    cb, rate = given["central_bank"], policy_rate(given, steps)
    bound_offset = cb["lower_bound_smoothing"] ** 2 / (rate - cb["lower_bound"]) / (1 - cb["rate_smoothing"])
    return CentralBank(**cb, natural_rate=(1 + rate - bound_offset) / cb["inflation_target"])
