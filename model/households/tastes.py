"""Habits, and tastes for wealth relative to that of others: households to be exchanged for those with logarithmic utility.

Abel (1990) for external habits; Carroll (2000) and Straub (2019) for saving that rises with permanent income.
"""

from typing import Any

import equinox as eqx
from jax import Array

from model.core.axes import GROUP
from model.core.blocks import Block
from model.core.fields import ByName, parameter, unknown
from model.households import declarations
from model.households.block import HOUSEHOLDS
from model.households.groups import MarginalUtility


class Parameters(declarations.Parameters):
    habit: Array = parameter("hab", "[share of last quarter's spending of the group]")
    wealth_curvature: Array = parameter("S", "[1], 1: logarithmic")


class Variables(eqx.Module):
    spending: Array = unknown("m_{}", "[quarterly GDP per saver]", GROUP, log=True, carried=True)
    wealth: Array = unknown("k_{}", "[quarterly GDP per saver, end of quarter]", GROUP, log=True, carried=True)


def relative_tastes(p: ByName, now: Any) -> dict[str, MarginalUtility]:
    """`lam_g = (1 - h/Gam) / (m_g - (h/Gam) m_g(-1))` and `lamk_g = nu_g (k_g / kbar)^-S / kbar`, kbar the mean over savers."""
    h, x = p.households, now.x.households
    kept = h.habit / p.production.trend_growth
    mean = (h.savers * x.wealth).sum() / h.savers.sum()
    return {
        "marginal_utility": MarginalUtility(
            (1 - kept) / (x.spending - kept * now.lag.households.spending),
            h.wealth_utility * (x.wealth / mean) ** -h.wealth_curvature / mean,
        )
    }


RELATIVE_TASTES: Block = HOUSEHOLDS._replace(parameters=Parameters, variables=Variables, stages=(relative_tastes,))
