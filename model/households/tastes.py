"""Habits, and tastes for wealth relative to that of others: households to be exchanged for those with logarithmic utility.

Abel (1990) for external habits; Carroll (2000) and Straub (2019) for saving that rises with permanent income.
"""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.axes import GROUP
from model.core.blocks import Block
from model.core.fields import ByName, parameter, unknown
from model.core.types import Real, Scalar
from model.households import declarations
from model.households.block import HOUSEHOLDS
from model.households.groups import MarginalUtility


class Parameters(declarations.Parameters):
    habit: Array = parameter("hab", "[share of last quarter's spending of the group]")
    wealth_curvature: Array = parameter("S", "[1], 1: logarithmic")


class Variables(eqx.Module):
    spending: Array = unknown("m_{}", "[quarterly GDP per saver]", GROUP, log=True, carried=True)
    wealth: Array = unknown("k_{}", "[quarterly GDP per saver, end of quarter]", GROUP, log=True, carried=True)


def mean_wealth(h: declarations.Parameters, wealth: Float[Real, "group"]) -> Scalar:
    """Of savers [quarterly GDP per saver]."""
    return (h.savers * wealth).sum() / h.savers.sum()


def relative_tastes(p: ByName, now: Any) -> dict[str, MarginalUtility]:
    """`lam_g = (1 - h/Gam) / (m_g - (h/Gam) m_g(-1))` and `lamk_g = nu_g (k_g / kbar)^-S / kbar`, kbar the mean over savers."""
    h, x = p.households, now.x.households
    kept = h.habit / p.production.trend_growth
    mean = mean_wealth(h, x.wealth)
    return {
        "marginal_utility": MarginalUtility(
            (1 - kept) / (x.spending - kept * now.lag.households.spending),
            h.wealth_utility * (x.wealth / mean) ** -h.wealth_curvature / mean,
        )
    }


def utility_of_wealth(
    h: declarations.Parameters, wealth: Float[Real, "... group"], mean: Scalar
) -> Float[Real, "... group"]:
    """Utility whose derivative is `lamk` where the mean of wealth is `mean`: `nu ((k/mean)^(1-S) - 1) / (1-S)`, `nu log(k/mean)` for S = 1."""
    bent = 1 - getattr(h, "wealth_curvature", jnp.asarray(1.0))
    log = jnp.log(wealth / mean)
    return h.wealth_utility * jnp.where(bent == 0, log, jnp.expm1(bent * log) / jnp.where(bent == 0, 1.0, bent))


RELATIVE_TASTES: Block = HOUSEHOLDS._replace(parameters=Parameters, variables=Variables, stages=(relative_tastes,))
