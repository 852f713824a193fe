"""What the measurement of distribution is made of. It has no unknowns: it reads the paths of the nine groups."""

import equinox as eqx
from jax import Array

from model.core.axes import AGE, LINE
from model.core.fields import parameter


class Parameters(eqx.Module):
    income_dispersion: Array = parameter("sdy_Y sdy_M sdy_O", "[standard deviation of logs within groups]", AGE)
    wealth_dispersion: Array = parameter("sdk", "[standard deviation of logs within groups]")
    income_tail: Array = parameter("parY", "[Pareto exponent of the top tenth]")
    wealth_tail: Array = parameter("parK", "[Pareto exponent of the top tenth]")
    adults: Array = parameter("adults", "[million people of 25 and more]")
    line_goods: Array = parameter("Zg_o Zg_s Zg_n Zg_e", "[dollars a year, family of four]", LINE)
    line_childcare: Array = parameter("Zc_o Zc_s Zc_n Zc_e", "[dollars a year, family of four]", LINE)
    line_rent: Array = parameter("Zr_o Zr_s Zr_n Zr_e", "[dollars a year, family of four]", LINE)
    line_growth: Array = parameter("Zt_o Zt_s Zt_n Zt_e", "[share of trend growth by which quantities grow]", LINE)
