"""Hours, unemployment and sticky wages by skill (E.4-6)."""

from typing import NamedTuple

from jax import Array

from model.core.axes import SKILL
from model.core.equations import equation, expectation


class Labour(NamedTuple):
    hours: Array  # [efficiency units] (skill,)
    hours_rate: Array  # [share of labour supply] (skill,)
    unemployment: Array  # [share of labour force] (skill,)
    mean_unemployment: Array  # [share of labour force]
    wage_bill: Array  # [quarterly GDP]
    mean_wage: Array  # [final goods per efficiency unit]


def labour_market(p, wage, task_hours, ai_hours):
    """A share `employment_margin` of hours variation is employment (Okun, 1962)."""
    un, Lsup = p.natural_unemployment, p.labour_supply
    L = task_hours.at[SKILL.index("H")].add(ai_hours)
    n = L / Lsup
    u = 1 - (1 - un) * (n / (1 - un)) ** p.employment_margin
    wbill = (wage * L).sum()
    return Labour(L, n, u, (u * Lsup).sum() / Lsup.sum(), wbill, wbill / L.sum())


@equation(4, "wage_phillips_curve", SKILL)
def wage_phillips_curve(p, now, lead):
    """ln(pi w_s / w_s(-1) / pib) - kw (un_s - u_s) - bnk ln(pi' w_s' / w_s / pib) = 0"""
    slack = p.production.natural_unemployment - now.labour.unemployment
    return now.wage_inflation - p.production.wage_slope * slack - p.production.phillips_discount * lead.wage_inflation


@expectation(SKILL)
def wage_inflation(p, now):
    """Wage inflation by skill [log, relative to target]."""
    return now.wage_inflation
