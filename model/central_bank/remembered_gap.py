"""A policy rule that remembers: average inflation or the level of nominal spending, as a block of an economy.

What is followed is `a = mem a(-1) + wpi ln(pi / pib) + wy ln(D / D(-1))`. Weights of 1 - mem and 0 give a mean of past inflation (Nessen and
Vestin, 2005); weights of one the level of nominal spending over its trend, forgotten slowly (McCallum, 1988; Garin, Lester and Sims, 2016).
"""

import sys
from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jax import Array

from model.central_bank.policy_rule import policy_rate
from model.core.blocks import block
from model.core.equations import equation
from model.core.fields import ByName, parameter, unknown
from model.core.types import Scalar


class Parameters(eqx.Module):
    memory: Array = parameter("memb", "[per quarter]")
    inflation_weight: Array = parameter("wpi", "[1]")
    spending_weight: Array = parameter("wy", "[1]")


class Variables(eqx.Module):
    followed: Array = unknown("foll", "[log]", carried=True)


def remembering_decision(p: ByName, now: Any) -> dict[str, Any]:
    """The policy rate where the rule follows what is remembered in the place of inflation."""
    gap = p.production.mean_natural_unemployment - now.labour.mean_unemployment
    followed = p.central_bank.inflation_target * jnp.exp(now.x.remembered_gap.followed)
    return {
        "policy_rate": policy_rate(p.central_bank, now.e.central_bank, now.lag.central_bank.policy_rate, followed, gap)
    }


@equation(83, "remembered_gap")
def remembered_gap(p: ByName, now: Any, lead: ByName) -> Scalar:
    """foll - memb foll(-1) - wpi ln(pi / pib) - wy ln(D / D(-1)) = 0"""
    own, bank = p.remembered_gap, now.x.central_bank
    news = own.inflation_weight * jnp.log(bank.inflation / p.central_bank.inflation_target)
    spending = own.spending_weight * jnp.log(now.x.production.final_output / now.lag.production.final_output)
    return now.x.remembered_gap.followed - own.memory * now.lag.remembered_gap.followed - news - spending


REMEMBERED_GAP = block("remembered_gap", sys.modules[__name__], stages=(remembering_decision,))
"""Beside the central bank's own block, whose rate it replaces."""
