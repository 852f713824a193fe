"""The command for impulse responses: its answer to a small shock, and what it refuses."""

import json

import pandas as pd
import pytest
import yaml

from experiments.responses import command as responses


@pytest.mark.slow
def test_a_small_shock_is_answered_linearly_and_the_table_names_its_calibration(tmp_path, capsys):
    number = "energy.interconnection_supply_elasticity"
    overrides = ["calibration=us_2026q1", f"economy.{number}=0.2", "instrument=zX", "size=1e-4"]
    assert responses.main([f"hydra.run.dir={tmp_path}", *overrides]) == 0
    assert f"Calibration: us_2026q1 (US 2025); moved: {number} = 0.2" in capsys.readouterr().out
    certificates = json.loads((tmp_path / "certificate.json").read_text())["scenarios"]
    assert set(certificates) == {"initial steady state", "response to zX"}
    assert all(c["converged"] and c["walras"] < 1e-9 for c in certificates.values())
    assert (
        yaml.safe_load((tmp_path / "config.yaml").read_text())["economy"]["energy"][number.removeprefix("energy.")]
        == 0.2
    )
    table = pd.read_csv(tmp_path / "responses.csv", comment="#")
    linear, nonlinear = (table[column].to_numpy(float) for column in ("linear", "nonlinear"))
    assert abs(linear).max() > 1e-4
    assert abs(nonlinear - linear).max() < 0.02 * abs(linear).max()


@pytest.mark.slow
def test_a_response_that_is_not_certified_says_why_and_has_no_table(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("experiments.answer.certificate.HORIZON_TOLERANCE", -1.0)
    assert responses.main([f"hydra.run.dir={tmp_path}", "calibration=us_2026q1", "instrument=zX", "size=1e-4"]) == 1
    assert "response to zX: not solved: the horizon is too short" in capsys.readouterr().out
    refused = json.loads((tmp_path / "certificate.json").read_text())["scenarios"]["response to zX"]
    assert not refused["converged"] and "raise solver.horizon" in refused["reason"]
    assert not (tmp_path / "responses.csv").exists()


@pytest.mark.parametrize(
    "overrides, said",
    [
        (["instrument=zY", "size=1"], "instrument: no instrument 'zY'"),
        (["instrument=zX", "size=0"], "size: got 0; expected a finite number other than 0"),
        (["instrument=zX", "size=1", "persistence=1.0"], "persistence: got 1; allowed 0 to below 1"),
        (
            ["calibration=reference", "instrument=zX", "size=1", "beliefs=sequential"],
            "beliefs: got sequential; responses cannot be solved where people revise their beliefs",
        ),
        (["instrument=zX", "size=1", "scenarios=[ai_subsidy]"], "scenarios: a response is to one instrument"),
        (["instrument=zX"], "size"),
    ],
)
def test_bad_input_is_answered_in_words(overrides, said, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("calibration.calibrate", lambda *_, **__: pytest.fail("calibrated in spite of bad input"))
    assert responses.main([f"hydra.run.dir={tmp_path}", *overrides]) == 2
    assert said in capsys.readouterr().err
