"""The jobs of a sweep solved together answer as each does alone, and a bad one harms no other."""

import json

import duckdb
import numpy as np
import pytest

from experiments import run

pytestmark = pytest.mark.slow
COMMON = ("-m", "outputs=tables", "scenarios=[ai_subsidy],[bill_tilt,grid_expansion]")
GOOD = "parameters={epsX: 0.15},{epsX: 1.0}"
BAD = ",{epsX: -1},{phid: 0.01}"  # out of range; an economy without a stable path
KEYS = {"paths": ["scenario", "variable", "label", "quarter"], "unknowns": ["scenario", "quarter"]}


def read(folder, name):
    return duckdb.read_parquet(str(folder / f"{name}.parquet")).df().sort_values(KEYS[name], ignore_index=True)


def certificate(folder):
    return json.loads((folder / "certificate.json").read_text())["scenarios"]


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    folder = tmp_path_factory.mktemp("together")
    assert run.main([*COMMON, GOOD + BAD, f"hydra.sweep.dir={folder}"]) == 2
    return folder


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    assert run.main([*COMMON, GOOD, f"hydra.sweep.dir={folder}", "hydra/launcher=basic"]) == 0
    return folder


# of eight jobs, those with parameters out of range or without a stable path are 2, 3 and 6, 7
@pytest.mark.parametrize("number, own", [(0, 0), (1, 1), (4, 2), (5, 3)])
def test_answers_are_those_of_a_run_alone(together, alone, number, own):
    number, own = str(number), str(own)
    assert {p.name for p in (together / number).iterdir()} == {p.name for p in (alone / own).iterdir()}
    for name, tolerance in (("unknowns", 1e-9), ("paths", 1e-8)):  # outcomes annualise and divide what the unknowns are
        mine, theirs = read(together / number, name), read(alone / own, name)
        assert mine[KEYS[name]].equals(theirs[KEYS[name]])
        columns = theirs.select_dtypes("number").columns
        np.testing.assert_allclose(mine[columns], theirs[columns], rtol=tolerance, atol=tolerance)
    assert all(entry["converged"] for entry in certificate(together / number).values())


@pytest.mark.parametrize("number", [2, 6])
def test_a_job_of_bad_input_leaves_nothing_solved(together, number):
    assert {p.name for p in (together / str(number)).iterdir()} == {".hydra", "run.log"}


@pytest.mark.parametrize("number", [3, 7])
def test_a_job_without_equilibrium_says_why(together, number):
    entries = certificate(together / str(number))
    assert not any(entry["converged"] for entry in entries.values())
    assert "raise government.debt_response" in entries["baseline"]["reason"]
    assert not (together / str(number) / "paths.parquet").exists()


def test_jobs_with_no_company_run_by_themselves(tmp_path, capsys):
    jobs = ("-m", "solver.smoothing=1e-5,1e-4", "outputs=tables", "scenarios=[]", f"hydra.sweep.dir={tmp_path}")
    assert run.main([*jobs]) == 0
    assert "by themselves: jobs 0, 1" in capsys.readouterr().out
    assert all(certificate(tmp_path / number)["baseline"]["converged"] for number in "01")


def test_what_breaks_a_batch_is_said_and_its_jobs_are_solved_one_by_one(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("experiments.batch.joint_jobs.Batch.solve", lambda *_: 1 / 0)
    jobs = ("-m", "outputs=tables", "scenarios=[],[bill_tilt]", f"hydra.sweep.dir={tmp_path}")
    assert run.main([*jobs]) == 0
    assert "cannot be solved together (ZeroDivisionError" in capsys.readouterr().out
    assert set(certificate(tmp_path / "1")) == {"baseline", "bill_tilt"}
