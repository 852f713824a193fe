"""Do the flows feed on themselves? The daily map of everything but the price level, linearised at rest."""

from collections.abc import Iterator
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from model.core.units import DAYS_A_YEAR
from model.markets.day import NORMALS, UNIFORMS, Calendar, Switches, rest, trading_day
from model.markets.declarations import FLOW, Parameters

CALM = 0.1  # per year: realised volatility that one day in four stays below
SHORT = 40.0  # log odds: all dealers are short options


def hedging_gain(p: Parameters, market_value: float) -> float:
    """Share of a return that dealers who follow the move add to it on the same day; it must stay below one."""
    return float((p.permanent_impact + p.transitory_impact) * p.hedging_short / market_value)


def growth_of_flows(p: Parameters, market_value: float) -> float:
    """Largest eigenvalue of the daily map of pressures, positions and averages: below one, flows die out.

    Linearised in a calm market with dealers short, where trends count most. Funds that target volatility react to squares
    of returns, which have no linear part.
    """
    return float(np.abs(np.linalg.eigvals(_map()(p, jnp.asarray(market_value)))).max())


@cache
def _map():
    def linear(p, market_value):
        log_value = jnp.log(market_value)
        start = rest(p, (), log_value, jnp.minimum(p.largest_exposure, p.target_volatility / p.volatility))
        start = start._replace(hedging=jnp.asarray(SHORT), realised_variance=jnp.asarray(CALM**2 / DAYS_A_YEAR))
        zero = jnp.zeros(())
        calendar = Calendar(log_value, zero, zero, zero, zero, zero)
        quiet = jnp.concatenate([jnp.zeros(NORMALS), jnp.ones(UNIFORMS)])
        on = Switches(jnp.zeros(()), jnp.ones(()), jnp.ones(len(FLOW)))
        moving = ("permanent", "transitory", "averages", "exposure", "trend")
        flat, back = ravel_pytree({name: getattr(start, name) for name in moving})

        def tomorrow(vector):
            state = start._replace(**back(vector))
            after, _ = trading_day(p, on, state, calendar, quiet)
            return ravel_pytree({name: getattr(after, name) for name in moving})[0]

        return jax.jacfwd(tomorrow)(flat)

    return jax.jit(linear)


def problems(p: Parameters, market_value: float) -> Iterator[str]:
    """Sentences on what would make prices explode; empty if all is well."""
    gain = hedging_gain(p, market_value)
    if not gain < 1:
        yield f"dealer hedging: the same-day loop has a gain of {gain:.3g}; expected below 1: lower hedging_short or the price impact"
        return
    growth = growth_of_flows(p, market_value)
    if not growth < 1:
        yield (
            f"flow loop: pressures and positions grow {growth:.4g} times a day; expected below 1: "
            "lower trend_assets or the price impact"
        )
