"""Both sectors: the AI sector from its capital spending, the traditional one from its output."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from calibration.inversion.steps import AI, Firms, Homes, Outside, People, Power
from model.core.axes import ASSET, SECTOR, SKILL, USER
from model.core.types import Scalar

TRADITIONAL, ARTIFICIAL = SECTOR.index("T"), SECTOR.index("A")
FIRMS, HOMES, DATA_CENTRES = (USER.index(symbol) for symbol in "THA")
EQUITY = np.array([ASSET.index("T"), ASSET.index("A")])
HIGH = SKILL.index("H")


def ai_of(given: Any, returns: Float[Array, "asset"], power: Power, smoothing: Scalar) -> AI:
    """The AI sector: capital from its spending, output from its costs and markup."""
    target, pr, en, gov = given["targets"], given["production"], given["energy"], given["government"]
    depreciation, growth, R_A = pr["depreciation"][ARTIFICIAL], pr["trend_growth"], returns[EQUITY[ARTIFICIAL]]
    IA = target["ai_capex_share"]
    limit = target["gpu_headroom"] * IA
    muI = smoothing**2 / (1 - IA / limit)
    KAu = IA / (growth - 1 + depreciation)
    qA = 1 - gov["ai_subsidy"] + muI
    rKA = qA * (R_A - 1 + depreciation)
    EA, cash_price = power.demand[DATA_CENTRES], power.delivered[DATA_CENTRES]
    shadow_price = cash_price + power.interconnection.rent
    compute_cost = rKA * KAu + shadow_price * EA
    cost = compute_cost / (1 - pr["ai_labour_share"])
    QA = pr["markup"][ARTIFICIAL] * cost
    labour = pr["ai_labour_share"] * cost
    cash_flow = QA - labour - cash_price * EA - (1 - gov["ai_subsidy"]) * IA - power.interconnection.spending
    copper = pr["equipment_copper"] * IA + (en["build_copper"] * power.generation.build_cost).sum()
    copper = copper + en["grid_copper"] * target["grid_investment_share"]
    return AI(IA, KAu, qA, limit, muI, QA, labour, rKA * KAu / compute_cost, shadow_price, cash_flow, copper)


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
    build_cost, XX = power.generation.build_cost, power.interconnection.spending
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
    QAf = ai.output - XA.sum()
    D = QT - CC + QAf
    XG = target["grid_investment_share"]
    copper_cost = (1 + target["other_copper_ratio"]) * ai.copper / (1 + 1 / en["copper_supply_elasticity"])
    net_of_copper = (
        (1 - pr["equipment_copper"]) * ai.investment
        + ((1 - en["build_copper"]) * build_cost).sum()
        + (1 - en["grid_copper"]) * XG
    )
    absorbed = gov["purchases"] + IT + net_of_copper + homes.investment + XX + copper_cost + power.costs
    Cg = D - absorbed - outside.exports + outside.imports
    M = (1 + gov["consumption_tax"]) * Cg + homes.rent * homes.in_use + pEH * EH  # with basic electricity
    invested = IT + ai.investment + homes.investment + build_cost.sum() + XG + XX
    gdp = M + CC + invested + gov["purchases"] + outside.exports - outside.imports
    utilities = pEH * EH + pEA * EA - power.costs - build_cost.sum() - XG + ai.copper - copper_cost
    CFT = QT - task_labour.sum() - XA.sum() - IT + utilities
    cash_flow = jnp.stack([CFT, ai.cash_flow])
    value = growth * (1 - gov["profit_tax"]) * cash_flow / (returns[EQUITY] - growth)
    automated = XA / (task_labour + XA)
    return Firms(gdp, QT, D, QAf, Cg, value_added, task_bill, bill / hours, hours, automated, KTu, cash_flow, value)
