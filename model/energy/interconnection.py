"""Energised data-centre interconnection: applications, queue and connected capacity (E.10, E.68-71)."""

from typing import Any, NamedTuple

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.axes import ASSET
from model.core.equations import equation, expectation
from model.core.fields import ByName
from model.core.formulas import fischer_burmeister, isoelastic_cost, isoelastic_supply
from model.core.types import Real, Scalar
from model.energy import time_to_build
from model.energy.declarations import Instruments, Parameters

AI_EQUITY = ASSET.index("A")


class Applications(NamedTuple):
    starts: Real  # [annual electricity per quarter]
    cost: Real  # [quarterly GDP]


def interconnection_applications(
    p: Parameters, e: Instruments, pipeline_value: Scalar, subsidy: Scalar
) -> Applications:
    """Applications that enter the queue, rationed at the low elasticity epsX, which decides the energy claim."""
    base = p.interconnection_base_starts * e.interconnection_starts
    ratio = pipeline_value / ((1 - subsidy) * p.interconnection_cost)
    NX = isoelastic_supply(base, ratio, p.interconnection_supply_elasticity)
    return Applications(NX, isoelastic_cost(p.interconnection_cost, base, NX, p.interconnection_supply_elasticity))


def completion_rate(p: ByName, now: Any) -> Float[Real, ""]:
    """Share of the queue that is connected in a quarter."""
    return p.energy.interconnection_completion_rate * now.e.energy.interconnection_completion


def interconnection_bound(p: Parameters, interconnection_rent: Scalar, unused: Scalar) -> Float[Array, "2"]:
    """Rent and slack of connections `(2,)`, relative to the retail price and to the base load of data centres."""
    return jnp.stack([interconnection_rent / p.base_retail_price, unused / p.base_data_centre_electricity])


@equation(10, "interconnection")
def interconnection_constraint(p: ByName, now: Any, lead: ByName) -> Scalar:
    """fb(muX / pE0, (Xu + BMu - EA) / EA0) = 0"""
    return fischer_burmeister(*now.bounds.interconnection, smoothing=p.smoothing)


@equation(68, "interconnection_capacity")
def interconnection_capacity(p: ByName, now: Any, lead: ByName) -> Scalar:
    """X / ((1 - delX) Xu + zQ psiX UXu) - 1 = 0"""
    e, stock = p.energy, now.x.energy.interconnection
    return time_to_build.stock_gap(
        stock,
        now.interconnection_in_use,
        e.interconnection_depreciation,
        now.interconnection_pipeline_in_use,
        completion_rate(p, now),
    )


@equation(69, "interconnection_pipeline")
def interconnection_pipeline(p: ByName, now: Any, lead: ByName) -> Scalar:
    """UX / ((1 - zQ psiX) UXu + NX) - 1 = 0"""
    psiX, pipeline = completion_rate(p, now), now.x.energy.interconnection_pipeline
    return time_to_build.pipeline_gap(pipeline, now.interconnection_pipeline_in_use, psiX, now.interconnection.starts)


@equation(70, "interconnection_value")
def interconnection_value(p: ByName, now: Any, lead: ByName) -> Scalar:
    """qX R_A' / (muX' + (1 - delX) qX') - 1 = 0"""
    value = now.x.energy.interconnection_value
    return time_to_build.value_gap(value, lead.returns[AI_EQUITY], lead.interconnection_payoff)


@equation(71, "interconnection_pipeline_value")
def interconnection_pipeline_value(p: ByName, now: Any, lead: ByName) -> Scalar:
    """qUX R_A' / (zQ' psiX qX' + (1 - zQ' psiX) qUX') - 1 = 0"""
    value = now.x.energy.interconnection_pipeline_value
    return time_to_build.value_gap(value, lead.returns[AI_EQUITY], lead.interconnection_pipeline_payoff)


@expectation()
def interconnection_payoff(p: ByName, now: Any) -> Scalar:
    """What a connection pays [quarterly GDP]: its rent and its remaining value."""
    en, delX = now.x.energy, p.energy.interconnection_depreciation
    return time_to_build.stock_payoff(en.interconnection_rent, en.interconnection_value, delX)


@expectation()
def interconnection_pipeline_payoff(p: ByName, now: Any) -> Scalar:
    """What a place in the queue is worth [quarterly GDP]: connected at the rate zQ psiX."""
    en = now.x.energy
    value, pipeline_value = en.interconnection_value, en.interconnection_pipeline_value
    return time_to_build.pipeline_payoff(value, pipeline_value, completion_rate(p, now))
