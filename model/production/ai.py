"""AI sector: compute and electricity in near-fixed proportions, light labour, a high markup (E.7)."""

from typing import Any, NamedTuple

from model.core.axes import SECTOR
from model.core.equations import equation
from model.core.fields import ByName
from model.core.types import Real, Scalar
from model.production.declarations import Instruments, Parameters

A = SECTOR.index("A")


class ArtificialIntelligence(NamedTuple):
    compute: Real  # [quarterly GDP of compute capital]
    marginal_cost: Real  # [final goods per unit]
    hours: Real  # [efficiency units of high skill]
    output: Real  # [units of AI services]
    marginal_value_of_electricity: Real  # [final goods per unit at the meter]
    capital_rental: Real  # [final goods per unit of capital in use]


def ai_firms(
    p: Parameters,
    e: Instruments,
    ai_price: Scalar,
    high_skill_wage: Scalar,
    capital_in_use: Scalar,
    electricity: Scalar,
    useful_share: Scalar,
) -> ArtificialIntelligence:
    """Output and marginal values; `useful_share` is useful over metered electricity, relative to base cooling."""
    alH, sigV, sK, K0, E0 = (
        p.ai_labour_share,
        p.compute_energy_elasticity,
        p.compute_share,
        p.base_compute_capital,
        p.base_compute_electricity,
    )
    useful = useful_share * e.compute_efficiency
    rho = (sigV - 1) / sigV
    kK, kE = sK * (capital_in_use / K0) ** rho, (1 - sK) * (electricity * useful / E0) ** rho
    V = K0 * (kK + kE) ** (1 / rho)
    mc = ai_price / (p.markup[A] * e.ai_markup)
    Z = p.ai_productivity * e.ai_productivity
    HA = (alH * mc * Z * V ** (1 - alH) / high_skill_wage) ** (1 / (1 - alH))
    QA = Z * V ** (1 - alH) * HA**alH
    compute_cost = (1 - alH) * mc * QA
    return ArtificialIntelligence(
        V, mc, HA, QA, compute_cost * kE / (kK + kE) / electricity, compute_cost * kK / (kK + kE) / capital_in_use
    )


@equation(7, "data_centre_electricity_demand")
def data_centre_electricity_demand(p: ByName, now: Any, lead: ByName) -> Scalar:
    """mpE / pEA - 1 = 0"""
    return now.ai.marginal_value_of_electricity / now.electricity_prices.data_centre_shadow - 1
