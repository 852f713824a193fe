"""The chain from targets to parameters and unknowns."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax.numpy as jnp

from calibration.inversion.energy import power_of
from calibration.inversion.households import (
    assets_of,
    balance_of,
    debt_drift,
    people_of,
    spare_income,
    spent_of,
    wealth_of,
)
from calibration.inversion.housing import homes_of
from calibration.inversion.parameters import parameters_of
from calibration.inversion.production import ai_of, firms_of
from calibration.inversion.rest_of_world import outside_of
from calibration.inversion.steps import Steps
from calibration.inversion.unknowns import unknowns_of
from model.compute.programs import program
from model.core.axes import TOKEN
from model.core.fields import ByName
from model.core.types import Scalar
from model.core.units import gross_quarterly
from model.equilibrium.economy import Economy


class Calibration(NamedTuple):
    """Parameters of the equations and the unknowns of the initial steady state, in levels."""

    parameters: ByName
    initial: ByName


@program
def inversion(economy: Economy) -> Callable[..., Calibration]:
    """Compiled `invert(economy, given, smoothing) -> Calibration`; `given` is `inputs.load_inputs().tree()`, every value traced."""
    return partial(invert, economy)


def invert(economy: Economy, given: Any, smoothing: Scalar) -> Calibration:
    """Calibrate to `given["targets"]` at the primitive parameters of the other entries; see `Calibration`.

    `given` has an entry for each block of the economy that has primitive parameters.
    """
    growth = given["production"]["trend_growth"]
    returns = jnp.append(gross_quarterly(given["targets"]["real_return"]), jnp.full(len(TOKEN), growth))
    people, power = people_of(given), power_of(given, returns, smoothing, economy.units.cent_a_kwh)
    ai = ai_of(given, returns, power, smoothing)
    homes, outside = homes_of(given, returns), outside_of(given, returns, ai)
    output = _linear_root(lambda QT: firms_of(given, returns, people, power, ai, homes, outside, QT).gdp - 1.0)
    firms = firms_of(given, returns, people, power, ai, homes, outside, output)
    assets = assets_of(given, firms, homes, outside)
    labour_tax = jnp.asarray(
        _linear_root(lambda tax: debt_drift(given, returns, people, ai, homes, firms, assets.debt, tax))
    )
    income = spare_income(given, people, power, firms, labour_tax)
    wealth = wealth_of(given, people, assets, balance_of(given, returns, income))
    spent = spent_of(given, returns, people, income, wealth)
    steps = Steps(returns, people, power, ai, homes, outside, firms, assets, labour_tax, wealth, spent)
    return Calibration(parameters_of(economy, given, steps, smoothing), unknowns_of(economy, given, steps))


def _linear_root(condition):
    """Root of a linear scalar condition from its values at 0 and 1."""
    at_zero, at_one = condition(jnp.asarray(0.0)), condition(jnp.asarray(1.0))
    return at_zero / (at_zero - at_one)
