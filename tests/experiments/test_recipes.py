"""The published recipe is the same whatever the defaults are, and captions state the economy that was solved."""

import json
import re
import shutil

import pandas as pd
import pytest
from omegaconf import OmegaConf

from calibration.inputs import load_inputs
from experiments import entry, run
from experiments.folder.captions import caption_of
from experiments.request.build import Job
from model.transition.solutions import Settings

OTHER_DEFAULTS = {
    "beliefs: surprise": "beliefs: slow_learning",
    "solver: default": "solver: other",
    "calibration: us_2022q4": "calibration: fast",
    "economy: two_sector": "economy: other",
    "study: null": "study: bottleneck",
    "uncertainty: none": "uncertainty: posterior",
    "parameters: null": "parameters: {sigV: 0.3}",
}
RECIPE = ("economy", "households", "beliefs", "solver", "calibration", "parameters", "uncertainty", "study")


def recipe(*overrides):
    config = OmegaConf.to_container(entry.configured("config", ["experiment=reference", *overrides]), enum_to_str=True)
    return {key: config[key] for key in RECIPE}


@pytest.fixture
def other_defaults(monkeypatch, tmp_path):
    conf = shutil.copytree(entry.CONFIGURATION, tmp_path / "conf")
    text = (conf / "config.yaml").read_text(encoding="utf-8")
    for now, then in OTHER_DEFAULTS.items():
        assert len(re.findall(f"{now}$|{now} ", text, re.MULTILINE)) == 1, now
        text = text.replace(now, then)
    (conf / "config.yaml").write_text(text, encoding="utf-8")
    (conf / "economy" / "other.yaml").write_text("production: {trend_growth: 1.01}\n")
    (conf / "solver" / "other.yaml").write_text("horizon: 320\n")
    monkeypatch.setattr(entry, "CONFIGURATION", conf)


def test_the_reference_recipe_is_that_of_the_reference():
    found = recipe()
    assert found["calibration"] == {"name": "reference", "targets_file": None, "targets": None, "draws": None}
    assert (found["solver"]["terminal"], found["solver"]["smoothing"]) == ("steady", 1e-3)
    assert found["beliefs"]["kind"] == "surprise"


def test_other_defaults_leave_the_reference_recipe_as_it_is(request):
    before = recipe()
    request.getfixturevalue("other_defaults")
    assert recipe() == before
    ordinary = entry.configured("config", [])
    assert (ordinary.calibration.name, ordinary.solver.horizon) == ("fast", 320)


def test_the_user_has_the_last_word_on_the_recipe():
    assert recipe("calibration=fast", "solver.horizon=320")["calibration"]["name"] == "fast"


@pytest.mark.parametrize("moved, said", [({}, "trend of 1.8 % a year"), ({"production.trend_growth": 1.005}, "2.02 %")])
def test_a_caption_states_the_trend_of_the_economy_that_was_solved(moved, said):
    assert said in caption_of(Job(load_inputs().with_values(moved), Settings(), ()))


@pytest.mark.slow
def test_the_published_recipe_is_certified(tmp_path):
    """All is made to arrive at the horizon, so that the check there takes the natural rate as given."""
    status = run.main(["experiment=reference", "scenarios=[bill_tilt]", "outputs=tables", f"hydra.run.dir={tmp_path}"])
    certificate = json.loads((tmp_path / "certificate.json").read_text())
    assert status == 0 and set(certificate["scenarios"]) == {"baseline", "bill_tilt"}
    assert all(row["converged"] and row["horizon_gap"] < 1e-2 for row in certificate["scenarios"].values())


@pytest.mark.slow
def test_without_a_certified_baseline_there_are_no_scenarios(tmp_path):
    overrides = ["calibration=us_2026q1", "scenarios=[bill_tilt]", "solver.horizon=80", "outputs=tables"]
    status = run.main([*overrides, f"hydra.run.dir={tmp_path}"])
    table = pd.read_csv(tmp_path / "table.csv", comment="#")
    assert status == 1
    assert table["baseline"][:-2].str.startswith("not solved: the horizon is too short").all()
    assert table["bill_tilt"].str.startswith("not solved: the baseline it starts from is not solved: ").all()
