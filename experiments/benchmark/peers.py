"""The same work in Dynare, measured in the same run; and on a GPU, where there is one."""

import tempfile
import time
from functools import partial
from pathlib import Path

import jax
import numpy as np

from calibration import calibrate
from experiments.benchmark.batches import end_to_end, policy_grid, policy_study
from experiments.benchmark.measure import Row, seconds_of
from experiments.export.compare import furthest
from experiments.export.dynare import mod_text
from experiments.export.dynare_runner import compiler_available, dynare_available, run_dynare
from experiments.export.scenarios import export_of
from experiments.study.work import Worker
from model.equilibrium.economy import reference
from model.solvers.path import no_factor, path_solver
from model.transition.solutions import Settings, path_problem
from model.transition.solve import solve_scenario

IN_DYNARE = (40, 500)  # points of the policy sweep
SETTINGS = Settings(terminal="steady")


def dynare():
    """One path and a policy sweep against Dynare on the same file, from the same starting guess."""
    if not (dynare_available() and compiler_available()):
        yield from _not_installed()
        return
    calibrated, baseline = _economy()
    yield from _one_path(calibrated, baseline, compiled=True)
    yield from _sweep(calibrated, baseline)


def dynare_interpreted():
    """One path against Dynare as it comes, its equations interpreted by Octave."""
    if not dynare_available():
        yield from _not_installed()
        return
    yield from _one_path(*_economy(), compiled=False)


def _not_installed():
    yield Row("Dynare", float("nan"), "", "not installed; apt install dynare octave-dev")


def _economy():
    calibrated = calibrate(smoothing=SETTINGS.smoothing)
    return calibrated, calibrated.baseline(SETTINGS)


def _one_path(calibrated, baseline, compiled):
    run, export, error = _solved_by_dynare(calibrated, baseline, baseline.solution, compiled)
    problem, guess = baseline.solution.problem, export.guess
    arguments = (problem, guess, no_factor(reference(), len(guess)), SETTINGS.tolerance, SETTINGS.iterations)
    warm = seconds_of(partial(path_solver(reference()), *arguments))[1]
    ours = path_solver(reference())(*arguments)
    equations = f"equations {'compiled in C' if compiled else 'interpreted'}"
    there = f"{equations}, {_circumstances(run.iterations, f'change {run.tolerance:g}')}"
    yield Row("one path in Dynare", run.seconds, "s", there)
    yield Row(
        "one path here, warm", warm, "s", _circumstances(int(ours.iterations), f"residual {SETTINGS.tolerance:g}")
    )
    agreed = f"Dynare's {equations}; paths agree to {error:.0e}"
    yield Row("one path: Dynare's time over ours", run.seconds / warm, "times", agreed)


def _circumstances(iterations, tolerance):
    return f"{_problem(SETTINGS)}, guess straight line, {iterations} iterations, tolerance {tolerance}"


def _problem(settings):
    return f"{len(reference().variables)} equations, T = {settings.horizon}, terminal {settings.terminal}, smoothing {settings.smoothing:g}"


def _solved_by_dynare(calibrated, baseline, solution, compiled=True):
    export = export_of(calibrated, baseline, solution, "", "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "economy.mod"
        path.write_text(mod_text(export), encoding="utf-8")
        run = run_dynare(path, compiled=compiled)
    return run, export, furthest(run.path, solution)[0]


def _sweep(calibrated, baseline):
    """Scenarios of the policy grid a second, here and in Dynare."""
    study = policy_study()
    runs = []
    for i in IN_DYNARE:
        solution = solve_scenario(baseline, study.point(i).scenario)
        runs.append(_solved_by_dynare(calibrated, baseline, solution))
    seconds = np.mean([run.seconds for run, _, _ in runs])
    note = (
        f"{len(IN_DYNARE)} scenarios of the sweep around the reference calibration, equations compiled in C, "
        f"{_problem(SETTINGS)}, one process, from a straight line"
    )
    agreed = f"paths agree to {max(error for _, _, error in runs):.0e}"
    yield Row("policy sweep in Dynare", 1 / seconds, "scenarios a second", f"{note}; {agreed}")
    ours = end_to_end("policy sweep here", "scenarios", policy_grid())
    yield ours
    here = f"here around {study.job.inputs.name}, {_problem(study.job.settings)}, as users run it, with certificates and store"
    yield Row("policy sweep: our rate over Dynare's", ours.value * seconds, "times", here)


def gpu():
    """Certified scenarios a second on a GPU, and its paths against those of the CPU."""
    if jax.default_backend() == "cpu":
        yield Row("GPU", float("nan"), "", "none here; with one, `python -m experiments.benchmark gpu` measures it")
        return
    study = policy_study((16, 8, 8))
    Worker(study).solve(range(2))
    started = time.perf_counter()
    points, _ = Worker(study).solve(range(len(study)))
    rate = len(points) / (time.perf_counter() - started)
    yield Row("policy sweep on the GPU", rate, "scenarios a second", f"{int(points.certified.sum())} certified")
    baseline = calibrate().baseline(Settings())
    base, problem = baseline.solution, _placed(baseline, jax.devices("cpu")[0])
    arguments = (base.path, no_factor(reference(), len(base.path)), 1e-13, 80)
    with jax.default_device(jax.devices("cpu")[0]):
        there = np.asarray(path_solver(reference())(problem, *arguments).x)
    here = np.asarray(path_solver(reference())(base.problem, *arguments).x)
    yield Row("largest difference of CPU and GPU", float(np.abs(here - there).max()), "of any unknown")


def _placed(baseline, device):
    p = baseline.solution.problem
    return jax.device_put(
        path_problem(p.parameters, p.start, p.exogenous, baseline.solution.long_run, baseline.settings), device
    )
