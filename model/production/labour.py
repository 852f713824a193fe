"""Hours, unemployment and sticky wages by skill (E.4-6)."""

from typing import Any, NamedTuple

from jax import Array
from jaxtyping import Float

from model.core.axes import SKILL
from model.core.equations import equation, expectation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.production.declarations import Parameters


class Labour(NamedTuple):
    hours: Real  # [efficiency units] (skill,)
    hours_rate: Real  # [share of labour supply] (skill,)
    unemployment: Real  # [share of labour force] (skill,)
    mean_unemployment: Real  # [share of labour force]
    wage_bill: Real  # [quarterly GDP]
    mean_wage: Real  # [final goods per efficiency unit]


def labour_market(
    p: Parameters, wage: Float[Real, "skill"], task_hours: Float[Array, "skill"], ai_hours: Scalar
) -> Labour:
    """A share `employment_margin` of hours variation is employment (Okun, 1962)."""
    un, Lsup = p.natural_unemployment, p.labour_supply
    L = task_hours.at[SKILL.index("H")].add(ai_hours)
    n = L / Lsup
    u = 1 - (1 - un) * (n / (1 - un)) ** p.employment_margin
    wbill = (wage * L).sum()
    return Labour(L, n, u, (u * Lsup).sum() / Lsup.sum(), wbill, wbill / L.sum())


@equation(4, "wage_phillips_curve", SKILL)
def wage_phillips_curve(p: ByName, now: Any, lead: ByName) -> Float[Real, "skill"]:
    """ln(pi w_s / w_s(-1) / pib) - kw (un_s - u_s) - bnk ln(pi' w_s' / w_s / pib) - wage_push_s = 0"""
    slack = p.production.natural_unemployment - now.labour.unemployment
    expected = p.production.phillips_discount * lead.wage_inflation
    return now.wage_inflation - p.production.wage_slope * slack - expected - now.e.production.wage_push


@expectation(SKILL)
def wage_inflation(p: ByName, now: Any) -> Float[Real, "skill"]:
    """Wage inflation by skill [log, relative to target]."""
    return now.wage_inflation
