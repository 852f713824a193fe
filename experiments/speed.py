"""`python -m experiments.speed`: how long the path program and the main job take on this machine, and their memory."""

import os
import subprocess
import sys
import tempfile
import time

import jax
import jax.numpy as jnp
import numpy as np

from calibration import calibrate
from model.equilibrium.nouns import VARIABLES
from model.scenarios.catch_up import logistic
from model.solve import ECONOMY, Settings
from model.solvers.path import path_solver

REPEATS = 15


def main():
    """Print one line a measurement; nothing is asserted."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["JAX_COMPILATION_CACHE_DIR"] = cache
        jax.config.update("jax_compilation_cache_dir", cache)
        print(f"{os.cpu_count()} cores, jax {jax.__version__}")
        for settings in (Settings(), Settings(terminal="steady", smoothing=1e-3)):
            _path(settings)
        for name in ("empty", "warm"):
            seconds, mebibytes = _main_job()
            print(f"main job, fresh process, {name} compile cache: {seconds:.1f} s, peak memory {mebibytes:.0f} MiB")
    return 0


def _path(settings):
    """Compile and warm times of the baseline path from the straight line between the two steady states."""
    calibrated = calibrate(smoothing=settings.smoothing)
    baseline = calibrated.baseline(settings)
    solution, catch_up = baseline.solution, calibrated.catch_up
    weight = logistic(settings.horizon, catch_up["midpoint"]["technology"], catch_up["width"])[:, None]
    guess = jnp.asarray((1 - weight) * baseline.initial + weight * np.asarray(solution.long_run.steady.x))
    arguments = (solution.problem, guess, settings.tolerance, settings.iterations)
    jax.clear_caches()
    started = time.perf_counter()
    lowered = path_solver(ECONOMY).lower(*arguments)
    traced = time.perf_counter()
    jax.config.update("jax_enable_compilation_cache", False)
    program = lowered.compile()
    jax.config.update("jax_enable_compilation_cache", True)
    compiled = time.perf_counter()
    seconds = []
    for _ in range(REPEATS + 1):
        began = time.perf_counter()
        result = jax.block_until_ready(program(*arguments))
        seconds.append(time.perf_counter() - began)
    gap = float(jnp.abs(result.x - solution.path).max())
    print(
        f"path, {len(VARIABLES)} equations, T = {settings.horizon}, terminal {settings.terminal}, smoothing {settings.smoothing:g}: "
        f"trace {traced - started:.1f} s, compile {compiled - traced:.1f} s, first {seconds[0]:.3f} s, "
        f"warm median {np.median(seconds[1:]):.3f} s, least {min(seconds[1:]):.3f} s; {int(result.iterations)} iterations, "
        f"{int(result.factorisations)} factorisations, tolerance {settings.tolerance:g}, largest residual "
        f"{float(jnp.abs(result.residual).max()):.0e}, from the solved baseline {gap:.0e}",
        flush=True,
    )


def _main_job():
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "experiments.run", f"hydra.run.dir={folder}"]
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"the main job ended with status {os.waitstatus_to_exitcode(status)}")
        return time.perf_counter() - started, usage.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
