"""What the measurement of distribution is made of. It has no unknowns: it reads the paths of the nine groups."""

import equinox as eqx
from jax import Array

from model.core.axes import AGE, LINE
from model.core.fields import parameter


class Parameters(eqx.Module):
    income_dispersion: Array = parameter("sdy_{}", "[standard deviation of logs within groups]", AGE)
    wealth_dispersion: Array = parameter("sdk", "[standard deviation of logs within groups]")
    income_tail: Array = parameter("parY", "[Pareto exponent of the top tenth]")
    wealth_tail: Array = parameter("parK", "[Pareto exponent of the top tenth]")
    adults: Array = parameter("adults", "[million people of 25 and more]")
    line_goods: Array = parameter("Zg_{}", "[dollars a year, family of four]", LINE)
    line_childcare: Array = parameter("Zc_{}", "[dollars a year, family of four]", LINE)
    line_rent: Array = parameter("Zr_{}", "[dollars a year, family of four]", LINE)
    line_growth: Array = parameter("Zt_{}", "[share of trend growth by which quantities grow]", LINE)
