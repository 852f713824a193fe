"""A household with log utility and a given income that may not borrow beyond a limit (Deaton, 1991, without risk)."""

from typing import NamedTuple

import equinox as eqx
from jax import Array

from model.core.fields import instrument, parameter, unknown
from model.core.formulas import fischer_burmeister
from model.core.types import Scalar
from model.examples.economy import Quarter, SmallEconomy


class Parameters(eqx.Module):
    discount_factor: Array = parameter("beta", "[per quarter]")
    gross_return: Array = parameter("R", "[gross per quarter]")
    borrowing_limit: Array = parameter("b", "[goods]")
    smoothing: Array = parameter("eps", "[1]")


class Instruments(eqx.Module):
    income: Array = instrument("y", "[goods]", 1.0)


class Variables(eqx.Module):
    consumption: Array = unknown("c", "[goods]", log=True)
    assets: Array = unknown("a", "[goods, end of quarter]", carried=True)
    borrowing_rent: Array = unknown("mu", "[marginal utility], value of one more unit of credit")


class Expectations(NamedTuple):
    marginal_utility: Array


def expectations(p: Parameters, now: Quarter) -> Expectations:
    return Expectations(1 / now.x.consumption)


def euler(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """c (beta R / c' + mu) - 1 = 0"""
    return now.x.consumption * (p.discount_factor * p.gross_return * lead.marginal_utility + now.x.borrowing_rent) - 1


def budget(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """c + a - y - R a(-1) = 0"""
    return now.x.consumption + now.x.assets - now.e.income - p.gross_return * now.lag.assets


def borrowing_bound(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """fb(mu, a + b) = 0"""
    return fischer_burmeister(now.x.borrowing_rent, now.x.assets + p.borrowing_limit, p.smoothing)


ENDOWMENT = SmallEconomy(Variables, Instruments, Expectations, expectations, (euler, budget, borrowing_bound))
