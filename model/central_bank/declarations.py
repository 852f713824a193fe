"""What the central bank block is made of."""

import equinox as eqx
from jax import Array

from model.core.fields import instrument, parameter, unknown


class Parameters(eqx.Module):
    inflation_target: Array = parameter("pib", "[gross per quarter]")
    natural_rate: Array = parameter("rst", "[gross per quarter]")
    inflation_response: Array = parameter("phpi", "[1]")
    unemployment_response: Array = parameter("phu", "[quarterly rate per share of the labour force]")
    rate_smoothing: Array = parameter("rhoi", "[1]")
    lower_bound: Array = parameter("elb", "[net per quarter]")
    lower_bound_smoothing: Array = parameter("eelb", "[net per quarter]")


class Instruments(eqx.Module):
    policy_shock: Array = instrument("epsi", "[net per quarter]", 0.0)
    natural_rate: Array = instrument("rstar", "[a quarter, added to the natural rate]", 0.0)


class Variables(eqx.Module):
    inflation: Array | None = unknown("pi", "[gross per quarter]")
    policy_rate: Array = unknown("inom", "[net per quarter]", carried=True)
