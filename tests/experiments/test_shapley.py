"""Shapley values against games whose answer is known."""

import numpy as np
import pytest

from experiments.answer.shapley import coalitions, shapley_values


def test_the_glove_game():
    """Shapley (1953): two left gloves and a right one; a pair is worth one. The right glove gets two thirds."""
    members = ("left", "other left", "right")
    worth = {c: np.array(float("right" in c and len(c) > 1)) for c in coalitions(members)}
    values = shapley_values(members, worth)
    assert values["right"] == pytest.approx(2 / 3, rel=1e-14)
    assert values["left"] == values["other left"] == pytest.approx(1 / 6, rel=1e-14)


def test_contributions_add_up_and_a_sum_gives_each_its_own(rng):
    members = tuple("abcd")
    size = {m: rng.standard_normal(5) for m in members}
    added = shapley_values(members, {c: sum(size[m] for m in c) for c in coalitions(members)})
    for m in members:
        np.testing.assert_allclose(added[m], size[m], atol=1e-14)
    worth = {c: rng.standard_normal(5) for c in coalitions(members)}
    np.testing.assert_allclose(sum(shapley_values(members, worth).values()), worth[members], atol=1e-14)
    assert len(worth) == 15
