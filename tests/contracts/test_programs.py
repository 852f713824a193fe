"""Programs on disk are the functions they were made from, and are found again only where nothing has changed."""

import os
import subprocess
import sys
from concurrent.futures import Future
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from model.compute import programs, source
from model.compute import store as store_files
from model.compute.ahead import Job
from model.compute.environment import _cache_folder, prepare_environment
from model.compute.programs import Program
from model.compute.store import Store, read
from model.equilibrium.economy import reference
from model.examples.growth import GROWTH
from model.solvers.path import path_solver
from tests.economy import ECONOMY


class Pair(NamedTuple):
    total: jax.Array
    inverse: jax.Array


def function(matrix, given):
    return Pair(matrix.sum() * given["scale"], jnp.linalg.inv(matrix)), (given["scale"], None)


MATRIX = np.array([[2.0, 1.0], [0.0, 4.0]])
INVERSE = np.array([[0.5, -0.125], [0.0, 0.25]])


@pytest.fixture
def store(tmp_path, monkeypatch):
    store = Store(tmp_path, tmp_path / "source")
    store.source.mkdir()
    monkeypatch.setattr(programs, "store", lambda: store)
    monkeypatch.setattr(programs, "changed_at_run_time", lambda: ())  # of which the line above is one
    return store


def forbidden(*_):
    pytest.fail("traced again")


def test_a_program_is_found_on_disk_and_not_traced_again(store):
    for chosen in (function, forbidden):
        for scale in (3.0, np.float64(3.0)):
            pair, rest = Program(chosen, "tests function", False)(MATRIX, {"scale": scale})
            assert isinstance(pair, Pair) and float(pair.total) == 21.0 and (float(rest[0]), rest[1]) == (3.0, None)
            np.testing.assert_allclose(pair.inverse, INVERSE, atol=1e-15)
    assert len(list(store.source.iterdir())) == 1


def test_a_program_whose_executable_is_gone_is_compiled_again(store):
    for _ in range(2):
        assert float(Program(function, "tests function", False)(MATRIX, {"scale": 3.0})[0].total) == 21.0
        for path in store.executables.iterdir():
            if path.is_file():
                path.unlink()


def test_where_nothing_can_be_written_programs_run_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(programs, "store", lambda: Store(tmp_path / "no folder", tmp_path / "no folder"))
    with pytest.warns(UserWarning, match="is not kept on disk"):
        assert float(Program(function, "tests function", False)(MATRIX, {"scale": 3.0})[0].total) == 21.0


def test_other_shapes_and_other_names_are_other_programs(store):
    Program(function, "tests function", False)(MATRIX, {"scale": 2.0})
    wider = Program(function, "tests function", False)(np.eye(3), {"scale": 2.0})[0]
    assert float(wider.total) == 6.0
    other = Program(lambda matrix, given: matrix * given["scale"], "tests other", False)(MATRIX, {"scale": 2.0})
    np.testing.assert_array_equal(other, 2 * MATRIX)


def test_what_is_traced_to_the_same_program_is_compiled_once(store):
    for module in ("here", "there"):
        Program(function, f"{module} function", False)(MATRIX, {"scale": 2.0})
    executables = [read(entry)[0] for entry in store.source.iterdir()]
    assert len(executables) == 2 and len(set(executables)) == 1


def test_a_program_begun_ahead_is_traced_once_and_gives_the_same_answer(store):
    traced = []
    program = Program(lambda matrix, given: traced.append(1) or function(matrix, given), "tests function", False)
    for _ in range(2):
        program.ahead(np.zeros((2, 2)), {"scale": 0.0})
    assert float(program(MATRIX, {"scale": 3.0})[0].total) == 21.0
    assert traced == [1]


def test_a_failure_ahead_reaches_the_call(store):
    program = Program(lambda matrix: matrix @ np.ones(3), "tests function", False)
    program.ahead(MATRIX)
    with pytest.raises(TypeError, match="dot_general"):
        program(MATRIX)


class Interrupted:
    """A thread at a job, and a Ctrl-C while it is waited for."""

    def begin(self, make, entry):
        return Job(make, entry, Future())

    def result(self, job):
        raise KeyboardInterrupt


def test_an_interruption_while_waiting_leaves_the_job(store, monkeypatch):
    monkeypatch.setattr(programs, "_ahead", Interrupted())
    program = Program(forbidden, "tests function", False)
    program.ahead(MATRIX)
    jobs = list(program._begun.values())
    with pytest.raises(KeyboardInterrupt):
        program(MATRIX)
    assert list(program._begun.values()) == jobs != []


def test_a_program_traced_while_a_function_was_exchanged_is_not_kept(store, monkeypatch):
    answers = iter([["exchanged"], []])  # before the trace, and after it
    monkeypatch.setattr(programs, "changed_at_run_time", lambda: next(answers))
    assert float(Program(function, "tests function", False)(MATRIX, {"scale": 3.0})[0].total) == 21.0
    assert list(store.source.iterdir()) == []


def test_where_locks_are_refused_programs_are_made_all_the_same(store, monkeypatch):
    monkeypatch.setattr(store_files, "_flock", lambda *_, **__: False)
    assert float(Program(function, "tests function", False)(MATRIX, {"scale": 3.0})[0].total) == 21.0


def test_a_light_program_gives_the_same_answer_and_is_another_executable(store):
    for light in (False, True):
        assert float(Program(function, f"tests function {light}", light)(MATRIX, {"scale": 3.0})[0].total) == 21.0
    assert len({read(entry)[0] for entry in store.source.iterdir()}) == 2


@pytest.mark.skipif(len(jax.devices()) < 2, reason="one device")
def test_another_device_is_respected(store):
    other, double = jax.devices()[1], Program(lambda x: 2 * x, "tests double", False)
    with jax.default_device(other):
        assert double(MATRIX).devices() == {other}
    assert double(jax.device_put(MATRIX, other)).devices() == {other}
    assert double(MATRIX).devices() == {jax.devices()[0]}


def test_a_program_that_depends_on_more_than_source_is_not_kept():
    assert path_solver(ECONOMY)._name == f"model.solvers.path path_solver {ECONOMY.identity}"
    assert path_solver(GROWTH)._name is None
    assert path_solver(ECONOMY) is path_solver(ECONOMY)


def test_a_change_of_the_source_is_another_state(tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    file = tmp_path / "model" / "equations.py"
    monkeypatch.setattr(source, "ROOT", tmp_path)
    states = []
    for text in ("a = 1\n", "a = 2\n", "a = 1\n"):
        file.write_text(text)
        states.append(source.source_on_disk())
    assert states[0] == states[2] != states[1]


def test_a_program_of_source_that_has_changed_since_is_not_kept(store, monkeypatch):
    monkeypatch.setattr(programs, "source_on_disk", lambda: "edited")
    assert float(Program(function, "tests function", False)(MATRIX, {"scale": 3.0})[0].total) == 21.0
    assert list(store.source.iterdir()) == []


@pytest.mark.parametrize(
    "name, other", [("saltus", None), ("KEPT_SECONDS", 1.0), ("_processor", lambda: ""), ("store", lambda: None)]
)
def test_a_function_or_constant_that_was_exchanged_is_noticed(name, other, monkeypatch):
    assert list(source.changed_at_run_time()) == []
    monkeypatch.setattr(store_files, name, other, raising=False)
    assert list(source.changed_at_run_time()) == ([] if name == "saltus" else [f"model.compute.store.{name}"])


def test_a_program_of_exchanged_functions_is_not_kept(store, monkeypatch):
    monkeypatch.setattr(programs, "changed_at_run_time", lambda: iter(["calibration.inversion.BALANCING_ROUNDS"]))
    assert float(Program(function, "tests function", False)(MATRIX, {"scale": 3.0})[0].total) == 21.0
    assert list(store.source.iterdir()) == []


def test_two_economies_have_two_programs(store):
    for identity in ("one", "other"):
        Program(function, f"tests function {identity}", False)(MATRIX, {"scale": 2.0})
    assert len(list(store.source.iterdir())) == 2
    exchanged = reference(central_bank=ECONOMY.blocks_by_name["central_bank"]._replace(eliminated=()))
    assert exchanged.identity is not None and exchanged.identity != ECONOMY.identity
    assert path_solver(exchanged)._name != path_solver(ECONOMY)._name


def test_precision_is_double_whatever_the_environment_says(monkeypatch):
    for name in ("JAX_ENABLE_X64", "JAX_COMPILATION_CACHE_DIR"):
        monkeypatch.setenv(name, "0" if name == "JAX_ENABLE_X64" else jax.config.jax_compilation_cache_dir or "")
    prepare_environment()
    assert os.environ["JAX_ENABLE_X64"] == "true" and jnp.zeros(()).dtype == np.float64


def test_what_nobody_used_is_forgotten(tmp_path):
    for name, age in (("used", 0.5), ("unused", 2.0)):
        (tmp_path / name).write_text("program")
        (tmp_path / f"source-{name}").mkdir()
        seconds = os.stat(tmp_path).st_mtime - age * store_files.KEPT_SECONDS
        os.utime(tmp_path / name, (seconds, seconds))
        os.utime(tmp_path / f"source-{name}", (seconds, seconds))
    store_files._forget_unused(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source-used", "used"]


PROCESS = """
import jax
from calibration import calibrate
from tests.economy import ECONOMY
compiled = []
jax.monitoring.register_event_duration_secs_listener(
    lambda event, *_, **__: compiled.append(event) if event.endswith("backend_compile_duration") else None
)
print(float(calibrate().parameters.production.capital_share.sum()).hex(), len(compiled))
"""


@pytest.mark.slow
def test_another_process_has_the_same_numbers_and_compiles_less(tmp_path):
    environment = {**os.environ, "JAX_COMPILATION_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", PROCESS]
    runs = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=source.ROOT).stdout
        for _ in range(2)
    ]
    (first, compiled), (second, again) = (run.split() for run in runs)
    assert first == second
    assert int(compiled) > int(again)


@pytest.mark.parametrize("damage", [b"", b"cut", None])
def test_a_damaged_file_is_named_and_compiled_again(store, damage):
    Program(function, "tests function", False)(MATRIX, {"scale": 3.0})
    for path in [p for p in store.executables.rglob("*") if p.is_file()]:
        raw = path.read_bytes()
        path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]) if damage is None else damage)
        with pytest.warns(UserWarning, match=f"{path.name} is damaged: compiled again"):
            assert float(Program(function, "tests function", False)(MATRIX, {"scale": 3.0})[0].total) == 21.0
    assert float(Program(forbidden, "tests function", False)(MATRIX, {"scale": 3.0})[0].total) == 21.0


def test_a_file_that_others_can_write_is_not_executed(store):
    Program(function, "tests function", False)(MATRIX, {"scale": 3.0})
    entry = next(store.source.iterdir())
    entry.chmod(0o666)
    with pytest.warns(UserWarning, match="can be written by others: compiled again"):
        assert float(Program(function, "tests function", False)(MATRIX, {"scale": 3.0})[0].total) == 21.0
    assert not entry.stat().st_mode & 0o022


def test_the_store_is_this_accounts_alone_under_any_umask(tmp_path, monkeypatch):
    before, kept = os.umask(0o002), jax.config.jax_compilation_cache_dir
    jax.config.update("jax_compilation_cache_dir", str(tmp_path / "jax"))
    try:
        store = store_files.store.__wrapped__()
        monkeypatch.setattr(programs, "store", lambda: store)
        monkeypatch.setattr(programs, "changed_at_run_time", lambda: ())  # of which the line above is one
        Program(function, "tests function", False)(MATRIX, {"scale": 3.0})
    finally:
        os.umask(before)
        jax.config.update("jax_compilation_cache_dir", kept)
    assert all(store_files._ours_alone(path) for path in [*store, *store.executables.rglob("*")])
    assert float(Program(forbidden, "tests function", False)(MATRIX, {"scale": 3.0})[0].total) == 21.0


def test_without_a_home_folder_nothing_is_kept_on_disk(monkeypatch):
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "")
    assert _cache_folder() is None
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert str(_cache_folder()) == "/elsewhere/two-economies/jax"
