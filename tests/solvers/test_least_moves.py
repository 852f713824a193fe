"""Least moves that reach what is asked, where they are known in closed form."""

import numpy as np
import pytest

from model.solvers.search.least_moves import Moved, Point, least_moves

CLOSE = 1e-10


def found(outcomes, slopes, start, asked, allowed=lambda moves: True):
    """Least moves under `outcomes(moves) = asked`, and how often derivatives were taken."""
    taken = []

    def point(moves, near=None):
        return Point(moves, outcomes(moves), None) if allowed(moves) else None

    def counted(here):
        taken.append(here)
        return slopes(here.moves)

    end = least_moves(Moved(point, counted), point(np.array(start)), np.array(asked), CLOSE)
    return (None if end is None else end.moves), len(taken)


def test_of_linear_outcomes_they_are_the_least_norm_solution():
    effects = np.random.default_rng(0).normal(size=(3, 7))
    asked = np.array([0.4, -1.2, 2.0])
    moves, taken = found(lambda x: effects @ x, lambda x: effects, np.zeros(7), asked)
    exact = effects.T @ np.linalg.solve(effects @ effects.T, asked)
    np.testing.assert_allclose(moves, exact, atol=1e-9)
    assert taken <= 2


def test_the_point_of_a_parabola_nearest_to_nothing():
    """Of y = 1 - 0.3 x^2 it is the top."""
    moves, _ = found(
        lambda x: np.array([x[1] + 0.3 * x[0] ** 2]), lambda x: np.array([[0.6 * x[0], 1.0]]), [1.0, 0.2], [1.0]
    )
    assert moves @ moves == pytest.approx(1.0, rel=1e-4)
    assert moves[1] + 0.3 * moves[0] ** 2 == pytest.approx(1.0, abs=CLOSE)


def test_the_point_of_a_tilted_ellipse_nearest_to_nothing():
    """Least on x'Ax = 1 is the eigenvector of the largest eigenvalue, as long as its inverse root."""
    form = np.array([[2.0, 0.8, 0.1], [0.8, 1.0, -0.3], [0.1, -0.3, 0.5]])
    moves, _ = found(lambda x: np.array([x @ form @ x]), lambda x: 2 * (form @ x)[None], [0.3, 0.9, 0.4], [1.0])
    assert moves @ form @ moves == pytest.approx(1.0, abs=CLOSE)
    assert moves @ moves == pytest.approx(1 / np.linalg.eigvalsh(form).max(), rel=1e-5)


def test_as_many_moves_as_outcomes_is_a_root():
    def curved(x):
        return np.array([np.exp(x[0]) + x[1], x[0] - 0.5 * np.sin(x[1])])

    def slopes(x):
        return np.array([[np.exp(x[0]), 1.0], [1.0, -0.5 * np.cos(x[1])]])

    moves, taken = found(curved, slopes, [0.0, 0.0], [3.0, 0.2])
    np.testing.assert_allclose(curved(moves), [3.0, 0.2], atol=CLOSE)
    assert taken <= 3


def test_where_the_whole_step_has_no_value_a_part_of_it_is_taken():
    def root(x):
        return np.sqrt(1 - x)

    moves, _ = found(root, lambda x: -0.5 / np.sqrt(1 - x)[None], [-3.0], [0.1], allowed=lambda x: x[0] < 1)
    np.testing.assert_allclose(moves, 0.99, atol=1e-9)


def test_what_no_move_brings_about_is_not_found():
    moves, _ = found(np.tanh, lambda x: (1 / np.cosh(x) ** 2)[None], [0.1], [1.5])
    assert moves is None
