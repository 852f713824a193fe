"""What the household block is made of: nine islands of age and skill, savers and spenders."""

import equinox as eqx
from jax import Array

from model.core.axes import AGE, GROUP, WORKING_AGE
from model.core.fields import instrument, parameter, unknown


class Parameters(eqx.Module):
    discount_factor: Array = parameter("beta", "[per quarter]")
    ageing_rate: Array = parameter("phi_{}", "[per quarter]", AGE)
    leaver_wealth: Array = parameter("psiA_{}", "[relative to the stage average]", AGE)
    bequest_share: Array = parameter("bq_{}", "[share of bequests]", WORKING_AGE)
    savers: Array = parameter("S_{}", "[mass]", GROUP)
    spenders: Array = parameter("Nh_{}", "[mass]", GROUP)
    wealth_utility: Array = parameter("nu_{}", "[1]", GROUP)
    efficiency: Array = parameter("eff_{}", "[efficiency units a worker]", WORKING_AGE)
    childcare: Array = parameter("ncc_{}", "[traditional goods a head]", AGE)
    basic_electricity: Array = parameter("ebar", "[annual electricity]")
    goods_share: Array = parameter("alc", "[share of discretionary spending]")
    housing_share: Array = parameter("alh", "[share of discretionary spending]")
    electricity_share: Array = parameter("ale", "[share of discretionary spending]")


class Instruments(eqx.Module):
    basic_electricity: Array = instrument("effH", "[multiple of basic electricity]", 1.0)
    patience: Array = instrument("patience", "[multiple of the discount factor]", 1.0, low=0.0)


class Variables(eqx.Module):
    spending: Array | None = unknown("m_{}", "[quarterly GDP per saver]", GROUP, log=True)
    wealth: Array = unknown("k_{}", "[quarterly GDP per saver, end of quarter]", GROUP, log=True, carried=True)
