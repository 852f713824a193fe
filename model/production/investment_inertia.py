"""Costs of changing the investment of traditional firms, as a block of an economy (Christiano, Eichenbaum and Evans, 2005)."""

import sys
from typing import Any, NamedTuple

import equinox as eqx
from jax import Array

from model.core.axes import ASSET, SECTOR
from model.core.blocks import block
from model.core.equations import equation, expectation
from model.core.fields import ByName, parameter, unknown
from model.core.types import Real, Scalar

T, EQUITY = SECTOR.index("T"), ASSET.index("T")


class Inertia(NamedTuple):
    investment: Real  # [quarterly GDP]
    cost: Real  # [quarterly GDP], of its change
    growth: Real  # [over last quarter, without trend]


class Parameters(eqx.Module):
    cost: Array = parameter("kI", "[1]")


class Variables(eqx.Module):
    investment: Array = unknown("IT", "[quarterly GDP]", log=True, carried=True)


def inertia_stage(p: ByName, now: Any) -> dict[str, Inertia]:
    """Investment `IT` and what its change costs, `(kI / 2) (x - 1)^2 IT`, x its growth without trend."""
    IT = now.x.investment_inertia.investment
    x = IT / now.lag.investment_inertia.investment
    return {"inertia": Inertia(IT, p.investment_inertia.cost / 2 * (x - 1) ** 2 * IT, x)}


@equation(80, "traditional_investment")
def traditional_investment(p: ByName, now: Any, lead: ByName) -> Scalar:
    """qT - 1 - phT (IT / KTu - ibT) - kI ((x - 1) x + (x - 1)^2 / 2) + (Gam / R_T') kI (x' - 1) x'^2 = 0"""
    pr, kI, x = p.production, p.investment_inertia.cost, now.inertia.growth
    installed = pr.adjustment_cost[T] * (now.investment.rate[T] - pr.base_investment_rate[T])
    ahead = pr.trend_growth / lead.returns[EQUITY] * lead.saved_change
    return now.x.production.capital_value[T] - 1 - installed - kI * ((x - 1) * x + (x - 1) ** 2 / 2) + ahead


@expectation()
def saved_change(p: ByName, now: Any) -> Scalar:
    """Cost of change that a unit of investment last quarter saves in this one [final goods]: `kI (x - 1) x^2`."""
    x = now.inertia.growth
    return p.investment_inertia.cost * (x - 1) * x**2


INVESTMENT_INERTIA = block("investment_inertia", sys.modules[__name__], stages=(inertia_stage,))
