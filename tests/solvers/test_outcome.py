"""Outcomes name the equation and the quarter, and take what is not a number for the worst."""

import pickle

import numpy as np

from model.solvers.outcome import SENTENCES, Code, outcome_of
from model.solvers.search.newton import NewtonResult
from model.transition.solutions import NotSolved

ROWS = ("E.1 first", "E.2 second")


def result(code, residual):
    return NewtonResult(x=None, residual=np.array(residual), code=code, iterations=7, factorisations=3, stage=0)


def test_worst_equation_and_quarter():
    outcome = outcome_of(result(Code.OUT_OF_STEPS, [[0.0, 1e-3], [-2e-2, 0.0], [1e-4, 0.0]]), ROWS, "scenario: ")
    assert (outcome.worst_equation, outcome.worst_quarter, outcome.max_residual) == ("E.1 first", 1, 2e-2)
    assert outcome.reason.startswith("scenario: ") and outcome.reason.endswith("worst: E.1 first = 2.0e-02")
    assert not outcome.converged


def test_steady_state_has_no_quarter():
    outcome = outcome_of(result(Code.CONVERGED, [1e-14, -3e-13]), ROWS)
    assert (outcome.worst_quarter, outcome.worst_equation, outcome.iterations, outcome.converged) == (
        None,
        "E.2 second",
        7,
        True,
    )


def test_what_is_not_a_number_is_the_worst():
    outcome = outcome_of(result(Code.NOT_FINITE, [[5.0, 0.0], [0.0, np.nan]]), ROWS)
    assert (outcome.worst_equation, outcome.worst_quarter, outcome.max_residual) == ("E.2 second", 1, np.inf)
    assert outcome.reason.endswith("the first is E.2 second")
    assert not outcome.converged


def test_every_end_has_a_sentence_and_only_one_is_an_answer():
    assert set(SENTENCES) == set(Code) - {Code.RUNNING}
    assert [c for c in SENTENCES if outcome_of(result(c, [0.0, 0.0]), ROWS).converged] == [Code.CONVERGED]


def test_a_refusal_reaches_other_processes_whole():
    outcome = outcome_of(result(Code.DIVERGED, [[1.0, 0.0]]), ROWS, "baseline: ")
    received = pickle.loads(pickle.dumps(NotSolved(outcome)))
    assert received.outcome == outcome
    assert str(received) == outcome.reason
