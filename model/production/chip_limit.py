"""A limited number of chips, whose scarcity is a rent inside AI firms (E.11)."""

from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Float

from model.core.equations import equation
from model.core.fields import ByName
from model.core.formulas import fischer_burmeister
from model.core.types import Real, Scalar
from model.production.declarations import Instruments, Parameters


class Chips(NamedTuple):
    """What chips add to the price of AI equipment [share of its base price]; `base_margin` is part of that price."""

    shadow_rent: Scalar  # that nobody pays
    margin: Scalar  # that chip makers earn
    base_margin: Scalar


def gpu_bound(p: Parameters, e: Instruments, gpu_rent: Scalar, ai_investment: Scalar) -> Float[Real, "2"]:
    """Rent and slack of chips `(2,)`, the slack relative to their base supply."""
    return jnp.stack([gpu_rent, (p.gpu_limit * e.gpu_supply - ai_investment) / p.gpu_limit])


def sold_at_cost(p: ByName, now: Any) -> dict[str, Chips]:
    """Chips sell at cost, with a rent once no more are to be had."""
    return {"chips": Chips(now.x.production.gpu_rent, 0.0, 0.0)}


@equation(11, "gpu_limit")
def gpu_limit(p: ByName, now: Any, lead: ByName) -> Scalar:
    """fb(muI, (Ib Ibar - IA) / Ib) = 0"""
    return fischer_burmeister(*now.bounds.gpu, smoothing=p.smoothing)
