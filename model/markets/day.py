"""One trading day: news, the flows it meets, their price impact, and what everybody remembers tomorrow."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from model.core.types import Real, Scalar
from model.markets.declarations import DEALER_HEDGING, FLOW, TREND_HORIZONS, Parameters
from model.markets.flows import (
    average_change,
    dealer_slope,
    exposure_change,
    same_day_return,
    trend_change,
)
from model.markets.volatility import log_mean, long_run_variance, news_scale, next_variance, volatility_indices

NORMALS, UNIFORMS = 4, 2  # shocks of a day
CUT = 0.0025  # annual rate, of a cut


class Switches(NamedTuple):
    """One or zero: fundamentals, Fed-speak, and each flow."""

    fundamentals: Scalar
    fed_speak: Scalar
    flows: Real  # (flow,)


class State(NamedTuple):
    """What a day starts from; arrays `(...)` over paths."""

    fundamental: Array  # [log], against the core's path
    fed_speak: Array  # [log], against the core's path
    answer: Array  # [log], of the core to flows
    permanent: Array  # [log] (flow, ...), pressure of past flows
    transitory: Array  # [log] (flow, ...)
    log_shares: Array  # [log], shares outstanding
    variance: Array  # [per day]
    realised_variance: Array  # [per day]
    averages: Array  # [log tn USD] (trend horizon, ...)
    exposure: Array  # [multiple of capital]
    trend: Array  # [share of capital]
    hedging: Array  # [log odds]
    odds: Array  # [log odds] of a cut, against those of the policy path


class Day(NamedTuple):
    """What a day leaves behind."""

    sources: Array  # [log] (source, ...), of the price against the core's path
    flows: Array  # [tn USD] (flow, ...)
    total_return: Array  # [log], of market value
    log_shares: Array  # [log]
    volatility_month: Array  # [per cent a year]
    volatility_quarter: Array  # [per cent a year]
    inverted_without_hedging: Array  # would one month stand above three without hedging demand?
    cut_odds: Array  # [1]


class Calendar(NamedTuple):
    """What the core and the calendar say of a day; arrays `()` but for `drift`, which may be `(...)`."""

    log_value: Real  # [log tn USD], of equity on the core's path
    core_return: Real  # [log], of the core's path over the day
    drift: Real  # [log], change of prices over the day that the core's answer to flows brings
    buyback: Real  # [tn USD], of the day
    mean_buyback: Real  # [tn USD], of a day of this quarter
    mean_odds: Real  # [log odds]


def rest(p: Parameters, paths: tuple[int, ...], log_value: Scalar, exposure: Scalar) -> State:
    """State `(..., paths)` of a quiet market that follows the core's path."""
    zeros = jnp.zeros(paths)
    flows = jnp.zeros((len(FLOW), *paths))
    variance = zeros + long_run_variance(p)
    averages = jnp.zeros((len(TREND_HORIZONS), *paths)) + log_value
    return State(
        zeros, zeros, zeros, flows, flows, zeros, variance, variance, averages, zeros + exposure, zeros,
        zeros + p.hedging_mean, zeros,
    )  # fmt: skip


def trading_day(
    p: Parameters, switches: Switches, state: State, calendar: Calendar, shocks: Float[Real, "shock ..."]
) -> tuple[State, Day]:
    """`(State, Day)` after a day; `shocks` are `(6, ...)`: four standard normal, two uniform."""
    s, (_, _, hedging_news, latent) = state, shocks[:NORMALS]
    shock, odds, news, words = _news(p, switches, s, calendar, shocks)

    deviation = sources_of(s).sum(0)  # of yesterday
    log_core = calendar.log_value - calendar.core_return
    core_value = jnp.exp(log_core)
    exposure = exposure_change(p, s.exposure, s.realised_variance)
    trend = trend_change(p, s.trend, log_core + deviation - s.averages, s.realised_variance)
    ordered = _orders(p, switches, calendar, exposure, trend, latent * core_value)

    impact = p.permanent_impact + p.transitory_impact
    fading = ((p.permanent_memory - 1) * s.permanent + (p.transitory_memory - 1) * s.transitory).sum(0)
    own = calendar.core_return + news + words + calendar.drift + fading + impact * ordered.sum(0) / core_value
    slope = switches.flows[DEALER_HEDGING] * dealer_slope(p, jax.nn.sigmoid(s.hedging))
    total = same_day_return(own, impact, slope, core_value)
    ordered = ordered.at[DEALER_HEDGING].set(-slope * total)
    pressure = ordered / core_value
    surprise = p.hedging_size * hedging_news - p.hedging_return_response * total
    tomorrow = s._replace(
        fundamental=s.fundamental + news,
        fed_speak=s.fed_speak + words,
        answer=s.answer + calendar.drift,
        permanent=p.permanent_memory * s.permanent + p.permanent_impact * pressure,
        transitory=p.transitory_memory * s.transitory + p.transitory_impact * pressure,
        log_shares=s.log_shares + jnp.log1p(-calendar.buyback / core_value),
        variance=next_variance(p, s.variance, shock),
        realised_variance=p.volatility_memory * s.realised_variance + (1 - p.volatility_memory) * total**2,
        exposure=s.exposure + exposure,
        trend=s.trend + trend,
        hedging=p.hedging_mean + p.hedging_persistence * (s.hedging - p.hedging_mean) + surprise,
        odds=odds,
    )
    log_price = calendar.log_value + sources_of(tomorrow).sum(0)
    tomorrow = tomorrow._replace(averages=s.averages + average_change(log_price, s.averages))
    return tomorrow, _closing(p, tomorrow, calendar, ordered * jnp.exp(deviation), total)


def _news(p, switches, s, calendar, shocks):
    """Shock to fundamentals, log odds of a cut, and what news and words do to prices."""
    fundamental, speech, large_news, speech_day = shocks[0], shocks[1], *shocks[NORMALS:]
    shock = jnp.sqrt(s.variance) * news_scale(p, large_news < p.news_probability) * fundamental
    news = switches.fundamentals * (shock - log_mean(p, s.variance))
    spoken = jnp.where(speech_day < p.speech_probability, p.speech_size * speech, 0.0)
    odds = s.odds * 0.5 ** (1 / p.odds_half_life) + spoken
    before, after = (jax.nn.sigmoid(calendar.mean_odds + z) for z in (s.odds, odds))
    words = switches.fed_speak * p.rate_surprise_response * CUT * (after - before)
    return shock, odds, news, words


def _orders(p, switches, calendar, exposure, trend, latent):
    """Flows that do not wait for the day's return, `(flow, ...)` [tn USD at the core's prices].

    So the assets of funds rise and fall with the market. Dealers come later: their place is empty.
    """
    buyback = (1 - p.reinvested_share) * (calendar.buyback - calendar.mean_buyback)
    zeros = jnp.zeros_like(exposure)
    ordered = jnp.stack(
        [
            p.volatility_target_assets * exposure,
            p.trend_assets * trend,
            buyback + zeros,
            zeros,
            p.latent_size * latent,
        ]
    )
    return jnp.reshape(switches.flows, (-1, *(1,) * exposure.ndim)) * ordered


def _closing(p, s, calendar, flows, total):
    """`Day` of what is known at its end."""
    (month, quarter), (calm_month, calm_quarter) = volatility_indices(p, s.variance, jax.nn.sigmoid(s.hedging))
    odds = jax.nn.sigmoid(calendar.mean_odds + s.odds)
    return Day(sources_of(s), flows, total, s.log_shares, month, quarter, calm_month > calm_quarter, odds)


def sources_of(state: State) -> Float[Array, "source ..."]:
    """Log price against the core's path by where it comes from, `(source, ...)`."""
    news = jnp.stack([state.fundamental, state.fed_speak, state.answer])
    return jnp.concatenate([news, state.permanent + state.transitory])
