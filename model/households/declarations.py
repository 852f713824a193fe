"""What the household block is made of: nine islands of age and skill, savers and spenders."""

import equinox as eqx
from jax import Array

from model.core.axes import AGE, GROUP, WORKING_AGE
from model.core.fields import instrument, parameter, unknown


def _by_group(stem):
    return " ".join(f"{stem}_{g}" for g in GROUP.symbols)


class Parameters(eqx.Module):
    discount_factor: Array = parameter("beta", "[per quarter]")
    ageing_rate: Array = parameter("phi_Y phi_M phi_O", "[per quarter]", AGE)
    leaver_wealth: Array = parameter("psiA_Y psiA_M psiA_O", "[relative to the stage average]", AGE)
    bequest_share: Array = parameter("bq_Y bq_M", "[share of bequests]", WORKING_AGE)
    savers: Array = parameter(_by_group("S"), "[mass]", GROUP)
    spenders: Array = parameter(_by_group("Nh"), "[mass]", GROUP)
    wealth_utility: Array = parameter(_by_group("nu"), "[1]", GROUP)
    efficiency: Array = parameter("eff_Y eff_M", "[efficiency units a worker]", WORKING_AGE)
    childcare: Array = parameter("ncc_Y ncc_M ncc_O", "[traditional goods a head]", AGE)
    basic_electricity: Array = parameter("ebar", "[annual electricity]")
    goods_share: Array = parameter("alc", "[share of discretionary spending]")
    housing_share: Array = parameter("alh", "[share of discretionary spending]")
    electricity_share: Array = parameter("ale", "[share of discretionary spending]")


class Instruments(eqx.Module):
    basic_electricity: Array = instrument("effH", "[multiplies ebar]", 1.0)


class Variables(eqx.Module):
    spending: Array | None = unknown(_by_group("m"), "[quarterly GDP per saver]", GROUP, log=True)
    wealth: Array = unknown(_by_group("k"), "[quarterly GDP per saver, end of quarter]", GROUP, log=True, carried=True)
