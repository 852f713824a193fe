"""Guesses from known values nearby, against functions and likelihoods known in advance."""

import numpy as np
import pytest
import scipy.stats

from model.solvers.batch import kriging
from model.solvers.batch.kriging import Kriging

GENERATOR = np.random.default_rng(0)


def smooth(places):
    """Fast along the first coordinate, nearly linear along the second, not at all along the third."""
    x, y = places[:, 0, None], places[:, 1, None]
    return np.concatenate([np.sin(7 * x) + 0.3 * y, np.cos(5 * x) - 0.2 * y], 1)


@pytest.fixture(scope="module")
def learned():
    places = GENERATOR.uniform(0, 1, (60, 3))
    found = Kriging(3)
    found.learn(places, smooth(places))
    return found, places


def test_a_coordinate_along_which_values_change_fast_has_a_short_scale(learned):
    found, _ = learned
    assert found.scales[0] < 1 < 5 < found.scales[2]
    assert found.scales[0] < found.scales[1] / 3


def test_a_guess_is_close_between_known_values_and_exact_at_them(learned):
    found, places = learned
    inside = GENERATOR.uniform(0.1, 0.9, (20, 3))
    guesses = np.stack([found.weights(one, places) @ smooth(places) for one in inside])
    np.testing.assert_allclose(guesses, smooth(inside), atol=2e-3)
    known = np.stack([found.weights(one, places) @ smooth(places) for one in places])
    np.testing.assert_allclose(known, smooth(places), atol=1e-4)


def test_weights_add_up_to_one_wherever_the_guess_is(learned):
    found, places = learned
    for far in (0.5, 2.0, 20.0):
        assert found.weights(np.full(3, far), places[:10]).sum() == pytest.approx(1)


def test_values_that_coordinates_do_not_tell_apart_are_averaged():
    found = Kriging(1)
    found.learn(np.zeros((12, 1)), GENERATOR.normal(size=(12, 5)))
    assert found.noise == pytest.approx(kriging.MOST_NOISE)
    np.testing.assert_allclose(found.weights(np.zeros(1), np.zeros((4, 1))), 0.25)
    np.testing.assert_allclose(Kriging(0).weights(np.zeros(0), np.zeros((3, 0))), 1 / 3)


def test_places_that_almost_coincide_are_no_trouble():
    found = Kriging(2)
    places = 300 * np.repeat(GENERATOR.uniform(size=(20, 2)), 2, 0) + 1e-12
    found.scales, found.noise = np.full(2, kriging.SMALLEST_SCALE), kriging.LEAST_NOISE
    assert found.weights(places[3], places).sum() == pytest.approx(1)
    found.learn(places, places @ np.ones((2, 4)))
    np.testing.assert_allclose(found.weights(places[3], places) @ places, places[3], rtol=1e-3)


def test_equal_values_teach_nothing():
    found = Kriging(2)
    found.learn(GENERATOR.uniform(size=(5, 2)), np.ones((5, 3)))
    np.testing.assert_array_equal(found.scales, kriging.FIRST_SCALE)


def test_the_nearest_are_nearest_in_scales(learned):
    found, _ = learned
    others = np.array([[0.2, 0.0, 0.0], [0.0, 0.0, 0.9], [0.05, 0.0, 0.0]])
    assert list(found.nearest(np.zeros(3), others, 2)) in ([1, 2], [2, 1])


def test_the_likelihood_is_that_of_a_normal_distribution():
    places, values = GENERATOR.uniform(size=(8, 2)), GENERATOR.normal(size=(8, 3))
    products = values @ values.T

    def by_scipy(logs):
        apart = (places - places.mean(0)) / np.exp(logs[:-1])
        covariance = kriging._covariance(apart) + np.exp(logs[-1]) * np.eye(8)
        variance = np.trace(np.linalg.solve(covariance, products)) / values.size
        return -2 / 3 * scipy.stats.multivariate_normal(cov=variance * covariance).logpdf(values.T).sum()

    one, other = np.log([0.7, 1.3, 1e-3]), np.log([0.2, 3.0, 0.1])
    ours = [kriging._unlikelihood(logs, places, products)[0] for logs in (one, other)]
    assert ours[0] - ours[1] == pytest.approx(by_scipy(one) - by_scipy(other), rel=1e-9)
    slopes = [
        (kriging._unlikelihood(one + h, places, products)[0] - kriging._unlikelihood(one - h, places, products)[0])
        / 2e-6
        for h in 1e-6 * np.eye(3)
    ]
    np.testing.assert_allclose(kriging._unlikelihood(one, places, products)[1], slopes, rtol=1e-6)
