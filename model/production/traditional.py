"""Traditional sector: value added and electricity, little substitution (E.12)."""

from typing import Any, NamedTuple

import jax.numpy as jnp

from model.core.axes import SECTOR
from model.core.equations import equation, expectation
from model.core.fields import ByName
from model.core.formulas import ces_price
from model.core.types import Real, Scalar
from model.production.declarations import Instruments, Parameters

T = SECTOR.index("T")


class Traditional(NamedTuple):
    value_added: Real  # [units]
    value_added_price: Real  # [final goods per unit]
    marginal_cost: Real  # [final goods per unit]
    output: Real  # [units]
    electricity: Real  # [annual electricity]
    capital_rental: Real  # [final goods per unit of capital in use]


def traditional_firms(
    p: Parameters,
    e: Instruments,
    capital_in_use: Scalar,
    labour_composite: Scalar,
    labour_price: Scalar,
    electricity_price: Scalar,
) -> Traditional:
    """Cost-minimising output, electricity and rental, given capital and labour in use."""
    alpha, sigE, Lam = p.capital_share, p.value_added_energy_elasticity, labour_composite
    VAq = p.traditional_productivity * e.traditional_productivity * capital_in_use**alpha * Lam ** (1 - alpha)
    pV = labour_price * Lam / ((1 - alpha) * VAq)
    pE = electricity_price / e.traditional_efficiency
    mcT = ces_price(jnp.stack([p.value_added_weight, p.energy_weight]), jnp.stack([pV, pE]), sigE)
    QT = VAq / (p.value_added_weight * (pV / mcT) ** -sigE)
    ET = p.energy_weight * (pE / mcT) ** -sigE * QT / e.traditional_efficiency
    return Traditional(VAq, pV, mcT, QT, ET, alpha * pV * VAq / capital_in_use)


@equation(12, "price_phillips_curve")
def price_phillips_curve(p: ByName, now: Any, lead: ByName) -> Scalar:
    """ln(pi p_T / p_T(-1) / pib) - kp ln(MT mcT / p_T) - bnk ln(pi' p_T' / p_T / pib) - cost_push = 0"""
    real_marginal_cost = jnp.log(
        p.production.markup[T] * now.traditional.marginal_cost / now.final_good.traditional_price
    )
    return (
        now.price_inflation
        - p.production.price_slope * real_marginal_cost
        - p.production.phillips_discount * lead.price_inflation
        - now.e.production.cost_push
    )


@expectation()
def price_inflation(p: ByName, now: Any) -> Scalar:
    """Inflation of traditional goods [log, relative to target]."""
    return now.price_inflation
