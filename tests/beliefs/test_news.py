"""News at dates: what people expect changes, and nothing else does."""

import numpy as np
import pytest

from calibration import calibrate
from model.transition.long_run.natural_rate import learned_rate
from model.transition.scenarios.catch_up import views_of
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.segments import expected
from model.transition.solutions import Settings, without_factors
from model.transition.solve import solve_baseline, solve_scenario
from tests.economy import ECONOMY

SETTINGS, CALIBRATED = Settings(), calibrate()
PLAIN = CALIBRATED.catch_up
SEEN = 40  # quarters; later ones see that segments which begin later also end later
COLUMN = ECONOMY.instruments.index("zA")


def with_news(belief, disappointment=0.0, disappointed=()):
    return {**PLAIN, "belief": belief, "disappointment": disappointment, "disappointed": disappointed}


def baseline(catch_up):
    return solve_baseline(ECONOMY, CALIBRATED.parameters, CALIBRATED.initial, catch_up, SETTINGS)


def views(*news):
    return views_of(ECONOMY, with_news(*news), SETTINGS.horizon, SETTINGS.catch_up_complete)


def test_all_that_is_known_from_the_first_quarter_is_the_plain_catch_up():
    (plain,) = views_of(ECONOMY, PLAIN, SETTINGS.horizon, SETTINGS.catch_up_complete)
    for view in views({0: 1.0, 6: 1.0}):
        np.testing.assert_allclose(view.exogenous, plain.exogenous, rtol=1e-14)


def test_news_changes_nothing_before_it_and_leads_to_what_is_believed():
    log = np.log(PLAIN["multiplier"]["zA"])
    rest, half, whole, less = views({4: 0.5, 8: 1.0}, 0.4, (12,))
    assert [v.quarter for v in (rest, half, whole, less)] == [0, 4, 8, 12]
    assert (rest.exogenous == ECONOMY.at_rest).all()
    for before, after in ((rest, half), (half, whole), (whole, less)):
        np.testing.assert_array_equal(after.exogenous[: after.quarter + 1], before.exogenous[: after.quarter + 1])
    stood = np.log(whole.exogenous[12, COLUMN])
    ends = [np.log(v.exogenous[-1, COLUMN]) for v in (half, whole, less)]
    np.testing.assert_allclose(ends, [0.5 * log, log, log - 0.4 * (log - stood)], rtol=1e-12)


def test_nothing_that_was_never_believed_is_told_of_by_a_disappointment():
    never, half = views({4: 0.0}, 0.4, (12,))[-1], views({4: 0.5}, 0.4, (12,))[-1]
    np.testing.assert_allclose(never.exogenous[:, COLUMN], 1.0, rtol=1e-14)
    log, stood = np.log(PLAIN["multiplier"]["zA"]), np.log(half.exogenous[12, COLUMN])
    assert np.log(half.exogenous[-1, COLUMN]) == pytest.approx(0.5 * log - 0.4 * (0.5 * log - stood), rel=1e-12)


def test_what_is_learned_where_nothing_is_left_to_learn_is_known_at_once():
    last = SETTINGS.horizon
    learned = learned_rate(np.full(last + 1, 1.01), last, 1.02, SETTINGS)
    np.testing.assert_array_equal(learned, [1.01] * last + [1.02])


@pytest.mark.slow
def test_news_of_nothing_changes_nothing():
    plain, told = baseline(PLAIN), baseline(with_news({0: 1.0, 6: 1.0, 11: 1.0}))
    assert len(told.segments) == 3
    np.testing.assert_allclose(told.solution.path[:SEEN], plain.solution.path[:SEEN], atol=1e-7)
    np.testing.assert_allclose(told.twin[:SEEN], plain.twin[:SEEN], atol=1e-7)
    once = baseline(with_news({0: 1.0, 11: 1.0}))
    for last in (11, None):
        scenario = Scenario("subsidy", "", (Change("sA", "set", (0.1,), 4, last),), 3)
        through, at_once = (solve_scenario(base, scenario) for base in (told, once))
        np.testing.assert_allclose(through.path[:SEEN], at_once.path[:SEEN], atol=1e-6)


@pytest.mark.slow
def test_a_search_nearby_hears_the_news_too():
    told = baseline(with_news({0: 0.5, 11: 1.0}))
    other, scenario = (Scenario("subsidy", "", (Change("sA", "set", (size,), 4, 20),), 3) for size in (0.08, 0.1))
    exact = solve_scenario(told, scenario)
    near = solve_scenario(told, other)
    for _ in range(2):  # from a path, then from its factor too
        near = solve_scenario(told, scenario, near)
        np.testing.assert_allclose(near.path, exact.path, atol=1e-8)
        assert len(near.segments) == 2 and all(s.solution.known for s in near.segments)
    assert without_factors(near).segments[0].solution.known is None


@pytest.mark.slow
def test_what_is_expected_knows_no_later_news():
    told = baseline(with_news({0: 0.5, 11: 1.0}))
    before = told.segments[0].solution.path
    seen = expected(told, told.solution, 5)
    np.testing.assert_array_equal(seen.path[:SEEN], before[5 : 5 + SEEN])
    policy = solve_scenario(told, Scenario("subsidy", "", (Change("sA", "set", (0.1,), 7, 14),), 7))
    seen = expected(told, policy, 5)
    assert (seen.first_quarter, len(seen.path)) == (5, SETTINGS.horizon)
    np.testing.assert_array_equal(seen.path[:2], before[5:7])
    np.testing.assert_array_equal(seen.path[2:SEEN], policy.segments[0].solution.path[: SEEN - 2])


@pytest.mark.slow
def test_before_the_news_the_path_is_that_without_it():
    told, rest = (
        baseline(with_news({8: 1.0})),
        baseline({**PLAIN, "multiplier": dict.fromkeys(PLAIN["multiplier"], 1.0)}),
    )
    np.testing.assert_allclose(told.solution.path[:8], rest.solution.path[:8], atol=1e-8)
    value = ECONOMY.variables.index("VA")
    jump = told.solution.path[8, value] - rest.solution.path[8, value]
    assert jump > 0.05, "equity jumps on the day of the news"


@pytest.mark.slow
@pytest.mark.parametrize("news", [{0: 1.0}, {0: 0.5, 11: 1.0}])
def test_a_refusal_names_the_quarter_on_the_calendar(news):
    """What is no number in a quarter is first met in the equations of the quarter before, which look ahead to it."""
    told = baseline(with_news(news))
    for announced in (3, 12):
        broken = Scenario("broken", "", (Change("zT", "set", (np.nan,), 20, 20),), announced)
        assert solve_scenario(told, broken).outcome.worst_quarter == 19
