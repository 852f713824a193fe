"""Both sectors: the AI sector from its capital spending, the traditional one from its output."""

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from calibration.inversion.steps import AI, Firms, Homes, Outside, People, Power
from model.core.axes import ASSET, SECTOR, SKILL, USER
from model.core.types import Scalar
from model.production.tasks import task_bundle

TRADITIONAL, ARTIFICIAL = SECTOR.index("T"), SECTOR.index("A")
FIRMS, HOMES, DATA_CENTRES = (USER.index(symbol) for symbol in "THA")
EQUITY = np.array([ASSET.index("T"), ASSET.index("A")])
HIGH = SKILL.index("H")


class Ability(NamedTuple):
    """What AI can do of the tasks of each skill (skill,)."""

    automation: Array
    open_price: Array  # of tasks that are open to AI
    bundle_price: Array  # of all


def ability_of(given: Any, firms: Firms) -> Ability:
    """`Ability` that explains how much of the tasks is automated, of those that are open to AI."""
    zeta, wage = given["production"]["task_elasticity"], firms.wage
    open_share = given["adoption"]["base_share"] if "adoption" in given else None
    automated = firms.automated_share if open_share is None else firms.automated_share / open_share
    automation = automated / (1 - automated) * wage**-zeta
    open_price = task_bundle(automation, 1.0, wage, zeta)[1]
    if open_share is None:
        return Ability(automation, open_price, open_price)
    return Ability(automation, open_price, open_price**open_share * wage ** (1 - open_share))


def ai_of(given: Any, returns: Float[Array, "asset"], power: Power, smoothing: Scalar) -> AI:
    """The AI sector: capital from its spending, output from its costs and markup."""
    target, pr, en, gov = given["targets"], given["production"], given["energy"], given["government"]
    depreciation, growth, R_A = pr["depreciation"][ARTIFICIAL], pr["trend_growth"], returns[EQUITY[ARTIFICIAL]]
    IA = target["ai_capex_share"]
    limit = target["gpu_headroom"] * IA
    margin = given["chips"]["base_margin"] if "chips" in given else 0.0
    rent = 0.0 if "chips" in given else smoothing**2 / (1 - IA / limit)
    KAu = IA / (growth - 1 + depreciation)
    qA = 1 - gov["ai_subsidy"] + rent
    rKA = qA * (R_A - 1 + depreciation)
    EA, cash_price = power.demand[DATA_CENTRES], power.delivered[DATA_CENTRES]
    shadow_price = cash_price + power.interconnection.rent
    compute_cost = rKA * KAu + shadow_price * EA
    cost = compute_cost / (1 - pr["ai_labour_share"])
    QA = pr["markup"][ARTIFICIAL] * cost
    labour = pr["ai_labour_share"] * cost
    exports = given["ai_exports"]["share"] * QA if "ai_exports" in given else 0.0
    on_site = power.on_site
    bill = cash_price * (EA - on_site.in_use) + power.cents["fuel_price"] * on_site.fuel + on_site.upkeep
    chip_makers = (1 - given["rest_of_world"]["import_share"]) * margin * IA
    invested = (1 - gov["ai_subsidy"]) * IA + power.interconnection.spending + on_site.cost
    cash_flow = QA - labour - bill + chip_makers - invested
    copper = pr["equipment_copper"] * IA + (en["build_copper"] * power.generation.build_cost).sum()
    copper = copper + en["grid_copper"] * target["grid_investment_share"]
    compute_share = rKA * KAu / compute_cost
    return AI(
        IA, KAu, qA, limit, margin + rent, QA, labour, exports, margin, compute_share, shadow_price, cash_flow, copper
    )


def firms_of(
    given: Any,
    returns: Float[Array, "asset"],
    people: People,
    power: Power,
    ai: AI,
    homes: Homes,
    outside: Outside,
    QT: Scalar,
) -> Firms:
    """Both sectors at an output of the traditional one; of the conditions on GDP none is imposed."""
    target, pr, en, gov = given["targets"], given["production"], given["energy"], given["government"]
    growth, (ET, EH, EA), (pET, pEH, pEA) = pr["trend_growth"], power.demand, power.delivered
    build_cost, XX, on_site = power.generation.build_cost, power.interconnection.spending, power.on_site
    value_added = QT / pr["markup"][TRADITIONAL] - pET * ET
    task_bill = (1 - pr["capital_share"]) * value_added
    XA = target["ai_task_purchases"]
    wage_bill = task_bill - XA.sum() + ai.labour_bill
    bill = target["wage_bill_share"] / target["wage_bill_share"].sum() * wage_bill
    hours = (1 - pr["natural_unemployment"]) * people.labour_supply
    task_labour = bill.at[HIGH].add(-ai.labour_bill)
    depreciation = pr["depreciation"][TRADITIONAL]
    KTu = pr["capital_share"] * value_added / (returns[EQUITY[TRADITIONAL]] - 1 + depreciation)
    IT = (growth - 1 + depreciation) * KTu

    CC = (people.childcare * people.age_mass).sum()
    QAf = ai.output - XA.sum() - ai.exports
    D = QT - CC + QAf
    XG = target["grid_investment_share"]
    copper_cost = (1 + target["other_copper_ratio"]) * ai.copper / (1 + 1 / en["copper_supply_elasticity"])
    net_of_copper = (
        (1 - pr["equipment_copper"] - ai.chip_margin) * ai.investment
        + ((1 - en["build_copper"]) * build_cost).sum()
        + (1 - en["grid_copper"]) * XG
    )
    absorbed = gov["purchases"] + IT + net_of_copper + homes.investment + XX + copper_cost + power.costs
    absorbed = absorbed + on_site.cost + on_site.upkeep
    Cg = D - absorbed - outside.exports + outside.imported_goods
    M = (1 + gov["consumption_tax"]) * Cg + homes.rent * homes.in_use + pEH * EH  # with basic electricity
    invested = IT + ai.investment + homes.investment + build_cost.sum() + XG + XX + on_site.cost
    gdp = M + CC + invested + gov["purchases"] + outside.exports + ai.exports - outside.imports
    sold = pEH * EH + pEA * (EA - on_site.in_use) + power.cents["fuel_price"] * on_site.fuel
    utilities = sold - power.costs - build_cost.sum() - XG + ai.copper - copper_cost
    CFT = QT - task_labour.sum() - XA.sum() - IT + utilities
    cash_flow = jnp.stack([CFT, ai.cash_flow])
    value = growth * (1 - gov["profit_tax"]) * cash_flow / (returns[EQUITY] - growth)
    automated = XA / (task_labour + XA)
    return Firms(gdp, QT, D, QAf, Cg, value_added, task_bill, bill / hours, hours, automated, KTu, cash_flow, value)
