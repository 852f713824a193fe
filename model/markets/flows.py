"""The systematic flows of a day, in trillions of dollars: each a change of somebody's holdings."""

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from model.core.types import Real, Scalar
from model.core.units import DAYS_A_QUARTER, DAYS_A_YEAR
from model.markets.declarations import TREND_HORIZONS, Parameters


def exposure_change(
    p: Parameters, exposure: Float[Real, "..."], realised_variance: Float[Real, "..."]
) -> Float[Array, "..."]:
    """Change of a volatility-targeting fund's exposure, `avt (min(wmax, sstar / sigma) - w)` (Moreira and Muir, 2017)."""
    wanted = jnp.minimum(p.largest_exposure, p.target_volatility / jnp.sqrt(DAYS_A_YEAR * realised_variance))
    return p.exposure_speed * (wanted - exposure)


def trend_change(
    p: Parameters,
    position: Float[Real, "*path"],
    distances: Float[Real, "horizon *path"],
    realised_variance: Float[Real, "*path"],
) -> Float[Array, "*path"]:
    """Change of a trend follower's position; `distances` `(horizons, ...)` are log price over its averages."""
    scale = jnp.sqrt(realised_variance * TREND_HORIZONS.reshape(-1, *(1,) * jnp.ndim(realised_variance)))
    return p.trend_speed * (jnp.tanh(distances / scale).mean(0) - position)


def average_change(
    log_price: Float[Real, "*path"], averages: Float[Real, "horizon *path"]
) -> Float[Real, "horizon *path"]:
    """Change of the moving averages `(horizons, ...)` of the log price."""
    weights = (2 / (TREND_HORIZONS + 1)).reshape(-1, *(1,) * jnp.ndim(log_price))
    return weights * (log_price - averages)


def buyback_weights(p: Parameters) -> Float[Array, "day"]:
    """Share of a quarter's buybacks on each of its days `(days,)`: lower in the blackout around the end of the quarter."""
    day = np.arange(1, DAYS_A_QUARTER + 1)
    blackout = (day >= p.blackout_first_day) | (day <= p.blackout_last_day)
    pace = jnp.where(blackout, p.blackout_pace, 1.0)
    return pace / pace.sum()


def dealer_slope(p: Parameters, short_hedging: Float[Real, "*path"] | float) -> Float[Real, "*path"]:
    """Dealers sell this much per unit of return [tn USD]: against the move when long options, with it when short."""
    return p.hedging_long - (p.hedging_long + p.hedging_short) * short_hedging


def same_day_return(
    own: Float[Real, "*path"] | float, impact: Scalar, slope: Float[Real, "*path"] | float, market_value: Scalar
) -> Float[Real, "*path"] | float:
    """Return that solves `r = own - impact slope r / MV`: the hedging that the return itself brings about."""
    return own / (1 + impact * slope / market_value)
