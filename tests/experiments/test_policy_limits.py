"""Policies that are compared with the best one are brought to its limits, wherever these are."""

from types import SimpleNamespace as Of

import numpy as np
import pytest

from experiments.policy import answer
from experiments.policy.answer import Compared, brought_to_limits
from experiments.policy.tables import gain_table


def brought(passed, most, solved_to=np.inf):
    """What `brought_to_limits` says of a policy whose size is its gain and which passes its limit by `passed(size)`."""

    def at(size):
        solved = size <= solved_to
        return Of(solved=solved, criteria=np.array([size, passed(size)]) if solved else np.full(2, np.nan))

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


@pytest.mark.parametrize(("found", "size"), [(-0.06, -0.5), (0.0, 0.25), (0.06, 0.25)])
def test_a_control_alone_goes_to_the_side_on_which_it_is_in_the_best_policy(monkeypatch, found, size):
    """Gains are sizes in usual changes of 0.1; the limit is a change of 0.05 downwards, 0.025 upwards."""
    monkeypatch.setattr(answer, "_most", lambda plan, taken: 1e4)
    control = Of(name="tax", low=-0.1, high=0.1, scale=0.1)

    def trials(points):
        return [Of(solved=True, criteria=np.array([abs(p[0]), max(-p[0] - 0.05, p[0] - 0.025)])) for p in points]

    plan = Of(controls=Of(steps=[(control, 0, 3)]), scale=np.array([0.1]), trials=trials)
    best = Of(trial=Of(point=np.array([found])))
    (nothing,) = trials(np.zeros((1, 1)))
    alone = answer._alone(plan, nothing, lambda trial: trial.criteria[0], control, best)
    assert (alone.times, alone.gain) == (pytest.approx(size), pytest.approx(0.1 * abs(size)))


def test_a_policy_that_gains_more_than_the_best_is_told_for_what_it_is():
    goal = Of(welfare=object(), loss=None, most=None)
    controls = Of(each=[Of(name="grid", scale=1.0)])
    asked = {
        "question": Of(file=Of(objective=goal)),
        "plan": Of(controls=controls),
    }
    others = (Compared("early", 1.2, 1.0), Compared("late", 0.2, 1.0))

    def notes(alone):
        told = Of(gain=1.0, alone=(Compared("grid", alone, 1.0),), others=others, **asked)
        return gain_table(told).set_index("policy").note

    assert "the search missed it" in notes(1.1)["the best of all"]
    found = notes(0.5)
    assert found["the best of all"] == "" and found["late"] == ""
    assert found["early"].startswith("gains more: it sets what the controls cannot")
