"""Chunks handed to workers that may die: each is answered once, or the study stops and says why."""

from types import SimpleNamespace

import pytest

from experiments import run
from experiments.entry import configured
from experiments.request.errors import InputError
from experiments.request.schema import ClusterConfig
from experiments.study import execute
from experiments.study.dispatch import ATTEMPTS, WorkerDied, dispatch, extra
from experiments.study.worker_process import plain, solve_chunk


class Crew:
    """Answers with the chunk itself, after dying over it as often as told."""

    def __init__(self, deaths):
        self.deaths, self.largest, self.dismissed, self.chunks = dict(deaths), 0, None, []

    def submit(self, chunk):
        self.chunks.append(chunk)
        return len(self.chunks) - 1

    def wait(self, handles):
        self.largest = max(self.largest, len(handles))
        return handles[-1]

    def answer(self, handle):
        chunk = self.chunks[handle]
        if self.deaths.get(chunk, 0):
            self.deaths[chunk] -= 1
            raise WorkerDied("lost")
        return chunk

    def dismiss(self, handles):
        self.dismissed = handles


CHUNKS = [[0, 1], [2, 3], [4, 5], [6]]


def test_every_chunk_is_answered_once_though_workers_die():
    crew = Crew({(2, 3): ATTEMPTS - 1, (6,): 1})
    assert sorted(dispatch(crew, CHUNKS, 3)) == [tuple(chunk) for chunk in CHUNKS]
    assert len(crew.chunks) == len(CHUNKS) + ATTEMPTS
    assert crew.largest == 3
    assert crew.dismissed == []


def test_a_chunk_that_kills_its_workers_ends_the_study():
    crew = Crew({(2, 3): ATTEMPTS})
    with pytest.raises(RuntimeError, match=f"points 2 to 3: {ATTEMPTS} workers died over them; the last: lost"):
        list(dispatch(crew, CHUNKS, 2))
    assert len(crew.dismissed) == 1


def test_whoever_stops_early_dismisses_the_workers():
    crew = Crew({})
    answers = dispatch(crew, CHUNKS, 2)
    next(answers)
    answers.close()
    assert len(crew.dismissed) == 1


@pytest.mark.parametrize(
    "asked, economies, points, expected",
    [(None, False, 127, 1), (None, False, 128, 2), (None, False, 10_000, 4), (None, True, 24, 2), (3, False, 12, 3)],
)
def test_processes_are_started_where_each_has_enough_to_do(asked, economies, points, expected, monkeypatch):
    monkeypatch.setattr(execute.jax, "default_backend", lambda: "cpu")
    monkeypatch.setattr(execute, "room_for_workers", lambda: 4)
    assert (
        execute._workers_here(ClusterConfig(workers=asked), SimpleNamespace(moves_economies=economies), points)
        == expected
    )


@pytest.mark.parametrize("edited", ["before the worker started", "while it started"])
def test_a_worker_with_another_program_refuses(edited, monkeypatch):
    text = plain(configured("config", ["study=policy_grid"]))
    if edited == "before the worker started":
        monkeypatch.setattr("experiments.entry.SOURCE", "edited")
    else:
        monkeypatch.setattr("model.compute.source.source_on_disk", lambda: "edited")
    with pytest.raises(InputError, match="another program or other tables on disk than the study was started with"):
        solve_chunk([0], text)


def test_a_missing_package_is_named_with_its_extra():
    with pytest.raises(ValueError, match=r"no_such_engine is not installed; .*two-economies\[cluster\]"):
        extra("no_such_engine")


@pytest.mark.parametrize(
    "overrides, expected",
    [
        (["cluster.workers=0"], "cluster.workers: got 0; allowed 1 to 1000"),
        (["cluster.workers=99999999999"], "cluster.workers: got 99999999999; allowed 1 to 1000"),
        (["cluster.executor=slurm", "cluster.address=node7"], "cluster.address: got node7"),
        (["cluster.executor=slurm"], "there is no sbatch here"),
    ],
)
def test_a_cluster_that_cannot_be_used_is_refused_in_words(overrides, expected, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert run.main(["study=policy_grid", f"hydra.run.dir={tmp_path}", *overrides]) == 2
    assert expected in capsys.readouterr().err


def test_an_option_that_submitit_does_not_know_is_refused_in_words(tmp_path, capsys):
    pytest.importorskip("submitit")
    place = ("cluster.executor=slurm", "cluster.address=local", "cluster.options={minutes: 5}")
    assert run.main(["study=policy_grid", f"hydra.run.dir={tmp_path}", *place]) == 2
    assert "cluster.options: " in capsys.readouterr().err


def test_a_ray_cluster_that_is_not_there_is_named(tmp_path, capsys):
    pytest.importorskip("ray")
    assert run.main(["study=policy_grid", f"hydra.run.dir={tmp_path}", "cluster.address=127.0.0.1:1"]) == 2
    assert "cluster.address: got 127.0.0.1:1; no Ray cluster" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("moves_economies", "points", "workers", "size", "sizes"),
    [
        (False, 729, 2, 183, [7, 7, 183, 183, 183, 166]),
        (True, 729, 2, 183, [183, 183, 183, 180]),
        (False, 10, 1, 64, [10]),
        (False, 20, 1, 4, [4, 4, 4, 4, 4]),
    ],
)
def test_a_study_begins_with_small_chunks_and_leaves_no_point_out(moves_economies, points, workers, size, sizes):
    study = SimpleNamespace(moves_economies=moves_economies)
    parts = execute._parts(study, list(range(points)), workers, size)
    assert [len(part) for part in parts] == sizes
    assert [i for part in parts for i in part] == list(range(points))
