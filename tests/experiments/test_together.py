"""Which jobs of a sweep share a batch, and where their points lie in it."""

import numpy as np
import pytest

from calibration.inputs import load_inputs
from experiments import run
from experiments.answer.certificate import refused
from experiments.answer.results import Results
from experiments.batch.coordinates import placed
from model.core.units import UNITS_OF_2025
from model.solvers.outcome import Code, Outcome
from model.transition.scenarios.scenario import Change, Scenario

ELASTICITY = "energy.interconnection_supply_elasticity"


def scenario(value, announced=0):
    return Scenario(
        "s", "", (Change("sA", "add", (value,), 4, 19), Change("zX", "scale", (1 + value,), 4, 19)), announced
    )


def test_coordinates_run_from_nought_to_one_and_origins_differ_in_the_policy_only():
    inputs = load_inputs()
    moved = inputs.with_values({ELASTICITY: 1.0})
    pairs = [(inputs, None), (inputs, scenario(0.1)), (moved, scenario(0.2, 4)), (moved, scenario(-0.2))]
    points = placed(pairs, 80)
    here, origins = (np.array([getattr(p, name) for p in points]) for name in ("coordinates", "origin"))
    assert here.shape == (4, 4)  # the elasticity, sA, zX and the quarter of announcement
    assert here.min(0).tolist() == [0, 0, 0, 0]
    assert here.max(0).tolist() == [1, 1, 1, 1]
    np.testing.assert_allclose(here[:, 1], [0.5, 0.75, 1, 0])
    np.testing.assert_allclose(here[0], origins[0])
    np.testing.assert_allclose(origins[:, 0], here[:, 0])
    np.testing.assert_allclose(origins[:, 1:], [[0.5, 0.5, 0]] * 4)
    assert [(p.inputs, p.scenario) for p in points] == pairs


class Recorded:
    """Stands for `Batch`: refuses every point and keeps what it was asked."""

    asked: list = []  # noqa: RUF012 - of all batches of a test

    def __init__(self, inputs, settings, coordinates):
        self.inputs, self.settings = inputs, settings

    def solve(self, points, say):
        Recorded.asked.append((self.settings.horizon, dict(self.inputs.moved), len(points)))
        outcome = Outcome(Code.INFEASIBLE, "not tried")
        return None, [
            refused(p.scenario.name if p.scenario else "baseline", "", outcome, self.settings, UNITS_OF_2025)
            for p in points
        ]


def sweep(monkeypatch, folder, *overrides):
    Recorded.asked.clear()
    monkeypatch.setattr("experiments.batch.joint_jobs.Batch", Recorded)
    monkeypatch.setattr("experiments.answer.results.solve", lambda job, say: Results((), {}))
    monkeypatch.setattr("experiments.folder.run_folder.write_folder", lambda *_: (None, ""))
    monkeypatch.setattr("experiments.answer.tables.writing.printed", lambda table: "")
    return run.main(["-m", f"hydra.sweep.dir={folder}", "scenarios=[ai_subsidy]", *overrides])


def test_jobs_of_equal_settings_share_a_batch(monkeypatch, tmp_path):
    assert sweep(monkeypatch, tmp_path, "solver.horizon=80,100", f"economy.{ELASTICITY}=0.15,1.0,-1") == 2
    assert Recorded.asked == [(80, {}, 4), (100, {}, 4)]


@pytest.mark.slow
def test_every_calibration_has_a_batch_of_its_own(monkeypatch, tmp_path):
    assert sweep(monkeypatch, tmp_path, "calibration=reference,us_2026q1", f"economy.{ELASTICITY}=0.15,1.0") == 1
    assert [(moved, points) for _, moved, points in Recorded.asked] == [({}, 4), ({}, 4)]


@pytest.mark.slow
def test_rules_that_need_another_economy_have_a_batch_of_their_own(monkeypatch, tmp_path):
    assert (
        sweep(monkeypatch, tmp_path, "calibration=us_2022q4", "rule=taylor,inertial,average_inflation,nominal_gdp") == 1
    )
    assert [points for *_, points in Recorded.asked] == [4, 4]


@pytest.mark.slow
def test_an_economy_of_all_jobs_is_where_they_start_from(monkeypatch, tmp_path):
    assert sweep(monkeypatch, tmp_path, f"economy.{ELASTICITY}=1.0", "beliefs=surprise,perfect_foresight") == 1
    assert Recorded.asked == [(240, {ELASTICITY: 1.0}, 4)]


@pytest.mark.slow
def test_large_sweeps_are_divided_between_jobs(monkeypatch, tmp_path):
    monkeypatch.setattr("experiments.batch.joint_jobs.POINTS", 4)
    assert sweep(monkeypatch, tmp_path, f"economy.{ELASTICITY}=0.1,0.2,0.3,0.4,0.5") == 1
    assert Recorded.asked == [(240, {}, 4), (240, {}, 4), (240, {}, 2)]
