"""First guesses of a sweep, from lanes that are solved and from an anchor that will be."""

import numpy as np
import pytest

from model.transition.sweep import Lane, Memory, _Sweep

SHAPE = (12, 2)


def lane(place, prior):
    return Lane(np.array([place]), np.zeros(3), np.full(SHAPE, prior))


def sweep(lanes, known=(), memory=None):
    return _Sweep(None, lanes, None, memory or Memory(1), known)


def test_without_knowledge_the_guess_is_the_prior():
    guess, share = sweep([lane(0.3, 2.0)])._guess(0)
    np.testing.assert_array_equal(guess, 2.0)
    assert share == 0.0


def test_at_a_solved_place_the_guess_has_moved_from_the_prior_as_that_path_did():
    known = [(lane(0.3, 1.0), np.full(SHAPE, 1.5)), (lane(0.9, 1.0), np.full(SHAPE, 0.0))]
    guess, share = sweep([lane(0.3, 2.0)], known)._guess(0)
    np.testing.assert_allclose(guess, 2.5, atol=1e-3)
    assert share == 0.0


def test_an_anchor_still_unknown_has_its_share_of_the_guess():
    guess, share = sweep([lane(0.3, 2.0), lane(0.3, 1.0)])._guess(0, anchor=(1,))
    assert share == pytest.approx(1.0)
    np.testing.assert_allclose(guess + share * 1.75, 2.75)


def test_changes_along_a_line_are_followed_between_known_places():
    places = np.linspace(0, 1, 9)
    memory = Memory(1)
    for place in places:
        memory.add(lane(place, 1.0), np.full(SHAPE, 1.0 + 2 * place))
    memory.learn()
    guess, _ = sweep([lane(0.41, 1.0)], memory=memory)._guess(0)
    np.testing.assert_allclose(guess, 1.82, atol=1e-3)
