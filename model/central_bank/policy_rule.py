"""Policy rate with a smoothed effective lower bound (E.73; Taylor, 1993)."""

from typing import Any

import jax.numpy as jnp

from model.central_bank.declarations import Instruments, Parameters
from model.core.equations import equation
from model.core.fields import ByName
from model.core.formulas import smooth_maximum
from model.core.types import Scalar


def policy_rate(
    p: Parameters, e: Instruments, lag_policy_rate: Scalar, inflation: Scalar, unemployment_gap: Scalar
) -> Scalar:
    """Smoothed Taylor rule whose intercept follows the natural rate; `unemployment_gap` is Un - U."""
    intercept = (p.natural_rate + e.natural_rate) * p.inflation_target - 1
    target = (
        intercept
        + p.inflation_response * jnp.log(inflation / p.inflation_target)
        + p.unemployment_response * unemployment_gap
    )
    unbounded = p.rate_smoothing * lag_policy_rate + (1 - p.rate_smoothing) * target + e.policy_shock
    return smooth_maximum(p.lower_bound, unbounded, p.lower_bound_smoothing)


def decision(p: ByName, now: Any) -> dict[str, Any]:
    """The stage of the quarter in which the policy rate is set."""
    gap = p.production.mean_natural_unemployment - now.labour.mean_unemployment
    lag_rate, inflation = now.lag.central_bank.policy_rate, now.x.central_bank.inflation
    return {"policy_rate": policy_rate(p.central_bank, now.e.central_bank, lag_rate, inflation, gap)}


@equation(73, "policy_rate")
def taylor_rule(p: ByName, now: Any, lead: ByName) -> Scalar:
    """inom - smoothmax(elb, rhoi inom(-1) + (1 - rhoi) [(rst + rstar) pib - 1 + phpi ln(pi / pib) + phu (Un - U)] + epsi) = 0"""
    return now.x.central_bank.policy_rate - now.policy_rate
