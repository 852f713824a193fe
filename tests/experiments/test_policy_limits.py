"""Policies that are compared with the best one are brought to its limits, wherever these are."""

from types import SimpleNamespace

import numpy as np
import pytest

from experiments.policy.answer import brought_to_limits


def brought(passed, most, solved_to=np.inf):
    """What `brought_to_limits` says of a policy whose size is its gain and which passes its limit by `passed(size)`."""

    def at(size):
        solved = size <= solved_to
        return SimpleNamespace(solved=solved, criteria=np.array([size, passed(size)]) if solved else np.full(2, np.nan))

    return brought_to_limits(at(0.0), lambda trial: trial.criteria[0], "a policy", at, most)


def test_a_policy_is_brought_to_its_limits_wherever_they_are():
    """Limits at 0.0316, at 19 where a straight line from small sizes leads elsewhere, beyond its bound of 0.5, and beyond the last path.

    A limit that is broken without the policy is kept from a size of 0.3 on, or not up to its bound.
    """
    assert brought(lambda size: 10 * size**2 - 0.01, 1e4).gain == pytest.approx(np.sqrt(0.001), rel=1e-8)
    far = brought(lambda size: np.log1p(size) - np.log(20), 1e4)
    assert (far.gain, far.times, far.reason) == (pytest.approx(19, rel=1e-8), pytest.approx(19, rel=1e-8), "")
    bound = brought(lambda size: size - 1.2, 0.5)
    assert (bound.gain, bound.times, bound.reason) == (0.5, 0.5, "its bound comes first")
    lost = brought(lambda size: size - 3.0, 1e4, solved_to=2.0)
    assert (
        np.isnan(lost.gain)
        and lost.times == pytest.approx(2.0, rel=1e-6)
        and lost.reason == "beyond it there is no path"
    )
    broken = brought(lambda size: 0.3 - size, 0.5)
    assert (broken.gain, broken.reason) == (pytest.approx(0.3, rel=1e-8), "")
    short = brought(lambda size: 0.7 - size, 0.5)
    assert np.isnan(short.gain) and short.reason == "at no size that was tried are the limits kept"
    rounded = brought(lambda size: 1e-12 if size == 0 else size - 0.2, 0.5)
    assert rounded.gain == pytest.approx(0.2, rel=1e-8)
    near = brought(lambda size: size - 1.5, 1e4, solved_to=2.0)
    assert near.gain == pytest.approx(1.5)
