"""Balances of spenders: they keep a share of their cash on hand and spend a windfall bit by bit, as a block of an economy.

Deaton (1991) for cash on hand; Auclert, Rognlie and Straub (2024) for spending that falls off geometrically after a windfall.
"""

import sys
from typing import Any, NamedTuple

import equinox as eqx
from jax import Array
from jaxtyping import Float

from model.core.axes import GROUP
from model.core.blocks import block
from model.core.equations import equation
from model.core.fields import ByName, parameter, unknown
from model.core.types import Real


class Balances(NamedTuple):
    received: Real | float  # [quarterly GDP per spender] (group,), with their return
    kept: Real | float  # [quarterly GDP per spender] (group,), at the end of the quarter


NO_BALANCES = Balances(0.0, 0.0)


class Parameters(eqx.Module):
    kept_share: Array = parameter("kapH", "[share of cash on hand]")


class Variables(eqx.Module):
    balance: Array = unknown("bh_{}", "[quarterly GDP per spender, end of quarter]", GROUP, carried=True)


def balances_stage(p: ByName, now: Any) -> dict[str, Balances]:
    """Liquid assets of last quarter with their return, and those kept; who leaves a group leaves them to who comes."""
    gross = now.liquid_return / p.production.trend_growth
    return {"balances": Balances(gross * now.lag.balances.balance, now.x.balances.balance)}


@equation(82, "balance", GROUP)
def balance(p: ByName, now: Any, lead: ByName) -> Float[Real, "group"]:
    """bh_g / (R_b bh_g(-1) / Gam + y_g - com_g) - kapH = 0"""
    held, spent = now.balances, now.spending
    return held.kept / (held.received + spent.income - spent.committed) - p.balances.kept_share


BALANCES = block(
    "balances",
    sys.modules[__name__],
    stages=(balances_stage,),
    eliminated=({}, {f"bh_{g}": f"balance[{label}]" for g, label in zip(GROUP.symbols, GROUP.labels, strict=True)}),
)
