"""Adoption: the share of tasks that is open to AI grows as it pays, as a block of an economy (Griliches, 1957; Mansfield, 1961)."""

import sys
from typing import Any, NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.blocks import block
from model.core.equations import equation
from model.core.fields import ByName, instrument, parameter, unknown
from model.core.types import Real, Scalar


class Adoption(NamedTuple):
    cost: Scalar  # [quarterly GDP], of opening tasks to AI, expensed by traditional firms
    saving: Scalar  # [share of the cost of a task that is done by labour alone], mean over skills


class Parameters(eqx.Module):
    base_share: Array = parameter("F0", "[share of tasks]")
    speed: Array = parameter("lamF", "[per quarter and share of tasks that is still closed]")
    saving_response: Array = parameter("kapAd", "[1]")
    cost: Array = parameter("cF", "[quarterly GDP for all tasks]")
    base_saving: Array = parameter("sav0", "[share of cost]")


class Instruments(eqx.Module):
    ceiling: Array = instrument("Fbar", "[multiple of the share of tasks open to AI]", 1.0)


class Variables(eqx.Module):
    open_share: Array = unknown("F", "[share of tasks, end of quarter]", log=True, carried=True)


def adoption_stage(p: ByName, now: Any) -> dict[str, Adoption]:
    """What adopting costs and what tasks save that are open."""
    opened = now.x.adoption.open_share - now.lag.adoption.open_share
    return {"adoption": Adoption(p.adoption.cost * opened, saving(now.tasks.open_price, now.x.production.wage))}


def saving(open_price: Float[Real, "skill"], wage: Float[Real, "skill"]) -> Float[Array, ""]:
    """Cost of a task that is open to AI below that of labour, mean over skills."""
    return jnp.mean(1 - open_price / wage)


@equation(74, "adoption")
def open_share(p: ByName, now: Any, lead: ByName) -> Scalar:
    """F / (Fc / (1 + (Fc / F(-1) - 1) exp(-lamF Fc (sav / sav0)^kapAd))) - 1 = 0, Fc = F0 Fbar

    The logistic dF/dt = lamF F (Fc - F) (sav / sav0)^kapAd, integrated over a quarter in which the saving stays as it is.
    """
    a, before, ceiling = p.adoption, now.lag.adoption.open_share, p.adoption.base_share * now.e.adoption.ceiling
    pace = a.speed * ceiling * (now.adoption.saving / a.base_saving) ** a.saving_response
    grown = ceiling / (1 + (ceiling / before - 1) * jnp.exp(-pace))
    return now.x.adoption.open_share / grown - 1


ADOPTION = block("adoption", sys.modules[__name__], stages=(adoption_stage,), eliminated=({}, {"F": "adoption"}))
