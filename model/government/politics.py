"""Political pressure from inequality of spending by skill and of wealth by age (E.52)."""

from typing import Any

from jaxtyping import Float

from model.core.axes import AGE, SKILL
from model.core.equations import equation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.government.declarations import Parameters


def inequality_ratios(
    savers: Float[Real, "group"],
    spenders: Float[Real, "group"],
    saver_spending: Float[Real, "group"],
    spender_spending: Float[Real, "group"],
    owned: Float[Real, "group"],
) -> tuple[Any, Any]:
    """High over low skill in mean spending, old over young in wealth."""
    by_age_and_skill = (len(AGE), len(SKILL))
    spent = (savers * saver_spending + spenders * spender_spending).reshape(by_age_and_skill).sum(0)
    mean = spent / (savers + spenders).reshape(by_age_and_skill).sum(0)
    by_age = owned.reshape(by_age_and_skill).sum(1)
    return mean[SKILL.index("H")] / mean[SKILL.index("L")], by_age[AGE.index("O")] / by_age[AGE.index("Y")]


def inequality_index(p: Parameters, ratios: tuple[Scalar, Scalar]) -> Scalar:
    """`1/2 (m_H / m_L) / base + 1/2 (wealth O / wealth Y) / base`."""
    return (ratios[0] / p.base_spending_ratio + ratios[1] / p.base_wealth_ratio) / 2


@equation(52, "political_pressure")
def political_pressure(p: ByName, now: Any, lead: ByName) -> Scalar:
    """Pol - rhoP Pol(-1) - (1 - rhoP) (Ineq - 1) = 0"""
    rhoP = p.government.political_persistence
    return (
        now.x.government.political_pressure
        - rhoP * now.lag.government.political_pressure
        - (1 - rhoP) * (now.inequality - 1)
    )
