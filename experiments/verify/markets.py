"""The daily block and the plumbing of Treasury and Fed: closed forms."""

import jax
import jax.numpy as jnp
import numpy as np

from calibration.markets.inputs import market_parameters
from calibration.numbers.balance_sheet import balance_sheet
from experiments.verify.rows import row
from experiments.verify.tolerances import ROUNDING
from model.markets import volatility
from model.markets.day import NORMALS, UNIFORMS, Calendar, Switches, rest, trading_day
from model.markets.declarations import FLOW, LATENT_DEMAND
from model.markets.flows import same_day_return
from model.transition.scenarios.public_balance_sheet import bill_tilt, mapped, quantitative_easing, treasury_account

MARKET = 95.0  # trillions of dollars
SHOCK_DAYS = 60
SMALL = 1e-3  # a log price


def variance():
    """Forecasts and kurtosis of the variance against sums and quadrature."""
    p, h = market_parameters({"bad_news_response": 0.1, "variance_persistence": 0.95}), 2e-4
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    weights = weights / weights.sum()
    q = float(p.news_probability)
    shocks = np.concatenate([nodes * float(volatility.news_scale(p, large)) for large in (False, True)])
    chances = np.concatenate([(1 - q) * weights, q * weights])
    tomorrow = np.asarray(volatility.next_variance(p, h, np.sqrt(h) * shocks))
    long_run, rho = float(volatility.long_run_variance(p)), 0.95
    by_sum = np.mean([long_run + rho**k * (h - long_run) for k in range(63)])
    growth = np.exp(np.sqrt(h) * shocks - float(volatility.log_mean(p, h)))
    source = "Glosten, Jagannathan and Runkle (1993)"
    return [
        row("expected variance of tomorrow", source, long_run + rho * (h - long_run), chances @ tomorrow, ROUNDING, h),
        row("mean variance of three months", source, by_sum, float(volatility.mean_forecast(p, h, 63)), ROUNDING, h),
        row("expected price after news", "martingale", 1.0, chances @ growth, ROUNDING),
    ]


def pressure():
    """A flow of 0.1 % of the market: 13 times as much at once, then 5 and 8 times at their rates of decay."""
    p = market_parameters({"latent_size": 0.001})
    none = jnp.zeros(())
    switches = Switches(none, none, jnp.eye(len(FLOW))[LATENT_DEMAND])
    state, calendar = rest(p, (), jnp.log(MARKET), 0.6), Calendar(jnp.log(MARKET), none, none, none, none, none)
    step = jax.jit(lambda state, shocks: trading_day(p, switches, state, calendar, shocks))
    prices = []
    for day in range(SHOCK_DAYS):
        shocks = jnp.concatenate([jnp.zeros(NORMALS).at[3].set(float(day == 0)), jnp.ones(UNIFORMS)])
        state, today = step(state, shocks)
        prices.append(float(today.sources.sum()))
    last = SHOCK_DAYS - 1
    by_hand = 0.001 * (5 * float(p.permanent_memory) ** last + 8 * float(p.transitory_memory) ** last)
    source = "propagator, Bouchaud (2022)"
    return [
        row("price on the day of a flow", source, 0.013, prices[0], ROUNDING, SMALL),
        row(f"price {last} days later", source, by_hand, prices[last], ROUNDING, SMALL),
        row(
            "return at a hedging gain of one half",
            "fixed point by hand",
            0.02,
            float(same_day_return(0.01, 10.0, -4.75, MARKET)),
            ROUNDING,
        ),
    ]


def plumbing():
    """Easing is a bill tilt; a matched rundown of the cash account leaves the bond share."""
    before = balance_sheet()
    tilt, easing = (
        mapped(before, bill_tilt(before, 0.97)),
        mapped(before, quantitative_easing(before, 0.97, "reverse_repo")),
    )
    rundown = mapped(before, treasury_account(before, -0.15))
    return [
        row("bond share: easing less bill tilt", "Wallace (1981)", 0.0, easing[0] - tilt[0], 0.0),
        row("spread: easing less bill tilt", "Wallace (1981)", 0.0, easing[1] - tilt[1], 0.0),
        row("bond share after a matched rundown", "by hand", 0.0, rundown[0], 0.0),
    ]


CASES = (variance, pressure, plumbing)
