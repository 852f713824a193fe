"""Newton's method with a line search and continuation in one fused loop; a factor is kept while it contracts well.

The loop has never heard of time or economics: it sees a residual, a way to factorise its Jacobian and a way to solve with
the factor. `stage` counts the steps of a continuation (smoothing, or a homotopy in the exogenous variables).
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

from model.solvers.outcome import Code

KEEP_FACTOR_BELOW = 0.1
ARMIJO = 1e-4
ALLOWANCE = 10.0  # times the best merit: how far a step may lead uphill, as when it crosses a kink
PATIENCE = 3  # uphill steps in a row before going back to the best point and downhill from there
SMALLEST_STEP = 2.0**-12


class Problem(NamedTuple):
    """What the loop needs to know.

    `residual(x, stage)` also returns whatever of its work `factorise(x, byproduct, stage)` can use again;
    `solve(factor, residual)` gives the Newton step; `longest(step)` the largest multiple of it that may be taken.
    With `final_factor` the result's factor is good enough to go on from the solution: the last step's, or a new one.
    """

    residual: Callable
    factorise: Callable
    solve: Callable
    longest: Callable
    stages: int
    final_factor: bool = False


class NewtonResult(NamedTuple):
    x: Array
    residual: Array
    code: Array  # of outcome.Code
    iterations: Array  # residual evaluations after the first
    factorisations: Array
    stage: Array
    factor: tuple = ()


class _Point(NamedTuple):
    x: Array
    residual: Array
    byproduct: Array
    merit: Array  # sum of squared residuals


class _State(NamedTuple):
    now: _Point
    best: _Point
    uphill: Array  # steps since the best point
    strict: Array  # downhill only
    step: Array
    length: Array
    factor: tuple
    fresh: Array  # was the factor made at x?
    forced: Array  # accept the next trial, as the problem has moved to its next stage
    last_step: Array  # the residual is small enough: one more step, as what it leaves in x may be larger
    stage: Array
    iterations: Array
    factorisations: Array
    code: Array


def newton(problem, x, tolerance, most_iterations):
    """Solve all stages; converged means max |residual| at most `tolerance`, one more step taken, and everything finite."""
    first = jnp.asarray(0)
    problem = problem._replace(residual=jax.jit(problem.residual), factorise=jax.jit(problem.factorise))
    shapes = jax.eval_shape(problem.residual, x, first)
    residual, byproduct = jax.tree.map(_zeros, shapes)
    factor = jax.tree.map(_zeros, jax.eval_shape(problem.factorise, x, byproduct, first))
    point = _Point(x, residual, byproduct, jnp.asarray(jnp.inf))
    start = _State(
        now=point,
        best=point,
        uphill=jnp.asarray(0),
        strict=jnp.asarray(False),
        step=jnp.zeros_like(x),
        length=jnp.asarray(0.0),
        factor=factor,
        fresh=jnp.asarray(False),
        forced=jnp.asarray(True),
        last_step=jnp.asarray(False),
        stage=first,
        iterations=jnp.asarray(-1),
        factorisations=jnp.asarray(0),
        code=jnp.asarray(int(Code.RUNNING)),
    )

    def running(s):
        return (s.code == Code.RUNNING) & (s.iterations < most_iterations)

    end = lax.while_loop(running, lambda s: _advance(problem, tolerance, s), start)
    code = jnp.where(end.code == Code.RUNNING, int(Code.OUT_OF_STEPS), end.code)
    return NewtonResult(end.now.x, end.now.residual, code, end.iterations, end.factorisations, end.stage, end.factor)


def _zeros(like):
    return jnp.zeros(like.shape, like.dtype)


def _advance(problem, tolerance, s):
    trial = _evaluate(problem, s.now.x + s.length * s.step, s.stage)
    finite = jnp.isfinite(trial.merit)
    downhill = trial.merit <= (1 - 2 * ARMIJO * s.length) * s.now.merit
    tolerable = ~s.strict & (trial.merit <= ALLOWANCE * s.best.merit)
    accepted = finite & (s.forced | downhill | tolerable)
    slow = trial.merit > KEEP_FACTOR_BELOW**2 * s.now.merit
    now = _choose(accepted, trial, s.now)
    better = accepted & (s.forced | (trial.merit < s.best.merit))
    best = _choose(better, trial, s.best)
    uphill = jnp.where(better, 0, s.uphill + accepted)
    lost = uphill > PATIENCE  # the watchdog of Chamberlain, Powell, Lemarechal and Pedersen (1982)
    now = _choose(lost, best, now)

    solved = (accepted | s.last_step) & (jnp.abs(now.residual).max() <= tolerance)
    ending = solved & (s.stage == problem.stages - 1)
    done, last_step = ending & s.last_step, ending & ~s.last_step
    stale = ~accepted & ~s.fresh & ~solved  # an old factor gave a bad direction: make a new one where we stand
    wanted = (accepted & ~solved) | stale | last_step
    renew = wanted & ~last_step & (stale | s.forced | slow | lost) | (
        last_step & (s.forced | problem.final_factor & slow)
    )
    factor = lax.cond(renew, lambda: problem.factorise(now.x, now.byproduct, s.stage), lambda: s.factor)
    step = lax.cond(wanted, lambda: problem.solve(factor, now.residual), lambda: s.step)
    length = jnp.where(wanted, jnp.minimum(1.0, problem.longest(step)), s.length / 2)

    endings = (
        (done, Code.CONVERGED),
        (s.forced & ~finite, Code.NOT_FINITE),
        (wanted & ~jnp.isfinite(step).all(), Code.SINGULAR),
        (~wanted & ~accepted & (length < SMALLEST_STEP), Code.DIVERGED),
    )
    return _State(
        now=now,
        best=best,
        uphill=jnp.where(lost, 0, uphill),
        strict=~solved & (s.strict | lost),
        step=jnp.where(solved & ~last_step, 0.0, step),
        length=length,
        factor=factor,
        fresh=renew | (s.fresh & ~accepted),
        forced=solved & ~ending,
        last_step=last_step,
        stage=jnp.where(solved & ~ending, s.stage + 1, s.stage),
        iterations=s.iterations + 1,
        factorisations=s.factorisations + renew,
        code=jnp.select([ended for ended, _ in endings], [int(code) for _, code in endings], int(Code.RUNNING)),
    )


def _evaluate(problem, x, stage):
    residual, byproduct = problem.residual(x, stage)
    return _Point(x, residual, byproduct, (residual**2).sum())


def _choose(condition, new, old):
    return jax.tree.map(lambda a, b: jnp.where(condition, a, b), new, old)
