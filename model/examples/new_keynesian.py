"""Three-equation New Keynesian economy, with and without a lower bound on the policy rate (Gali, 2015, chapter 3)."""

from typing import NamedTuple

import equinox as eqx
from jax import Array

from model.core.fields import instrument, parameter, unknown
from model.core.formulas import fischer_burmeister
from model.core.types import Scalar
from model.examples.economy import Quarter, SmallEconomy


class Parameters(eqx.Module):
    discount_factor: Array = parameter("beta", "[per quarter]")
    curvature: Array = parameter("sigma", "[1]")
    price_slope: Array = parameter("kappa", "[1]")
    inflation_response: Array = parameter("phi_pi", "[1]")
    output_response: Array = parameter("phi_y", "[1]")
    intercept: Array = parameter("i0", "[per quarter]")
    lower_bound: Array = parameter("ibar", "[per quarter]")
    demand_persistence: Array = parameter("rho_g", "[per quarter]")
    policy_persistence: Array = parameter("rho_v", "[per quarter]")
    smoothing: Array = parameter("eps", "[per quarter]")


class Instruments(eqx.Module):
    natural_rate: Array = instrument("r", "[per quarter]", 0.0)
    demand_shock: Array = instrument("e_g", "[adds to g]", 0.0)
    policy_shock: Array = instrument("e_v", "[adds to v]", 0.0)
    cost_push: Array = instrument("u", "[per quarter]", 0.0)


class Variables(eqx.Module):
    output: Array = unknown("y", "[log, relative to natural output]")
    inflation: Array = unknown("pi", "[per quarter]")
    policy_rate: Array = unknown("i", "[per quarter]")
    demand: Array = unknown("g", "[adds to output]", carried=True)
    policy: Array = unknown("v", "[adds to the policy rate]", carried=True)


class Expectations(NamedTuple):
    output: Array
    inflation: Array


def expectations(p: Parameters, now: Quarter) -> Expectations:
    return Expectations(now.x.output, now.x.inflation)


def spending(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """y - y' + (i - pi' - r) / sigma - g = 0"""
    real_rate_gap = now.x.policy_rate - lead.inflation - now.e.natural_rate
    return now.x.output - lead.output + real_rate_gap / p.curvature - now.x.demand


def price_setting(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """pi - beta pi' - kappa y - u = 0"""
    return now.x.inflation - p.discount_factor * lead.inflation - p.price_slope * now.x.output - now.e.cost_push


def policy_rule(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """i - i0 - phi_pi pi - phi_y y - v = 0"""
    return now.x.policy_rate - _wanted_rate(p, now.x)


def bounded_policy_rule(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """fb(i - ibar, i - i0 - phi_pi pi - phi_y y - v) = 0"""
    return fischer_burmeister(
        now.x.policy_rate - p.lower_bound, now.x.policy_rate - _wanted_rate(p, now.x), p.smoothing
    )


def _wanted_rate(p, x):
    return p.intercept + p.inflation_response * x.inflation + p.output_response * x.output + x.policy


def demand(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """g - rho_g g(-1) - e_g = 0"""
    return now.x.demand - p.demand_persistence * now.lag.demand - now.e.demand_shock


def policy(p: Parameters, now: Quarter, lead: Expectations) -> Scalar:
    """v - rho_v v(-1) - e_v = 0"""
    return now.x.policy - p.policy_persistence * now.lag.policy - now.e.policy_shock


def _economy(rule):
    return SmallEconomy(
        Variables, Instruments, Expectations, expectations, (spending, price_setting, rule, demand, policy)
    )


NEW_KEYNESIAN = _economy(policy_rule)
BOUNDED_NEW_KEYNESIAN = _economy(bounded_policy_rule)
