"""The daily block against what can be worked out by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from calibration.markets.inputs import market_parameters
from model.core.units import DAYS_A_QUARTER
from model.markets import volatility
from model.markets.day import NORMALS, UNIFORMS, Calendar, rest, trading_day
from model.markets.declarations import BUYBACKS, DEALER_HEDGING, FLOW, LATENT_DEMAND
from model.markets.flows import buyback_weights, dealer_slope, same_day_return
from model.markets.paths import simulate
from model.markets.stability import growth_of_flows, hedging_gain, problems
from tests.markets.conftest import CALM

QUADRATURE = np.polynomial.hermite_e.hermegauss(60)
MARKET = 95.0


def expected(p, function):
    """Mean of a function of a fundamental shock of unit variance: both kinds of day, by quadrature."""
    nodes, weights = QUADRATURE[0], QUADRATURE[1] / QUADRATURE[1].sum()
    q = float(p.news_probability)
    calm, wild = ((weights * function(nodes * float(volatility.news_scale(p, large)))).sum() for large in (False, True))
    return (1 - q) * calm + q * wild


def test_shocks_have_unit_variance_and_the_kurtosis_of_the_mixture(p):
    assert expected(p, lambda e: e**2) == pytest.approx(1, rel=1e-12)
    assert expected(p, lambda e: e**4) == pytest.approx(float(volatility.kurtosis_of_news(p)), rel=1e-12)


def test_news_leave_the_expected_price_where_it_was(p):
    variance = 0.02**2
    mean = expected(p, lambda e: np.exp(np.sqrt(variance) * e - float(volatility.log_mean(p, variance))))
    assert mean == pytest.approx(1, rel=1e-13)


def test_variance_moves_as_glosten_jagannathan_and_runkle_say(p):
    h = 1.3e-4

    def tomorrow(e):
        shock = np.sqrt(h) * e
        return np.array([float(volatility.next_variance(p, h, s)) for s in shock])

    long_run, rho = float(volatility.long_run_variance(p)), float(p.variance_persistence)
    assert expected(p, tomorrow) == pytest.approx(long_run + rho * (h - long_run), rel=1e-12)
    by_sum = np.mean([long_run + rho**k * (h - long_run) for k in range(21)])
    assert float(volatility.mean_forecast(p, h, 21)) == pytest.approx(by_sum, rel=1e-12)
    squared = expected(p, lambda e: tomorrow(e) ** 2)
    omega = long_run * (1 - rho)
    assert squared == pytest.approx(
        omega**2 + 2 * omega * rho * h + float(volatility.squared_persistence(p)) * h**2, rel=1e-12
    )


def test_simulated_news_have_the_variance_and_kurtosis_of_the_formulas(core, news_alone):
    # without clustering of news size the fourth moment is light enough to be measured
    p = market_parameters(
        CALM | {"news_size": 1.0, "bad_news_response": 0.06, "shock_response": 0.03, "variance_persistence": 0.9}
    )
    r = simulate(p, core, 3, 4000, news_alone).total_return
    assert r.var() == pytest.approx(float(volatility.long_run_variance(p)), rel=0.01)
    kurtosis = ((r - r.mean()) ** 4).mean() / r.var() ** 2
    assert kurtosis == pytest.approx(float(volatility.kurtosis(p)), rel=0.02)


def quiet_day(p, buyback=0.0):
    zero = jnp.zeros(())
    return Calendar(jnp.log(MARKET), zero, zero, jnp.asarray(buyback), zero, zero)


def quiet_shocks(**moved):
    shocks = np.concatenate([np.zeros(NORMALS), np.ones(UNIFORMS)])
    for place, value in moved.items():
        shocks[int(place[1:])] = value
    return jnp.asarray(shocks)


def test_the_pressure_of_one_flow_fades_at_its_two_rates(nothing):
    p = market_parameters(CALM | {"latent_size": 0.001})
    switches = nothing._replace(flows=np.eye(len(FLOW))[LATENT_DEMAND])
    state = rest(p, (), jnp.log(MARKET), 0.6)
    prices = []
    for day in range(40):
        state, today = trading_day(p, switches, state, quiet_day(p), quiet_shocks(s3=1.0 if day == 0 else 0.0))
        prices.append(float(today.sources.sum()))
    k = np.arange(40)
    by_hand = 0.001 * (5 * float(p.permanent_memory) ** k + 8 * float(p.transitory_memory) ** k)
    np.testing.assert_allclose(prices, by_hand, rtol=1e-12)


def test_hedging_solves_its_same_day_loop(p, nothing):
    switches = nothing._replace(fundamentals=np.float64(1), flows=np.eye(len(FLOW))[DEALER_HEDGING])
    start = rest(p, (), jnp.log(MARKET), 0.6)
    for hedging in (-30.0, 0.0, 30.0):
        state, today = trading_day(
            p, switches, start._replace(hedging=jnp.asarray(hedging)), quiet_day(p), quiet_shocks(s0=-2.0)
        )
        r, news = float(today.total_return), float(state.fundamental)
        slope = float(dealer_slope(p, jax.nn.sigmoid(hedging)))
        assert r == pytest.approx(news - 13 * slope * r / MARKET, rel=1e-12)
        assert float(today.flows[DEALER_HEDGING]) == pytest.approx(-slope * r, rel=1e-12)
        assert (abs(r) > abs(news)) == (hedging > 0.1), "dealers who are short options follow the move"
    assert float(same_day_return(0.01, 10.0, -4.75, 95.0)) == pytest.approx(
        0.02, rel=1e-12
    )  # gain one half: twice the move


def test_buybacks_spread_the_quarter_and_pause_in_the_blackout(p):
    weights = np.asarray(buyback_weights(p))
    assert len(weights) == DAYS_A_QUARTER
    assert weights.sum() == pytest.approx(1, rel=1e-14)
    assert weights[30] / weights[0] == pytest.approx(1 / 0.4, rel=1e-14)
    assert (weights < weights.max()).sum() == 22 + (63 - 53 + 1)


def test_the_gain_of_the_hedging_loop_and_growth_of_the_flow_loop(p):
    assert hedging_gain(p, MARKET) == pytest.approx(13 * 0.4 / 95, rel=1e-12)
    # without anybody who reacts, the slowest thing to fade is permanent pressure
    idle = market_parameters(
        CALM | {"trend_assets": 0.0, "volatility_target_assets": 0.0, "hedging_long": 0.0, "hedging_short": 0.0}
    )
    assert growth_of_flows(idle, MARKET) == pytest.approx(float(p.permanent_memory), rel=1e-9)
    assert list(problems(p, MARKET)) == []


@pytest.mark.parametrize(
    ("moved", "sentence"),
    [
        ({"hedging_short": 9.0}, "dealer hedging: the same-day loop has a gain of 1.23"),
        ({"trend_assets": 3.0}, "flow loop: pressures and positions grow"),
    ],
)
def test_explosive_flows_are_told_apart(moved, sentence):
    found = list(problems(market_parameters(CALM | moved), MARKET))
    assert sentence in found[0]


def test_growth_of_flows_is_what_a_simulation_does(nothing):
    """A push so small that all is linear, in a calm market with dealers short, without funds that target volatility."""
    switches = nothing._replace(flows=np.ones(len(FLOW)))
    step = jax.jit(lambda p, state, shocks: trading_day(p, switches, state, quiet_day(p), shocks))
    for assets, stable in ((0.15, True), (0.6, False)):
        moved = {"trend_assets": assets, "latent_size": 1e-12, "volatility_target_assets": 0.0, "buyback_share": 0.0}
        p = market_parameters(CALM | moved)
        calm = {"realised_variance": jnp.asarray(0.1**2 / 252), "hedging": jnp.asarray(40.0)}
        state, deviations = rest(p, (), jnp.log(MARKET), 0.6)._replace(**calm), []
        for day in range(300):
            state, today = step(p, state, quiet_shocks(s3=1.0 if day == 0 else 0.0))
            state = state._replace(**calm)
            deviations.append(float(today.sources.sum()))
        growth = growth_of_flows(p, MARKET)
        assert (growth < 1) == stable
        if stable:
            assert abs(deviations[-1]) < abs(deviations[0])
        else:
            window = np.abs(deviations[100:300]).reshape(2, 100).max(1)  # growth may oscillate
            assert (window[1] / window[0]) ** (1 / 100) == pytest.approx(growth, rel=5e-3)


def test_buybacks_are_the_share_of_payouts_that_the_core_pays(p, core, everything):
    from model.markets.paths import calendar_of

    calendar = calendar_of(p, core, np.zeros((1, 4)))
    by_quarter = np.asarray(calendar.buyback).reshape(4, DAYS_A_QUARTER).sum(1)
    np.testing.assert_allclose(by_quarter, float(p.buyback_share) * core.payout, rtol=1e-14)
    net = (np.asarray(calendar.buyback) - np.asarray(calendar.mean_buyback)).reshape(4, -1).sum(1)
    np.testing.assert_allclose(net, 0, atol=1e-15)
    flows = simulate(p, core, 1, 3, everything).flows[:, BUYBACKS]
    assert np.abs(flows).max() > 0
