"""First guesses of a sweep, from lanes that are solved and from an anchor that will be."""

import numpy as np
import pytest

from model.solvers.batch.groups import Answers
from model.solvers.batch.shared_factor import Lanes
from model.solvers.outcome import Code
from model.transition.batch.sweep import Lane, Memory, _Sweep

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


KNOWN = [(lane(0.5, 1.0), np.full(SHAPE, 1.0))]  # position 2, after two lanes


def trial(first, largest, path):
    """Answers of one group: the known lane, and lane 0, which its factor does not solve."""
    one = np.array([1.0])

    def lanes(code, first, largest, path, shape):
        count = np.ones(shape, int)
        return Lanes(path, code * count, first * count, largest * count, count, count, count)

    anchor = lanes(int(Code.CONVERGED), one[0], 1e-12, np.full((1, *SHAPE), 1.0), 1)
    return Answers(anchor, lanes(int(Code.OUT_OF_STEPS), first, largest, np.full((1, 1, *SHAPE), path), (1, 1)))


@pytest.mark.parametrize("largest, expected", [(0.05, 7.0), (0.5, 2.0)])
def test_a_path_that_a_borrowed_factor_has_brought_near_is_gone_on_from(largest, expected):
    tried = sweep([lane(0.3, 2.0), lane(0.4, 2.0)], KNOWN)
    tried._record([(2, (0,))], trial(1.0, largest, 7.0))
    np.testing.assert_allclose(tried._guess(0)[0], expected)


def test_a_lane_borrows_each_factor_once_and_two_in_all():
    offered = sweep([lane(0.50, 2.0), lane(0.51, 2.0)], KNOWN)
    offered.size = 1
    assert offered._choose([0, 1]) == [(2, (0, 1))]
    offered.open.add(2)
    assert offered._choose([0, 1])[0][0] != 2
    offered.tried.clear()
    offered.failures[:2] = 2
    assert offered._choose([0, 1]) == [(0, ())]
