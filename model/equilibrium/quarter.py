"""One quarter of the economy: everything explicit given last quarter's carried variables and this quarter's unknowns.

Blocks are strangers to one another; this is where they meet. Each stage adds what it can say to what is known so far.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.energy.copper import Copper
from model.energy.dispatch import Dispatch, ElectricityPrices
from model.energy.generation import GenerationStarts
from model.energy.grid import GridExpansion
from model.energy.interconnection import Applications
from model.energy.on_site_power import NO_ON_SITE_POWER, OnSitePower
from model.equilibrium.bounds import Bounds
from model.equilibrium.cash_flows import CashFlows
from model.government.budget import PublicBudget
from model.government.policy import Benefits, FiscalPolicy
from model.households.balances import NO_BALANCES, Balances
from model.households.groups import MarginalUtility, Spending
from model.portfolio.demand import Shares, Supply
from model.production.adoption import Adoption
from model.production.ai import ArtificialIntelligence
from model.production.chip_limit import Chips
from model.production.final_good import FinalGood
from model.production.investment import Housing, Investment
from model.production.investment_inertia import Inertia
from model.production.labour import Labour
from model.production.tasks import Tasks
from model.production.traditional import Traditional
from model.rest_of_world.trade import Trade


class Quarter(NamedTuple):
    """`lag` and `lag_e` are of the quarter before, of its unknowns the carried ones alone.

    What has a default belongs to a block that not every economy has.
    """

    lag_e: ByName
    e: ByName
    lag: ByName
    x: ByName
    capital_in_use: Real  # [quarterly GDP] (sector,)
    housing_in_use: Real  # [quarterly GDP at base prices]
    capacity_in_use: Real  # [annual electricity] (technology,)
    pipeline_in_use: Real  # [annual electricity] (technology,)
    grid_in_use: Real  # [annual electricity]
    grid_pipeline_in_use: Real  # [annual electricity]
    interconnection_in_use: Real  # [annual electricity]
    interconnection_pipeline_in_use: Real  # [annual electricity]
    final_good: FinalGood
    tasks: Tasks
    electricity_prices: ElectricityPrices
    traditional: Traditional
    power_usage_effectiveness: Real  # [metered over useful]
    ai: ArtificialIntelligence
    labour: Labour
    price_inflation: Real  # [log, relative to target], of traditional goods
    wage_inflation: Real  # [log, relative to target] (skill,)
    liquid_return: Real  # [gross per quarter]
    fiscal: FiscalPolicy
    benefits: Benefits
    investment: Investment
    housing: Housing
    dispatch: Dispatch
    generation: GenerationStarts
    grid: GridExpansion
    interconnection: Applications
    copper: Copper
    trade: Trade
    cash_flows: CashFlows
    returns: Real  # [gross per quarter] (asset,)
    lag_supply: Supply
    supply: Supply
    shares: Shares
    group_return: Real  # [gross per quarter] (group,)
    foreign_return: Real  # [gross per quarter]
    spending: Spending
    owned: Real  # [quarterly GDP] (group,), wealth of savers and balances of spenders
    asset_demand: Real  # [quarterly GDP] (asset,)
    budget: PublicBudget
    inequality: Real  # [base = 1]
    policy_rate: Real  # [net per quarter], as the rule has it
    bounds: Bounds
    marginal_utility: MarginalUtility
    chips: Chips
    ai_exports: Scalar = 0.0  # [units of AI services]
    open_share: Scalar = 1.0  # [share of tasks] that is open to AI
    adoption: Adoption = Adoption(0.0, 0.0)
    on_site_power: OnSitePower = NO_ON_SITE_POWER
    finance_premium: Scalar = 1.0  # [required return of AI capital over that of AI equity]
    balances: Balances = NO_BALANCES  # of spenders
    inertia: Inertia | None = None  # of the investment of traditional firms


def quarter(
    stages: tuple[Callable[[ByName, Quarter], dict[str, Any]], ...],
    p: ByName,
    lag_e: ByName,
    e: ByName,
    lag: ByName,
    x: ByName,
) -> Quarter:
    """`Quarter` from parameters, instruments and carried unknowns at t-1, instruments and unknowns at t.

    `stages` are functions `(p, now) -> {name: object}`, each of which adds to what is known so far.
    """
    unknown = dict.fromkeys(name for name in Quarter._fields if name not in Quarter._field_defaults)
    now = Quarter(**{**unknown, "lag_e": lag_e, "e": e, "lag": lag, "x": x})
    for stage in stages:
        now = now._replace(**stage(p, now))
    return now
