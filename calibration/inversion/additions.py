"""Parameters and initial unknowns of the blocks that not every economy has: `{name of the block: function}`."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from calibration.inversion.production import ability_of
from calibration.inversion.steps import Steps
from model.central_bank import remembered_gap
from model.core.axes import SECTOR
from model.energy import network_tariff, on_site_power
from model.households import balances
from model.portfolio import ai_debt
from model.production import adoption, chips, investment_inertia
from model.production.adoption import saving
from model.rest_of_world import ai_exports

T, A = SECTOR.index("T"), SECTOR.index("A")


def _ai_exports(given, steps):
    return ai_exports.Parameters(base=steps.ai.exports, elasticity=given["ai_exports"]["elasticity"])


def _chips(given, steps):
    return chips.Parameters(**given["chips"], base_supply=steps.ai.investment)


def _adoption(given, steps):
    open_price = ability_of(given, steps.firms).open_price
    return adoption.Parameters(**given["adoption"], base_saving=saving(open_price, steps.firms.wage))


def _on_site_power(given, steps):
    own = dict(given["on_site_power"])
    del own["capital_rental"]
    on_site = steps.power.on_site
    del own["upkeep"]
    return on_site_power.Parameters(**own, upkeep=on_site.unit_upkeep, build_cost=on_site.build_cost)


def _ai_debt(given, steps):
    return ai_debt.Parameters(**given["ai_debt"], base_leverage=_debt(given, steps) / steps.firms.market_value[A])


def _debt(given, steps):
    """What keeps growing at the trend as a share of capital spending is borrowed and debt repaid."""
    d, growth = given["ai_debt"], given["production"]["trend_growth"]
    return d["borrowed_share"] * steps.ai.investment / (1 - (1 - d["repayment_rate"]) / growth)


def _network_tariff(given, steps):
    power = steps.power
    base_grid = power.grid.in_use / (power.demand.sum() - power.on_site.in_use)
    return network_tariff.Parameters(**given["network_tariff"], base_grid=base_grid)


def _plants(given, steps):
    on_site, growth = steps.power.on_site, given["production"]["trend_growth"]
    return on_site_power.Variables(
        capacity=growth * on_site.in_use,
        pipeline=growth * on_site.pipeline,
        capacity_value=on_site.value,
        pipeline_value=on_site.pipeline_value,
    )


def _traditional_investment(given, steps):
    pr, growth = given["production"], given["production"]["trend_growth"]
    return investment_inertia.Variables(investment=(growth - 1 + pr["depreciation"][T]) * steps.firms.capital_in_use)


PARAMETERS: dict[str, Callable[[Any, Steps], Any]] = {
    "ai_exports": _ai_exports,
    "chips": _chips,
    "adoption": _adoption,
    "on_site_power": _on_site_power,
    "ai_debt": _ai_debt,
    "investment_inertia": lambda given, steps: investment_inertia.Parameters(**given["investment_inertia"]),
    "network_tariff": _network_tariff,
    "balances": lambda given, steps: balances.Parameters(**given["balances"]),
    "remembered_gap": lambda given, steps: remembered_gap.Parameters(**given["remembered_gap"]),
}
UNKNOWNS: dict[str, Callable[[Any, Steps], Any]] = {
    "adoption": lambda given, steps: adoption.Variables(open_share=jnp.asarray(given["adoption"]["base_share"])),
    "on_site_power": _plants,
    "ai_debt": lambda given, steps: ai_debt.Variables(debt=_debt(given, steps)),
    "investment_inertia": _traditional_investment,
    "network_tariff": lambda given, steps: network_tariff.Variables(level=jnp.asarray(1.0)),
    "balances": lambda given, steps: balances.Variables(balance=steps.wealth.balance),
    "remembered_gap": lambda given, steps: remembered_gap.Variables(followed=jnp.asarray(0.0)),
}
