"""One path: compile, first and warm times, the parts of an iteration, and how the cost grows with the horizon."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from calibration import calibrate
from experiments.benchmark.measure import Row, compile_seconds, seconds_of
from model.equilibrium.economy import reference
from model.solvers.batch.shared_factor import SLOTS
from model.solvers.path import newton_problem, no_factor, path_solver
from model.transition.solutions import Settings
from model.transition.solve import between

HORIZONS = (120, 240, 480, 960)
PRODUCT_SIZE = 2048


def straight_line(settings):
    """A calibrated baseline and the arguments of its path solve from the straight line between its steady states."""
    calibrated = calibrate(smoothing=settings.smoothing)
    baseline = calibrated.baseline(settings)
    end = np.asarray(baseline.solution.long_run.steady.x)
    guess = jnp.asarray(between(baseline.initial, end, calibrated.catch_up, settings.horizon))
    blank = no_factor(baseline.economy, settings.horizon)
    return baseline, (baseline.solution.problem, guess, blank, settings.tolerance, settings.iterations)


def single_path():
    """The baseline from the straight line, at the shipped settings and at those of the published recipe."""
    for settings in (Settings(), Settings(terminal="steady", smoothing=1e-3)):
        _, arguments = straight_line(settings)
        program, traced, compiled = compile_seconds(path_solver(reference()), *arguments)
        first, warm = seconds_of(program, *arguments)
        result = program(*arguments)
        name = f"one path, terminal {settings.terminal}, smoothing {settings.smoothing:g}"
        yield Row(f"{name}: trace", traced, "s")
        yield Row(f"{name}: compile", compiled, "s", "without cache")
        yield Row(f"{name}: first", first, "s")
        yield Row(
            f"{name}: warm",
            warm,
            "s",
            f"{len(reference().variables)} equations, T = {settings.horizon}, guess straight line, {int(result.iterations)} iterations, "
            f"{int(result.factorisations)} factorisations, tolerance {settings.tolerance:g}, "
            f"residual {float(jnp.abs(result.residual).max()):.0e}",
        )


def parts_of_an_iteration():
    """Residual, factorisation, solve; and what share of the machine's matrix-product rate the shared solve reaches."""
    baseline, _ = straight_line(Settings())
    problem, path = baseline.solution.problem, jnp.asarray(baseline.solution.path)
    residual = jax.jit(lambda problem, path: newton_problem(reference(), problem).residual(path, 0))
    factorise = jax.jit(lambda problem, path: _factor(problem, path))
    solve = jax.jit(lambda factor, r: newton_problem(reference(), problem).solve(factor, r))
    shared = jax.jit(jax.vmap(solve, (None, -1), -1))
    factor = factorise(problem, path)
    r = residual(problem, path)[0]
    lanes = jnp.stack([r] * SLOTS, -1)
    yield Row("residual of a path", 1e3 * seconds_of(residual, problem, path)[1], "ms")
    yield Row("factorisation", 1e3 * seconds_of(factorise, problem, path)[1], "ms")
    yield Row("solve with the factor", 1e3 * seconds_of(solve, factor, r)[1], "ms")
    together = seconds_of(shared, factor, lanes)[1]
    yield Row(f"solve with the factor, {SLOTS} lanes together, per lane", 1e3 * together / SLOTS, "ms")
    reached = 2 * sum(leaf.size for leaf in jax.tree.leaves(factor)) * SLOTS / together
    for dtype in (jnp.float32, jnp.float64):
        matrix = jnp.ones((PRODUCT_SIZE, PRODUCT_SIZE), dtype)
        rate = 2 * PRODUCT_SIZE**3 / seconds_of(jax.jit(jnp.matmul), matrix, matrix, repeats=3)[1]
        yield Row(f"matrix product, {jnp.dtype(dtype).name}", rate / 1e9, "Gflop/s", f"{PRODUCT_SIZE} x {PRODUCT_SIZE}")
        if dtype == jnp.float32:
            yield Row("shared solve, share of that rate", 100 * reached / rate, "%", f"{reached / 1e9:.1f} Gflop/s")


def _factor(problem, path):
    newton = newton_problem(reference(), problem)
    return newton.factorise(path, newton.residual(path, 0)[1], 0)


def horizons():
    """Warm time of the baseline's path at several horizons; linear if the time a quarter stays the same."""
    for horizon in HORIZONS:
        _, arguments = straight_line(Settings(horizon=horizon))
        warm = seconds_of(partial(path_solver(reference()), *arguments), repeats=3)[1]
        result = path_solver(reference())(*arguments)
        each = 1e3 * warm / horizon / max(int(result.iterations), 1)
        yield Row(f"one path, T = {horizon}: warm", warm, "s", f"{each:.3f} ms a quarter and iteration")
