"""Debt of AI firms and the premium that lenders ask for it, as a block of an economy (Bernanke, Gertler and Gilchrist, 1999)."""

import sys
from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jax import Array

from model.core.axes import LISTED_ASSET, SECTOR
from model.core.blocks import block
from model.core.equations import equation
from model.core.fields import ByName, parameter, unknown
from model.core.types import Real, Scalar

A, AI_EQUITY = SECTOR.index("A"), LISTED_ASSET.index("A")


class Parameters(eqx.Module):
    borrowed_share: Array = parameter("phib", "[share of capital spending]")
    repayment_rate: Array = parameter("psib", "[per quarter]")
    premium_elasticity: Array = parameter("chib", "[1]")
    base_leverage: Array = parameter("lev0", "[debt over the value of AI equity]")


class Variables(eqx.Module):
    debt: Array = unknown("bA", "[quarterly GDP, end of quarter]", log=True, carried=True)


def premium_stage(p: ByName, now: Any) -> dict[str, Real]:
    """The required return of AI capital over that of AI equity: a wedge that costs no cash."""
    leverage = now.x.ai_debt.debt / now.x.portfolio.market_value[AI_EQUITY]
    return {"finance_premium": 1 + p.ai_debt.premium_elasticity * jnp.log(leverage / p.ai_debt.base_leverage)}


@equation(75, "ai_debt")
def ai_debt(p: ByName, now: Any, lead: ByName) -> Scalar:
    """bA / ((1 - psib) bA(-1) / Gam + phib pIA IA) - 1 = 0"""
    d, bought = p.ai_debt, now.investment.gross_price[A] * now.investment.spending[A]
    kept = (1 - d.repayment_rate) * now.lag.ai_debt.debt / p.production.trend_growth
    return now.x.ai_debt.debt / (kept + d.borrowed_share * bought) - 1


AI_DEBT = block("ai_debt", sys.modules[__name__], stages=(premium_stage,))
