"""Final good: CES of traditional goods and AI services, with price index 1 (E.2-3)."""

from typing import Any, NamedTuple

from model.core.equations import equation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.production.declarations import Parameters


class FinalGood(NamedTuple):
    traditional_price: Real  # [final goods per unit]
    traditional_demand: Real  # [units]
    ai_demand: Real  # [units]


def final_good(p: Parameters, ai_price: Scalar, final_output: Scalar) -> FinalGood:
    """Demands of cost minimisation at elasticity theta; the ideal price index is the numeraire (Armington, 1969)."""
    theta, gA, pA, D = p.final_good_elasticity, p.ai_weight, ai_price, final_output
    p_T = ((1 - gA * pA ** (1 - theta)) / (1 - gA)) ** (1 / (1 - theta))
    return FinalGood(p_T, (1 - gA) * p_T**-theta * D, gA * pA**-theta * D)


@equation(2, "traditional_goods_market")
def traditional_goods_market(p: ByName, now: Any, lead: ByName) -> Scalar:
    """QT / (QTf + CC) - 1 = 0"""
    return now.traditional.output / (now.final_good.traditional_demand + now.spending.childcare) - 1


@equation(3, "ai_services_market")
def ai_services_market(p: ByName, now: Any, lead: ByName) -> Scalar:
    """QA / (QAf + sum_s XA_s + EXA) - 1 = 0, EXA = 0 where AI is not exported"""
    return now.ai.output / (now.final_good.ai_demand + now.tasks.ai_services.sum() + now.ai_exports) - 1
