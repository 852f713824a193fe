"""Simulated days: what must hold on every path."""

import numpy as np
import pytest

from model.core.units import DAYS_A_QUARTER
from model.markets.declarations import FLOW, SOURCE, Core
from model.markets.decomposition import FLOWS, flow_share, month_flows_fade, tail, variance_shares
from model.markets.paths import BLOCK, simulate


def growing_core():
    value = np.log(95.0) + np.array([0.0, 0.02, 0.01, 0.05, 0.06])
    return Core(value[0], value[1:], np.array([0.9, 0.95, 1.0, 1.05]), np.array([0.1, 0.5, 0.9, 0.5]))


def log_value(core, day):
    """The core's path at the ends of days plus what moves prices."""
    knots = np.append(core.log_value_before, core.log_value)
    ends = np.arange(1, len(day.total_return) + 1) / DAYS_A_QUARTER
    return np.interp(ends, np.arange(len(knots)), knots)[:, None] + day.sources.sum(1)


def test_a_silent_market_is_the_cores_path_exactly(p, nothing):
    core = growing_core()
    day = simulate(p, core, 1, 2, nothing)
    assert np.all(day.sources == 0)
    np.testing.assert_allclose(
        day.total_return.reshape(4, 63, 2).sum(1)[:, 0], np.diff([core.log_value_before, *core.log_value]), rtol=1e-12
    )


def test_without_flows_and_words_the_cores_path_is_what_is_expected(p, news_alone):
    core = growing_core()
    day = simulate(p, core, 5, 4000, news_alone)
    price = np.exp(day.sources.sum(1))  # against the core's path
    for end in DAYS_A_QUARTER * np.arange(1, 5) - 1:
        error = price[end].std() / np.sqrt(price.shape[1])
        assert abs(price[end].mean() - 1) < 4 * error


def test_returns_add_up_to_prices(p, everything):
    core = growing_core()
    day = simulate(p, core, 2, 50, everything)
    np.testing.assert_allclose(core.log_value_before + np.cumsum(day.total_return, 0), log_value(core, day), rtol=1e-12)


def test_the_other_side_of_every_flow_takes_it_at_the_price_of_its_impact(p, core, everything):
    """Rebuild what the market asked for taking the other side from the record of flows: nothing else moves prices."""
    day = simulate(p, core, 4, 20, everything)
    before = np.concatenate([np.zeros((1, 20)), day.sources.sum(1)[:-1]])
    share = day.flows / (95.0 * np.exp(before))[:, None]
    rebuilt = np.zeros((len(FLOW), 20)), np.zeros((len(FLOW), 20))
    for t in range(len(share)):
        rebuilt = 0.99723 * rebuilt[0] + 5 * share[t], 0.917 * rebuilt[1] + 8 * share[t]
        np.testing.assert_allclose(day.sources[t, FLOWS], rebuilt[0] + rebuilt[1], atol=1e-13)


def test_a_path_is_its_own_in_any_batch(p, core, everything):
    alone, few, many = (simulate(p, core, 9, n, everything) for n in (1, 7, 3 * BLOCK))
    for small in (alone, few):
        for a, b in zip(small, many, strict=True):
            np.testing.assert_array_equal(a, b[..., : a.shape[-1]])
    assert np.ptp(many.total_return[10]) > 0, "paths differ"
    other = simulate(p, core, 10, 1, everything)
    assert np.abs(other.total_return - alone.total_return).max() > 0


def test_shares_of_variance_add_up_and_belong_to_their_source(p, core, everything, news_alone):
    day = simulate(p, core, 2, 500, everything)
    for horizon in (1, 21, 252):
        assert variance_shares(day.sources, horizon).sum() == pytest.approx(1, rel=1e-12)
    alone = simulate(p, core, 2, 500, news_alone)
    np.testing.assert_allclose(variance_shares(alone.sources, 21), np.eye(len(SOURCE))[0], atol=1e-12)
    assert flow_share(alone.sources, 21) == pytest.approx(0, abs=1e-12)


def test_the_month_in_which_flows_fade_is_read_off_the_shares(rng):
    # flows that are white noise around a random walk: their share of the variance over h days is 2 s / (h + 2 s)
    days, paths, s = 378, 3000, 4.0
    walk = np.cumsum(rng.standard_normal((days, paths)), 0)
    sources = np.zeros((days, len(SOURCE), paths))
    sources[:, 0], sources[:, 3] = walk, np.sqrt(s) * rng.standard_normal((days, paths))
    first = next(m for m in range(1, 19) if 2 * s / (21 * m + 2 * s) < 0.1)
    assert abs(month_flows_fade(sources) - first) <= 1
    assert month_flows_fade(sources[:, [3, 1, 2, 0, 4, 5, 6, 7]]) is None
    assert tail(walk, 1, 0.05) == pytest.approx(100 * np.expm1(-1.645), rel=0.05)
