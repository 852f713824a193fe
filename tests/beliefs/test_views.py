"""What people expect as time goes by, by hand."""

import numpy as np
import pytest

from model.transition.beliefs.crash_wedge import fading_hazard
from model.transition.beliefs.sequential import quarters_of_news, surprised_each_quarter
from model.transition.beliefs.slow_learning import learning_the_date, quarters_of_learning
from model.transition.scenarios.catch_up import catch_up_path
from model.transition.scenarios.scenario import Change, Scenario
from tests.economy import ECONOMY, INSTRUMENTS, at_rest

HORIZON = 240
SUBSIDY, TECHNOLOGY = INSTRUMENTS.index("sA"), INSTRUMENTS.index("zA")
CATCH_UP = {"multiplier": {"zA": 1.9, "Ibar": 4.0}, "midpoint": {"technology": 14.0, "gpu": 10.0}, "width": 6.0}


def still():
    return np.tile(at_rest(), (HORIZON + 2, 1))


def test_what_is_seen_fades_and_the_past_is_what_happened():
    changed = Scenario("s", "", (Change("sA", "add", (0.1, 0.2, 0.3), 2, 4),)).apply(INSTRUMENTS, still())
    assert quarters_of_news(still(), changed) == 6  # quarters 0 to 5: nothing is left of it in the last
    views = surprised_each_quarter(still(), changed, 0.5, 6)[:, 1:, SUBSIDY]  # from quarter 0
    np.testing.assert_array_equal(views[0], 0)
    np.testing.assert_allclose(views[2, :6], [0, 0, 0.1, 0.05, 0.025, 0.0125], rtol=1e-15)
    np.testing.assert_allclose(views[4, :7], [0, 0, 0.1, 0.2, 0.3, 0.15, 0.075], rtol=1e-15)
    np.testing.assert_allclose(views[5, :8], [0, 0, 0.1, 0.2, 0.3, 0, 0, 0], rtol=1e-15)


def test_without_a_change_one_view_says_it_all():
    assert quarters_of_news(still(), still()) == 1
    np.testing.assert_array_equal(surprised_each_quarter(still(), still(), 0.6, 1)[0], still())


def test_learning_sees_the_present_as_it_is_and_ends_with_the_truth():
    truth = catch_up_path(ECONOMY, CATCH_UP, HORIZON)
    views = learning_the_date(INSTRUMENTS, truth, CATCH_UP, 8.0, 0.2)
    assert len(views) == quarters_of_learning(8.0, 0.2) == 1 + int(np.ceil(np.log(1e-3 / 8) / np.log(0.8)))
    for now, view in enumerate(views):
        np.testing.assert_allclose(view[: now + 2], truth[: now + 2], rtol=1e-14)
        np.testing.assert_allclose(view[-2:], truth[-2:], rtol=1e-14)
    np.testing.assert_array_equal(views[-1], truth)
    ahead = views[:, 40, TECHNOLOGY]
    assert np.all(np.diff(ahead[:38]) > 0), "the believed date comes nearer"
    assert ahead[0] < truth[40, TECHNOLOGY]
    np.testing.assert_array_equal(views[:, :, SUBSIDY], 0)


def test_who_is_not_late_has_nothing_to_learn():
    truth = catch_up_path(ECONOMY, CATCH_UP, HORIZON)
    views = learning_the_date(INSTRUMENTS, truth, CATCH_UP, 0.0, 0.2)
    np.testing.assert_array_equal(views, truth[None])


def test_the_hazard_halves_and_ends():
    path = fading_hazard(HORIZON, 0.02, 10.0)
    assert path.shape == (HORIZON + 2,)
    assert path[0] == 0
    assert path[[1, 11, 21]] == pytest.approx([0.02, 0.01, 0.005], rel=1e-14)
    np.testing.assert_array_equal(path[193:], 0)  # from quarter 192, when the catch-up is complete
    assert path[192] > 0
    assert fading_hazard(120, 0.02, 10.0)[-1] == 0, "a path that ends before ends without a hazard"
