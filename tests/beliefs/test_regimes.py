"""Belief regimes of the whole economy."""

import numpy as np
import pytest

from calibration import calibrate
from model.coupling import solved_quarters
from model.transition.beliefs.crash_wedge import CrashWedge
from model.transition.beliefs.experience import experience
from model.transition.beliefs.regime import World
from model.transition.beliefs.sequential import SequentialWorld
from model.transition.beliefs.slow_learning import learning_baseline
from model.transition.calendar import on_calendar
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import NotSolved, Settings
from model.transition.solve import solve_scenario
from tests.economy import INSTRUMENTS, VARIABLES

SETTINGS = Settings(smoothing=1e-3)
AI = VARIABLES.index("VA")


@pytest.fixture(scope="module")
def calibrated():
    return calibrate(smoothing=1e-3)


@pytest.fixture(scope="module")
def baseline(calibrated):
    return calibrated.baseline(SETTINGS)


@pytest.mark.slow
def test_without_surprises_what_was_expected_comes_true(baseline):
    views = np.repeat(baseline.solution.exogenous[None], 8, 0)
    lived = experience(baseline.solution, views, SETTINGS, "nothing new")
    np.testing.assert_allclose(lived.solution.path, baseline.solution.path, atol=1e-9)
    assert lived.quarters == ()
    np.testing.assert_array_equal(lived.seen_from(3)[0], baseline.solution.path[3])


@pytest.mark.slow
def test_one_surprise_is_the_surprise(baseline):
    tilt = Scenario("tilt", "", (Change("varpi", "add", (-0.03,), 5, 5),), announced=5)
    lived = SequentialWorld(baseline, 0.0).experienced(tilt)
    _, once = on_calendar(baseline, solve_scenario(baseline, tilt))
    assert np.abs(once - baseline.solution.path).max() > 1e-4
    np.testing.assert_allclose(lived.solution.path, once, atol=1e-9)
    np.testing.assert_array_equal(lived.solution.path[:5], baseline.solution.path[:5])


@pytest.mark.slow
def test_a_lasting_subsidy_that_surprises_every_quarter_moves_prices_less_at_first(baseline):
    subsidy = Scenario("subsidy", "", (Change("sA", "add", (0.1,), 0, 11),))
    worlds = SequentialWorld(baseline, 0.5), World(baseline)
    paths = [w.solve(subsidy).path[:, AI] - baseline.solution.path[:, AI] for w in worlds]
    assert 0 < paths[0][0] < 0.5 * paths[1][0]


@pytest.mark.slow
def test_who_learns_late_values_ai_less_and_ends_at_the_truth(calibrated, baseline):
    late, views = learning_baseline(baseline, calibrated.catch_up, 6.0, 0.3)
    gap = late.solution.path - baseline.solution.path
    assert gap[0, AI] < -0.01
    assert np.abs(gap[100]).max() < 0.02 * np.abs(gap[:10]).max()
    assert len(views) == 26
    soon, _ = learning_baseline(baseline, calibrated.catch_up, 0.0, 0.3)
    np.testing.assert_allclose(soon.solution.path, baseline.solution.path, atol=1e-9)
    almost, _ = learning_baseline(baseline, calibrated.catch_up, 2e-3, 0.3)
    assert 0 < np.abs(almost.solution.path - baseline.solution.path).max() < 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("announced", [0, 7])
def test_a_lasting_change_of_nothing_changes_nothing(baseline, announced):
    """Its natural rate is found anew, and is the baseline's."""
    nothing = Scenario("nothing", "", (Change("zA", "scale", (1 + 1e-9,), announced, None),), announced)
    _, path = on_calendar(baseline, solve_scenario(baseline, nothing))
    np.testing.assert_allclose(path[:100], baseline.solution.path[:100], atol=1e-6)  # later where its path ends shows


@pytest.mark.slow
def test_a_feared_bust_lowers_ai_equity_by_the_wedge_and_never_comes(calibrated, baseline):
    feared, none = (CrashWedge(hazard, 20.0).world(calibrated, SETTINGS).baseline for hazard in (0.02, 0.0))
    np.testing.assert_allclose(none.solution.path, baseline.solution.path, atol=1e-9)
    gap = feared.solution.path[:, AI] - baseline.solution.path[:, AI]
    assert gap[0] < -0.02
    assert abs(gap[-1]) < 0.05 * abs(gap[0])
    # the premium from the returns that come true
    x = VARIABLES.to_levels(feared.solution.path)
    p, e = feared.solution.problem.parameters, feared.solution.exogenous
    returns = np.asarray(solved_quarters(feared.solution).returns)
    hazard = e[1 : len(x), INSTRUMENTS.index("hzA")]
    by_hand = np.log(((1 - hazard) * returns[1 : len(x), 3] + hazard * 0.5) / returns[1 : len(x), 0])
    np.testing.assert_allclose(np.asarray(x)[:-1, VARIABLES.index("xA")], by_hand, atol=1e-9)
    assert float(p.portfolio.bust_return) == 0.5


@pytest.mark.slow
def test_a_failing_piece_of_news_names_its_quarter(baseline):
    impossible = Scenario("blackout", "", (Change("Eleg", "scale", (3.0,), 4, 20),))
    world = SequentialWorld(baseline, 0.9)
    with pytest.raises(NotSolved, match="blackout, as seen in 2027Q1"):
        world.experienced(impossible)
    assert not world.solve(impossible).outcome.converged
