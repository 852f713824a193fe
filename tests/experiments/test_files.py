"""Names are text in every file, whatever letters they have; a store is what it says it is, or says what it has lost."""

import json
import subprocess
import sys
from multiprocessing.context import SpawnProcess
from types import SimpleNamespace

import jax
import pandas as pd
import pytest

from experiments.answer.tables.writing import write_table
from experiments.entry import configured
from experiments.folder import run_folder
from experiments.folder.files import read_parquet, write_parquet
from experiments.folder.provenance import provenance
from experiments.request.errors import InputError
from experiments.study import local_executor
from experiments.study import run as study_run
from experiments.study.design import study_of
from experiments.study.store import Store

NAMES = ["a\\input{/etc/passwd}", '=HYPERLINK("http://127.0.0.1/")', "a|b{", "^~$"]


def points(*numbers, certified=True):
    return pd.DataFrame({"point": numbers, "certified": certified})


def outcomes(*numbers):
    return pd.DataFrame({"point": numbers, "variable": "gdp_real", "value": 1.0})


def test_names_of_scenarios_are_text_in_every_table(tmp_path):
    write_table(pd.DataFrame({name: [1.5] for name in NAMES}), tmp_path, "table", "about <script>")
    latex = (tmp_path / "table.tex").read_text()
    assert r"a\textbackslash{}input\{/etc/passwd\}" in latex and r"\textasciicircum{}\textasciitilde{}\$" in latex
    assert r"\input{" not in latex
    header = (tmp_path / "table.csv").read_text().splitlines()[0]
    assert "'=HYPERLINK" in header and "1.5" in (tmp_path / "table.csv").read_text()
    marked = (tmp_path / "table.md").read_text()
    assert r"a\|b{" in marked and r"\<script>" in marked


@pytest.mark.parametrize("folder", ["o'brien", "a*b", "a?b", "a[b", "x' (format csv); select '"])
def test_a_folder_can_have_any_name(tmp_path, folder):
    for number, name in enumerate((folder, "axb")):
        (tmp_path / name).mkdir()
        write_parquet(points(number), tmp_path / name / "points.parquet")
    assert read_parquet([tmp_path / folder / "points.parquet"])["point"].tolist() == [0]


def test_a_store_has_the_points_that_it_says(tmp_path):
    store = Store(tmp_path / "a*b")
    store.write(points(0, 1), outcomes(0, 1))
    store.write(points(2, certified=False), outcomes())
    Store(tmp_path / "a?b").write(points(7), outcomes(7))
    assert store.finished() == {0, 1, 2}
    found, told = store.tables()
    assert found["point"].tolist() == [0, 1, 2] and told["point"].tolist() == [0, 1]


def test_a_certified_point_whose_baseline_is_refused_has_no_outcomes_and_is_kept(tmp_path):
    store = Store(tmp_path)
    store.write(points(0, 1), outcomes(1))
    store.write(points(2), outcomes())
    assert store.finished() == {0, 1, 2}
    found, told = store.tables()
    assert list(found.columns) == ["point", "certified"] and told["point"].tolist() == [1]


@pytest.mark.parametrize("damage", ["outcomes lost", "cut", "empty", "outcomes exchanged", "a letter", "seal lost"])
def test_a_part_that_is_damaged_is_named_and_solved_again(tmp_path, capsys, damage):
    store = Store(tmp_path)
    store.write(points(0, 1), outcomes(0, 1))
    store.write(points(2), outcomes(2))
    part = store.parts / "points-00000000-00002.parquet"
    if damage == "outcomes lost":
        (store.parts / "outcomes-00000000-00002.parquet").unlink()
    elif damage == "outcomes exchanged":
        write_parquet(outcomes(0, 1).assign(value=2.0), store.parts / "outcomes-00000000-00002.parquet")
    elif damage == "seal lost":
        part.with_suffix(".sha256").unlink()
    else:
        whole = part.read_bytes()
        middle = len(whole) // 2
        letter = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        part.write_bytes({"cut": whole[:200], "empty": b"", "a letter": letter}[damage])
    assert store.finished() == {2}
    assert f"{part} is damaged or has lost its outcomes" in capsys.readouterr().out
    assert store.tables()[0]["point"].tolist() == [2]


def test_a_store_is_held_by_one_process_at_a_time(tmp_path):
    first, second = Store(tmp_path), Store(tmp_path)
    with first.held(), pytest.raises(InputError, match="is being solved by another process"), second.held():
        pytest.fail("held twice")
    with second.held():
        pass


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"points\.parquet: could not be written: "):
        write_parquet(points(0), tmp_path / "file" / "points.parquet")


@pytest.mark.parametrize("module", ["study", "estimation", "report", "markets"])
def test_names_are_no_mathematics_in_figures(module):
    code = f"import experiments.{module}.figures, matplotlib; print(matplotlib.rcParams['text.parse_math'])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_provenance_without_git_and_in_single_precision(monkeypatch):
    assert provenance()["precision"] == "float64"
    monkeypatch.setenv("PATH", "")
    with jax.enable_x64(False):
        found = provenance()
    assert found["commit"] is None and found["precision"] == "float32"


class Stopped(BaseException):
    """What ends a process between two files."""


def stop(*_):
    raise Stopped


def test_a_kill_between_the_files_leaves_no_number_without_its_certificate(monkeypatch, tmp_path):
    (tmp_path / "certificate.json").write_text('{"seconds": {}}')
    answers = SimpleNamespace(certificate=lambda: {"certified": 24})
    monkeypatch.setattr(run_folder, "tidy_draws", stop)
    with pytest.raises(Stopped):
        run_folder.write_bands(tmp_path, {}, None, None, answers, 1.0)
    assert json.loads((tmp_path / "certificate.json").read_text())["draws"] == {"certified": 24}

    config = configured("config", ["study=policy_grid"])
    study, table = study_of(config), points(0).assign(reason="")
    monkeypatch.setattr(study_run, "_write_results", stop)
    monkeypatch.setattr(study_run, "_solve_missing", lambda *_: Store(tmp_path).write(table, outcomes(0)))
    with pytest.raises(Stopped):
        study_run._run_in(Store(tmp_path), study, config, SimpleNamespace(seconds=dict))
    assert json.loads((tmp_path / "manifest.json").read_text())["certified"] == 1


def test_processes_of_our_own_are_spawned_not_forked(monkeypatch):
    made = []
    monkeypatch.setattr(SpawnProcess, "start", lambda process: made.append(process))
    local_executor._Worker([0]).pipe.close()
    assert len(made) == 1
