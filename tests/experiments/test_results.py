"""What a run that is stopped says of itself, and how numbers that are none are written."""

import json
from types import SimpleNamespace

import pytest

from experiments.answer import results
from experiments.answer.certificate import Solved
from experiments.folder.captions import unfinished
from experiments.folder.files import write_json
from experiments.folder.record import write_certificate
from model.solvers.outcome import Code, Outcome
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Settings
from tests.economy import ECONOMY

SOLVED = {"converged": True, "newton_iterations": 3, "max_residual": 1e-12, "walras": 1e-14}


def interrupted(monkeypatch):
    """`results.solve` of three scenarios, stopped in the second."""

    def solve(scenario):
        if scenario.name == "second":
            raise KeyboardInterrupt

    here = SimpleNamespace(baseline=SimpleNamespace(solution=None), solve=solve)
    names = ("first", "second", "third")
    job = SimpleNamespace(
        settings=Settings(),
        inputs=SimpleNamespace(targets=()),
        beliefs=SimpleNamespace(world=lambda *_: here),
        conditions=None,
        scenarios=tuple(Scenario(name, "", ()) for name in names),
    )
    calibrated = SimpleNamespace(economy=ECONOMY, parameters=None, initial=None, baseline=None, catch_up=None)
    monkeypatch.setattr(results, "calibrate", lambda **_: calibrated)
    monkeypatch.setattr(results, "report_ahead", lambda *_: None)
    monkeypatch.setattr(
        results,
        "certified_solution",
        lambda _, __, name, description: Solved(name, description, Outcome(Code.CONVERGED, ""), certificate=SOLVED),
    )
    return results.solve(job, lambda line: None)


def test_an_interrupted_run_keeps_what_is_finished_and_names_the_rest(monkeypatch, tmp_path):
    found = interrupted(monkeypatch)
    assert [s.name for s in found.solved] == ["baseline", "first"]
    assert found.interrupted and not found.all_certified
    assert unfinished(found) == ". Interrupted: not tried second, third"
    write_certificate(tmp_path, {}, found.solved, {}, not_tried=found.not_tried)
    written = json.loads((tmp_path / "certificate.json").read_text())
    assert written["not_tried"] == ["second", "third"]
    assert list(written["scenarios"]) == ["baseline", "first"]


def test_what_is_no_number_is_null_in_json(tmp_path):
    content = {"a": float("nan"), "b": [1.5, float("-inf")], "c": {"d": (2, float("inf"))}, "e": "nan", "f": True}
    write_json(tmp_path / "x.json", content)
    text = (tmp_path / "x.json").read_text()
    strict = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert strict == {"a": None, "b": [1.5, None], "c": {"d": [2, None]}, "e": "nan", "f": True}
