"""What the daily block and the core tell each other."""

import jax.numpy as jnp
import numpy as np
import pytest

from calibration import calibrate
from calibration.markets.inputs import market_parameters
from model.core.units import DAYS_A_QUARTER
from model.coupling import (
    NotContracting,
    Responses,
    answered,
    by_quarter,
    core_path,
    couple,
    demand_shifts,
    innovations,
    solved_quarters,
)
from model.markets.declarations import SOURCE
from model.markets.paths import quiet_core
from model.portfolio.demand import Supply, portfolio_shares
from model.transition.solutions import Settings
from tests.economy import INSTRUMENTS, VARIABLES, at_rest
from tests.markets.conftest import CALM

IOTA = np.array([0.75, 0.75])


def test_the_shift_reproduces_the_deviation_at_given_returns_and_payouts():
    """Demand of the core itself: with f = (1 - iota) p both equities are held at exp(p) times their value."""
    c = calibrate()
    p, x = c.parameters, c.initial
    e = INSTRUMENTS.unpack(jnp.asarray(at_rest())).portfolio
    iota = np.asarray(p.portfolio.size_elasticity)[1:3]
    deviation = 0.04
    f = demand_shifts(market_parameters(), iota, np.array(deviation), np.array(0.0))
    np.testing.assert_allclose(f, (1 - iota) * deviation, rtol=1e-12)

    value = p.portfolio.base_value
    scale = jnp.exp(deviation * jnp.array([1.0, 1.0, 0.0, 0.0]))
    log_price = jnp.log(
        jnp.stack([*x.portfolio.market_value[:2], x.portfolio.house_price, x.portfolio.market_value[2]])
    )

    def ratios(shift, scale):
        supply = Supply(value[0], value[1], p.government.bond_share, value[2:] * scale, log_price)
        shifted = type(e)(**{**e.__dict__, "demand_shift": e.demand_shift.at[1:3].add(shift)})
        shares = portfolio_shares(
            p.portfolio, shifted, x.portfolio.premium, log_price, supply, p.government.bond_share
        ).group
        return shares[:, 2:4] / shares[:, :2].sum(1, keepdims=True)

    held = ratios(jnp.asarray(f), scale) / ratios(jnp.zeros(2), jnp.ones(4))
    np.testing.assert_allclose(held, np.exp(deviation), rtol=1e-12)


def test_variance_that_flows_add_lowers_demand():
    f = demand_shifts(market_parameters(CALM), IOTA, np.array([0.0, 0.02]), np.array([0.001, 0.001]))
    np.testing.assert_allclose(f, [[-0.003] * 2, [0.25 * 0.02 - 0.003] * 2], rtol=1e-12)


def test_innovations_are_what_a_fading_expectation_leaves(rng):
    shifts = rng.standard_normal((5, 4, 2))
    news = innovations(shifts, 0.6)
    rebuilt, before = [], np.zeros((5, 2))
    for q in range(4):
        before = 0.6 * before + news[:, q]
        rebuilt.append(before)
    np.testing.assert_allclose(np.stack(rebuilt, 1), shifts, atol=1e-14)


def response_of(strength, count=4):
    """A core that gives back `strength` times the demand of traditional equity in the same quarter."""
    answer = np.zeros((count, 2, count))
    answer[np.arange(count), 0, np.arange(count)] = strength
    return Responses(answer, {})


def test_answers_add_up_over_surprises():
    news = np.zeros((3, 4, 2))
    news[1, 2, 0], news[1, 3, 0], news[2, 0, 1] = 2.0, 5.0, 7.0
    np.testing.assert_allclose(answered(response_of(0.5).log_value, news), [[0] * 4, [0, 0, 1, 2.5], [0] * 4])


def test_one_way_leaves_the_core_alone(p, core):
    found = couple(p, IOTA, core, 1, 50)
    assert found.contraction is None
    assert np.all(found.offset == 0)
    assert np.all(found.day.sources[:, SOURCE.index("core")] == 0)
    assert found.pressure.shape == (50, 4)
    np.testing.assert_allclose(by_quarter(found.day.total_return).sum((0, 1)), found.day.total_return.sum(0), rtol=1e-9)


def test_without_flows_there_is_nothing_to_answer(core):
    idle = {
        "trend_assets": 0.0,
        "volatility_target_assets": 0.0,
        "buyback_share": 0.0,
        "hedging_long": 0.0,
        "hedging_short": 0.0,
    }
    found = couple(market_parameters(CALM | idle), IOTA, core, 1, 50)
    np.testing.assert_array_equal(found.shifts, 0)


@pytest.mark.parametrize("strength", [0.0, 0.5])
def test_two_ways_end_where_prices_are_those_of_the_core(core, strength):
    """At the end of every quarter the deviation in daily prices is the core's answer to the demand that they shift."""
    p = market_parameters(CALM | {"volatility_aversion": 0.5})
    found = couple(p, IOTA, core, 1, 50, response_of(strength))
    assert found.contraction < 0.5
    deviation = found.day.sources[:, SOURCE.index("core") :].sum(1)[DAYS_A_QUARTER - 1 :: DAYS_A_QUARTER].T
    answer = strength * innovations(found.shifts, float(p.flow_persistence))[..., 0]
    np.testing.assert_allclose(deviation, answer, atol=2e-4)
    assert np.abs(found.pressure).max() > 1e-2
    np.testing.assert_allclose(
        found.day.sources[DAYS_A_QUARTER - 1 :: DAYS_A_QUARTER, SOURCE.index("core")].T, found.offset, atol=1e-15
    )


def test_a_core_that_overreacts_is_refused(core):
    p = market_parameters(CALM | {"volatility_aversion": 0.0, "trend_assets": 0.35, "volatility_target_assets": 2.0})
    with pytest.raises(NotContracting, match="two-way coupling: each pass changes prices"):
        couple(p, np.array([-40.0, -40.0]), core, 1, 50, response_of(3.0))


@pytest.mark.slow
def test_the_core_is_read_in_dollars_and_from_its_second_quarter_on():
    settings = Settings(smoothing=1e-3)
    solution = calibrate(smoothing=1e-3).baseline(settings).solution
    found = core_path(solution, 6)
    x = np.asarray(VARIABLES.to_levels(solution.path))
    value = (x[:, VARIABLES.index("VT")] + x[:, VARIABLES.index("VA")]) * 30.5 / 4 * 1.018 ** (np.arange(len(x)) / 4)
    assert np.exp(found.log_value_before) == pytest.approx(value[0], rel=1e-12)
    np.testing.assert_allclose(np.exp(found.log_value), value[1:7], rtol=1e-12)
    # payouts from what the owners of equity earn: R = Gamma (V' + d) / V
    returns = np.asarray(solved_quarters(solution).returns)[1:7, 2:4]
    growth = 1.018**0.25
    before, after = (x[t : t + 6][:, [VARIABLES.index("VT"), VARIABLES.index("VA")]] for t in (0, 1))
    paid = (returns / growth * before - after).sum(1) * 30.5 / 4 * growth ** np.arange(1, 7)
    np.testing.assert_allclose(found.payout, paid, rtol=1e-9)
    # odds of a cut: an eighth where the rate stands still, one half at a step of 12.5 basis points a quarter
    rate = 4 * np.diff(x[:7, VARIABLES.index("inom")])
    np.testing.assert_allclose(found.cut_odds, 1 / (1 + np.exp(2 + 4 * rate / 0.0025)), rtol=1e-12)


def test_the_quiet_core_stands_still():
    core = quiet_core(95.0, 0.95, 3)
    assert np.all(core.log_value == core.log_value_before)
