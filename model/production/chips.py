"""Chips at a price that rises with demand, as a block of an economy: in the place of a limit on their number (E.11)."""

import sys
from typing import Any

import equinox as eqx
from jax import Array

from model.core.axes import SECTOR
from model.core.blocks import block
from model.core.equations import equation
from model.core.fields import ByName, parameter
from model.core.types import Scalar
from model.production.chip_limit import Chips

A = SECTOR.index("A")


class Parameters(eqx.Module):
    base_margin: Array = parameter("m0", "[share of the price of AI equipment]")
    supply_elasticity: Array = parameter("epsI", "[1]")
    base_supply: Array = parameter("Ib0", "[quarterly GDP of AI equipment]")


def priced(p: ByName, now: Any) -> dict[str, Chips]:
    """Chips sell at a margin."""
    return {"chips": Chips(0.0, now.x.production.gpu_rent, p.chips.base_margin)}


@equation(11, "chip_price")
def chip_price(p: ByName, now: Any, lead: ByName) -> Scalar:
    """muI - m0 ((IA + ACA) / (Ib0 Ibar))^(1 / epsI) = 0"""
    chips, equipment = p.chips, now.investment.spending[A] + now.investment.adjustment[A]
    supply = chips.base_supply * now.e.production.gpu_supply
    return now.chips.margin - chips.base_margin * (equipment / supply) ** (1 / chips.supply_elasticity)


PRICED_CHIPS = block("chips", sys.modules[__name__], stages=(priced,))
