"""How far a factor serves, learned from trials."""

import numpy as np

from model.solvers.batch.neighbourhood import Neighbourhood


def test_a_coordinate_along_which_borrowing_works_becomes_short():
    found = Neighbourhood(2)
    distances = np.random.default_rng(0).uniform(0, 1, (200, 2))
    found.learn(distances, distances[:, 1] < 0.2)
    assert found.weights[0] < 1 < 5 < found.weights[1]


def test_lanes_at_one_place_teach_nothing():
    found = Neighbourhood(0)
    found.learn([np.zeros(0)], [True])
    assert found.weights.size == 0
    np.testing.assert_allclose(found.log_odds(np.zeros(0), np.zeros((3, 0))), 3.0)


def test_of_many_coordinates_each_is_expected_to_matter_less():
    few, many = Neighbourhood(2), Neighbourhood(24)
    assert many.log_odds(np.zeros(24), 0.3 * np.eye(24)[:1])[0] > few.log_odds(np.zeros(2), 0.3 * np.eye(2)[:1])[0]
    np.testing.assert_allclose(many.weights.sum(), 3 * few.weights[0] * 3 / 24)
