"""A central bank that follows average inflation, as a block to be exchanged for the one that follows inflation.

It has an equation, a parameter, an unknown, an instrument and an outcome that the two-sector economy does not have.
"""

import equinox as eqx
import jax.numpy as jnp
from jax import Array

from model.central_bank import declarations
from model.central_bank.block import CENTRAL_BANK
from model.central_bank.policy_rule import policy_rate, taylor_rule
from model.core.blocks import Block
from model.core.equations import equation
from model.core.fields import instrument, parameter, unknown
from model.core.outcomes import outcome
from model.core.units import percent_a_year


class Parameters(declarations.Parameters):
    memory: Array = parameter("mem", "[per quarter], of past inflation")


class Instruments(declarations.Instruments):
    forgiveness: Array = instrument("forg", "[share of average inflation that is not followed]", 0.0, low=0.0, high=1.0)


class Variables(declarations.Variables):
    average_inflation: Array = unknown("pavg", "[log, relative to target]", carried=True)


def decision(p, now):
    """The stage of the quarter in which the policy rate is set."""
    gap = p.production.mean_natural_unemployment - now.labour.mean_unemployment
    bank, rate = now.x.central_bank, now.lag.central_bank.policy_rate
    kept = 1 - now.e.central_bank.forgiveness
    followed = p.central_bank.inflation_target * jnp.exp(kept * bank.average_inflation)
    return {"policy_rate": policy_rate(p.central_bank, now.e.central_bank, rate, followed, gap)}


@equation(74, "average_inflation")
def average_inflation(p, now, lead):
    """pavg - mem pavg(-1) - (1 - mem) ln(pi / pib) = 0"""
    bank, memory = p.central_bank, p.central_bank.memory
    news = jnp.log(now.x.central_bank.inflation / bank.inflation_target)
    return now.x.central_bank.average_inflation - memory * now.lag.central_bank.average_inflation - (1 - memory) * news


@outcome("% a year over target", usual=(-5.0, 5.0))
def average_inflation_gap(o):
    return percent_a_year(jnp.expm1(o.x.central_bank.average_inflation))


AVERAGE_INFLATION = Block(
    name="central_bank",
    parameters=Parameters,
    instruments=Instruments,
    variables=Variables,
    equations=(taylor_rule.equation, average_inflation.equation),
    expectations=(),
    stages=(decision,),
    eliminated=CENTRAL_BANK.eliminated,
    outcomes=(average_inflation_gap.outcome,),
)


def with_memory(parameters, memory):
    """Parameters of the economy with this block from those of the two-sector economy."""
    bank = parameters.central_bank
    exchanged = Parameters(
        **{name: getattr(bank, name) for name in declarations.Parameters.__dataclass_fields__}, memory=memory
    )
    return eqx.tree_at(lambda p: p.central_bank, parameters, exchanged)
