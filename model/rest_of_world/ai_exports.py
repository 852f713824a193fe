"""AI services sold abroad, as a block of an economy (Armington, 1969)."""

import sys
from typing import Any

import equinox as eqx
from jax import Array

from model.core.blocks import block
from model.core.fields import ByName, parameter
from model.core.types import Real


class Parameters(eqx.Module):
    base: Array = parameter("EXA0", "[units of AI services]")
    elasticity: Array = parameter("thetaF", "[1]")


def exports_stage(p: ByName, now: Any) -> dict[str, Real]:
    """Foreign demand falls with the price of AI services: `EXA = EXA0 pA^-thetaF`."""
    foreign = p.ai_exports
    return {"ai_exports": foreign.base * now.x.production.ai_price**-foreign.elasticity}


AI_EXPORTS = block("ai_exports", sys.modules[__name__], stages=(exports_stage,))
