"""Verdicts from evaluations that are written down here, and where answers turn over."""

from dataclasses import replace

import pytest

from experiments.claims.evaluate import Evaluation
from experiments.claims.files import ClaimFile, Range
from experiments.claims.flips import Flip, find_flips
from experiments.claims.rules import Condition, Rule
from experiments.claims.verdict import verdict
from tests.claims.test_files import body

CLAIM = ClaimFile(**body())  # refuted where gap is below 0
NO_FLIP = Flip("range", "number", 1.0, 2.0, 1.0, False)


def at(gap):
    return Evaluation({"gap": gap})


@pytest.mark.parametrize(
    ("point", "drawn", "expected"),
    [
        (1.0, [1.0] * 10, "supported"),
        (-1.0, [-1.0] * 10, "refuted"),
        (1.0, [1.0] * 9 + [-1.0], "supported"),
        (1.0, [1.0] * 7 + [-1.0] * 3, "not identified"),
        (-1.0, [1.0] * 3 + [-1.0] * 7, "not identified"),
        (1.0, [], "supported"),
    ],
)
def test_the_word_follows_the_estimate_and_the_draws(point, drawn, expected):
    found = verdict(CLAIM, at(point), [at(g) for g in drawn], (NO_FLIP,))
    assert found.word == expected
    assert found.refuted == (point < 0)
    if drawn:
        assert found.probability == pytest.approx(sum(g < 0 for g in drawn) / len(drawn))


def test_an_answer_that_turns_over_depends_on_the_nearest_range():
    near = replace(NO_FLIP, range="near", share=0.2, value=1.2)
    far = replace(NO_FLIP, range="far", share=0.9, value=1.9)
    assert verdict(CLAIM, at(1.0), [at(1.0)] * 10, (far, NO_FLIP, near)).word == "depends on near"


def test_what_is_not_solved_is_never_a_number():
    found = verdict(CLAIM, Evaluation(reason="boom not solved: no root"), [], ())
    assert (found.word, found.values, found.probability, found.reason) == (
        "not solved",
        {},
        None,
        "boom not solved: no root",
    )


def test_too_few_certified_draws_give_no_band():
    drawn = [at(1.0)] * 7 + [Evaluation(reason="not solved")] * 3
    found = verdict(CLAIM, at(1.0), drawn, ())
    assert found.bands == {} and found.probability is None and found.draws == 7


def test_the_band_are_percentiles_of_the_draws():
    found = verdict(CLAIM, at(1.0), [at(float(g)) for g in range(1, 102)], ())
    assert found.bands["gap"] == pytest.approx([6.0, 51.0, 96.0])


@pytest.mark.parametrize(
    ("gap", "word"), [(1.05, "not identified"), (0.95, "not identified"), (1.2, "supported"), (0.8, "refuted")]
)
def test_an_answer_at_its_rule_is_not_identified(gap, word):
    claim = ClaimFile(**body(refuted_when={"all": [{"measure": "gap", "below": 1.0}]}))
    found = verdict(claim, at(gap), [], ())
    assert found.word == word and ("too close to the 1 of the rule" in found.because) == (word == "not identified")


def test_what_is_in_the_assumptions_is_never_supported():
    claim = ClaimFile(**body(by_construction="both move one balance sheet"))
    assert verdict(claim, at(1.0), [], ()).word == "true by construction"
    assert verdict(claim, at(-1.0), [], ()).word == "the model cannot speak"
    assert verdict(claim, at(1.0), [], ()).because == "both move one balance sheet"


def test_a_model_that_fails_what_it_needs_cannot_speak():
    claim = ClaimFile(**body(credible_when={"says": "GDP is slow", "all": [{"measure": "gap", "below": 5.0}]}))
    assert verdict(claim, at(9.0), [], ()).word == "the model cannot speak"
    assert verdict(claim, at(1.0), [], ()).word == "supported"


def test_all_conditions_refute_together_and_any_alone():
    conditions = [Condition(measure="a", below=1.0), Condition(measure="b", above=10.0)]
    values = {"a": 0.5, "b": 5.0}  # only the first holds
    assert Rule(all=conditions).distance(values) == pytest.approx(5.0)
    assert Rule(any=conditions).distance(values) == pytest.approx(-0.5)


def test_a_range_runs_straight_or_by_factors():
    straight = Range(name="r", moves={"x": (1.0, 9.0)})
    by_factors = Range(name="r", moves={"x": (1.0, 9.0)}, logarithmic=True)
    assert straight.values(0.5) == {"x": 5.0}
    assert by_factors.values(0.5)["x"] == pytest.approx(3.0)


class FakeEconomies:
    """The only number runs from its estimate 2 to the ends 0 and 4."""

    def estimate(self, claim, name):
        return 2.0

    def between(self, claim, number, end, share):
        return {"x": 2.0 + ((0.0, 4.0)[end] - 2.0) * share}

    def toward(self, claim, number, end, share):
        return self.between(claim, number, end, share)["x"]


class FakeEvaluator:
    def __init__(self, gap):
        self.gap = gap

    def evaluate(self, cases, title):
        return [at(self.gap(x)) if self.gap(x) is not None else Evaluation(reason="no solution") for x in cases]


def flips(gap):
    claim = ClaimFile(**body(ranges=[{"name": "r", "moves": {"x": (0.0, 4.0)}}]))
    return find_flips([claim], {"C9": at(gap(2.0))}, FakeEconomies(), FakeEvaluator(gap))["C9"]


@pytest.mark.parametrize("root", [0.7, 1.9])
def test_the_turn_is_found_where_it_is(root):
    low, high = flips(lambda x: (x - root) ** 3 + (x - root))
    assert low.value == pytest.approx(root, abs=2 / 64) and low.refuted
    assert high.value is None and high.refuted is False


def test_a_turn_that_is_a_step_is_bracketed():
    low, _ = flips(lambda x: 1.0 if x > 0.5 else -1.0)
    assert low.value == pytest.approx(0.5, abs=2 / 8)


def test_an_end_without_solution_says_so_and_turns_nothing():
    low, high = flips(lambda x: None if x < 0.1 else 1.0)
    assert low.reason == "no solution" and low.value is None and low.headline is None
    assert high.headline == 1.0
