"""Optimal growth with log utility and Cobb-Douglas production (Ramsey, 1928; Cass, 1965; Brock and Mirman, 1972).

Quantities are per efficiency unit of labour; `capital` is the stock that next quarter's labour works with.
"""

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
from jax import Array

from model.core.fields import instrument, parameter, unknown
from model.core.types import Scalar
from model.examples.economy import Quarter, SmallEconomy


class Parameters(eqx.Module):
    capital_share: Array = parameter("alpha", "[1]")
    depreciation: Array = parameter("delta", "[per quarter]")
    discount_factor: Array = parameter("beta", "[per quarter]")
    trend_growth: Array = parameter("Gamma", "[gross per quarter], population times productivity")


class Instruments(eqx.Module):
    log_productivity: Array = instrument("z", "[log]", 0.0)


class Variables(eqx.Module):
    consumption: Array = unknown("c", "[goods]", log=True)
    capital: Array = unknown("k", "[goods, end of quarter]", log=True, carried=True)


class Expectations(NamedTuple):
    value_of_capital: Array  # [marginal utility], what a unit of capital brings next quarter


def expectations(p: Parameters, now: Quarter) -> Expectations:
    """`(alpha e^z k(-1)^(alpha - 1) + 1 - delta) / c`"""
    alpha, k, z = p.capital_share, now.lag.capital, now.e.log_productivity
    return Expectations((alpha * jnp.exp(z) * k ** (alpha - 1) + 1 - p.depreciation) / now.x.consumption)


def euler(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """c (beta / Gam) (alpha e^z' k^(alpha - 1) + 1 - delta) / c' - 1 = 0"""
    return now.x.consumption * p.discount_factor / p.trend_growth * lead.value_of_capital - 1


def resources(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """(Gam k + c) / (e^z k(-1)^alpha + (1 - delta) k(-1)) - 1 = 0"""
    k = now.lag.capital
    output = jnp.exp(now.e.log_productivity) * k**p.capital_share
    return (p.trend_growth * now.x.capital + now.x.consumption) / (output + (1 - p.depreciation) * k) - 1


GROWTH = SmallEconomy(Variables, Instruments, Expectations, expectations, (euler, resources))


def steady_state(p: Parameters, log_productivity: Scalar = 0.0) -> Variables:
    """`alpha e^z k^(alpha - 1) = Gam / beta - 1 + delta`, and consumption from the resources."""
    alpha, cost = p.capital_share, p.trend_growth / p.discount_factor - 1 + p.depreciation
    k = (alpha * jnp.exp(log_productivity) / cost) ** (1 / (1 - alpha))
    output = jnp.exp(log_productivity) * k**alpha
    return Variables(output - (p.trend_growth - 1 + p.depreciation) * k, k)
