"""What delivery of a unit costs its users, as regulators set it, as a block of an economy (average-cost regulation)."""

import sys
from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jax import Array

from model.core.blocks import block
from model.core.equations import equation
from model.core.fields import ByName, parameter, unknown
from model.core.types import Scalar


class Parameters(eqx.Module):
    fixed_share: Array = parameter("xiN", "[share of tariffs that recovers the fixed cost of the grid]")
    reset_rate: Array = parameter("rhoN", "[per quarter]")
    base_grid: Array = parameter("GE0", "[grid in use per unit of electricity that it carries]")


class Variables(eqx.Module):
    level: Array = unknown("tauN", "[base = 1], in force from the next quarter", log=True, carried=True)


def average_cost(p: ByName, now: Any) -> Scalar:
    """Cost of delivery per unit that users bear, base = 1.

    The fixed part falls as more electricity goes through the same grid; what the public pays of its investment is passed on.
    """
    n = p.network_tariff
    grid_per_unit = now.grid_in_use / now.dispatch.electricity
    data_centres = now.x.production.data_centre_electricity - now.on_site_power.generation
    by_user = jnp.stack([now.traditional.electricity, now.spending.electricity, data_centres])
    subsidy = now.fiscal.subsidies.grid * now.grid.spending
    return 1 - n.fixed_share + n.fixed_share * grid_per_unit / n.base_grid - subsidy / (p.energy.tariff @ by_user)


@equation(81, "network_tariff")
def network_tariff(p: ByName, now: Any, lead: ByName) -> Scalar:
    """tauN / ((1 - rhoN) tauN(-1) + rhoN (1 - xiN + xiN (Gu / (E - BMu)) / GE0 - sG IG / sum_u tau_u E_u)) - 1 = 0"""
    rate = p.network_tariff.reset_rate
    due = (1 - rate) * now.lag.network_tariff.level + rate * average_cost(p, now)
    return now.x.network_tariff.level / due - 1


NETWORK_TARIFF = block("network_tariff", sys.modules[__name__], eliminated=({}, {}, {}, {"tauN": "network_tariff"}))
