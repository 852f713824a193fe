"""The unknowns of the initial steady state, in levels, from the steps of the inversion."""

from typing import Any

import jax.numpy as jnp

from calibration.inversion.additions import UNKNOWNS
from calibration.inversion.parameters import policy_rate, premia
from calibration.inversion.production import DATA_CENTRES
from calibration.inversion.steps import Steps
from model.central_bank.declarations import Variables as CentralBank
from model.core.axes import TOKEN
from model.core.fields import ByName
from model.energy.declarations import Variables as Energy
from model.equilibrium.economy import Economy
from model.government.declarations import Variables as Government
from model.portfolio.declarations import Variables as Portfolio
from model.production.declarations import Variables as Production
from model.rest_of_world.declarations import Variables as RestOfWorld


def unknowns_of(economy: Economy, given: Any, steps: Steps) -> ByName:
    """Stocks are those at the end of the quarter; prices that are free to choose are one."""
    growth = given["production"]["trend_growth"]
    inflation = given["central_bank"]["inflation_target"]
    debt, tax = steps.assets.debt, steps.labour_tax
    households: Any = economy.blocks_by_name["households"].variables
    return ByName(
        **{name: make(given, steps) for name, make in UNKNOWNS.items() if name in economy.blocks_by_name},
        production=_production(steps, growth),
        energy=_energy(steps, growth),
        households=households(spending=steps.spent.savers, wealth=steps.wealth.per_saver),
        portfolio=_portfolio(steps),
        government=Government(public_debt=debt, tax_intercept=tax, political_pressure=jnp.asarray(0.0)),
        central_bank=CentralBank(inflation=inflation, policy_rate=policy_rate(given, steps)),
        rest_of_world=RestOfWorld(foreign_claims=steps.outside.claims),
    )


def _production(steps, growth):
    power, ai, firms = steps.power, steps.ai, steps.firms
    return Production(
        ai_price=jnp.asarray(1.0),
        wage=firms.wage,
        final_output=firms.final_output,
        labour_composite=firms.task_bill,
        data_centre_electricity=power.demand[DATA_CENTRES],
        capital=growth * jnp.stack([firms.capital_in_use, ai.capital_in_use]),
        capital_value=jnp.stack([1.0, ai.capital_value]),
        housing=growth * steps.homes.in_use,
        gpu_rent=ai.gpu_rent,
    )


def _energy(steps, growth):
    cents, generation = steps.power.cents, steps.power.generation
    grid, interconnection = steps.power.grid, steps.power.interconnection
    return Energy(
        wholesale_price=cents["wholesale_price"],
        capacity=growth * generation.in_use,
        pipeline=growth * generation.pipeline,
        capacity_value=generation.value,
        pipeline_value=generation.pipeline_value,
        grid=growth * grid.in_use,
        grid_pipeline=growth * grid.pipeline,
        interconnection=growth * interconnection.in_use,
        interconnection_pipeline=growth * interconnection.pipeline,
        interconnection_value=interconnection.value,
        interconnection_pipeline_value=interconnection.pipeline_value,
        copper_price=jnp.asarray(1.0),
        grid_rent=grid.rent,
        interconnection_rent=interconnection.rent,
    )


def _portfolio(steps):
    equity, tokens = steps.firms.market_value, steps.assets.value[-len(TOKEN) :]
    return Portfolio(
        market_value=jnp.append(equity, tokens),
        house_price=jnp.asarray(1.0),
        bond_price=jnp.asarray(1.0),
        premium=premia(steps.returns),
        reference_valuation=jnp.log(jnp.stack([*equity, 1.0, *tokens])),
    )
