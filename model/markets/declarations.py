"""What the daily flow block is made of: parameters, the flows it tells apart, and what the core tells it."""

import equinox as eqx
import numpy as np
from jax import Array
from jaxtyping import Float

from model.core.axes import Axis
from model.core.fields import parameter
from model.core.types import Real, Scalar

FLOW = Axis(
    "flow",
    ("vt", "cta", "bb", "hedge", "latent"),
    ("volatility_targeting", "trend_following", "buybacks", "dealer_hedging", "latent_demand"),
)
SOURCE = Axis(
    "source", ("v", "fed", "core", *FLOW.symbols), ("fundamentals", "fed_speak", "answer_of_the_core", *FLOW.labels)
)
VOLATILITY_TARGETING, TREND_FOLLOWING, BUYBACKS, DEALER_HEDGING, LATENT_DEMAND = range(len(FLOW))
TREND_HORIZONS = np.array([20.0, 60.0, 250.0])  # days


class Parameters(eqx.Module):
    """Numbers of the daily block; variances are of daily log returns."""

    volatility: Array = parameter("sigma", "[per year], of fundamentals in the long run")
    shock_response: Array = parameter("alpha", "[1], of the variance to a squared shock")
    bad_news_response: Array = parameter("gamma_", "[1], of the variance to a squared fall, on top")
    variance_persistence: Array = parameter("rhoh", "[per day], of the expected variance: alpha + gamma_ / 2 + beta")
    news_probability: Array = parameter("pnews", "[per day], of large news")
    news_size: Array = parameter("knews", "[multiple of an ordinary day's standard deviation]")
    speech_probability: Array = parameter("pspeech", "[per day]")
    speech_size: Array = parameter("sspeech", "[log odds], standard deviation of a speech day")
    odds_half_life: Array = parameter("hlz", "[days]")
    rate_surprise_response: Array = parameter("beta_fed", "[log points per unit of annual rate]")
    target_volatility: Array = parameter("sstar", "[per year]")
    largest_exposure: Array = parameter("wmax", "[multiple of capital]")
    exposure_speed: Array = parameter("avt", "[per day]")
    volatility_memory: Array = parameter("lam", "[per day], weight of the past in realised variance")
    volatility_target_assets: Array = parameter("AUMvt", "[tn USD]")
    trend_speed: Array = parameter("acta", "[per day]")
    trend_assets: Array = parameter("AUMcta", "[tn USD]")
    buyback_share: Array = parameter("bshare", "[share of payouts]")
    blackout_first_day: Array = parameter("bo1", "[day of the quarter]")
    blackout_last_day: Array = parameter("bo2", "[day of the next quarter]")
    blackout_pace: Array = parameter("bopace", "[share of the pace outside]")
    reinvested_share: Array = parameter("breinv", "[share of buybacks]")
    hedging_long: Array = parameter(
        "Glong", "[tn USD per unit of return, at the core's prices], dealers lean against the move"
    )
    hedging_short: Array = parameter(
        "Gshort", "[tn USD per unit of return, at the core's prices], dealers follow the move"
    )
    hedging_mean: Array = parameter("ybar", "[log odds of short hedging]")
    hedging_persistence: Array = parameter("rhoy", "[per day]")
    hedging_size: Array = parameter("sy", "[log odds], daily standard deviation")
    hedging_return_response: Array = parameter("ay", "[log odds per unit of return]")
    latent_size: Array = parameter("slat", "[share of market value per day]")
    permanent_impact: Array = parameter("MP", "[price change per flow in shares of market value]")
    permanent_memory: Array = parameter("rP", "[per day]")
    transitory_impact: Array = parameter("MTr", "[price change per flow in shares of market value]")
    transitory_memory: Array = parameter("rTr", "[per day]")
    variance_premium: Array = parameter("vrp", "[per year squared]")
    premium_slope: Array = parameter("vrp3", "[1], of three months over one month")
    hedging_premium_month: Array = parameter("psi1", "[per year squared], of short hedging")
    hedging_premium_quarter: Array = parameter("psi3", "[per year squared], of short hedging")
    volatility_aversion: Array = parameter("chisig", "[log demand per unit of quarterly variance]")
    flow_persistence: Array = parameter("rhof", "[per quarter]")


class Core(eqx.Module):
    """What the quarterly core tells the daily block, leading axis the quarters of the daily path."""

    log_value_before: Scalar  # [log tn USD], market value of equity at the end of the quarter before
    log_value: Float[Real, "quarters"]  # [log tn USD], at the end of each quarter, with trend growth
    payout: Float[Real, "quarters"]  # [tn USD], dividends and net buybacks
    cut_odds: Float[Real, "quarters"]  # [1], average odds of a 25 basis point cut, from the path of the policy rate
