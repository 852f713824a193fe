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
MEMORY = 0.85  # weight of the past in the merit that a step is held against (Zhang and Hager, 2004)
FIRST_ALLOWANCE = 4.0  # times the merit at the start of a stage
SMALLEST_STEP = 2.0**-12


class Problem(NamedTuple):
    """What the loop needs to know.

    `residual(x, stage)` also returns whatever of its work `factorise(x, byproduct, stage)` can use again;
    `solve(factor, residual)` gives the Newton step; `longest(step)` the largest multiple of it that may be taken.
    """

    residual: Callable
    factorise: Callable
    solve: Callable
    longest: Callable
    stages: int


class NewtonResult(NamedTuple):
    x: Array
    residual: Array
    code: Array  # of outcome.Code
    iterations: Array  # residual evaluations after the first
    factorisations: Array
    stage: Array


class _State(NamedTuple):
    x: Array
    residual: Array
    byproduct: Array
    merit: Array
    reference: Array  # running average of merits, which a trial may not exceed
    weight: Array  # of that average
    step: Array
    length: Array
    factor: tuple
    fresh: Array  # was the factor made at x?
    forced: Array  # accept the next trial, as the problem has moved to its next stage
    stage: Array
    iterations: Array
    factorisations: Array
    code: Array


def newton(problem, x, tolerance, most_iterations):
    """Solve all stages; converged means max |residual| at most `tolerance` and everything finite."""
    first = jnp.asarray(0)
    problem = problem._replace(residual=jax.jit(problem.residual), factorise=jax.jit(problem.factorise))
    shapes = jax.eval_shape(problem.residual, x, first)
    residual, byproduct = jax.tree.map(_zeros, shapes)
    factor = jax.tree.map(_zeros, jax.eval_shape(problem.factorise, x, byproduct, first))
    start = _State(
        x=x,
        residual=residual,
        byproduct=byproduct,
        merit=jnp.asarray(jnp.inf),
        reference=jnp.asarray(jnp.inf),
        weight=jnp.asarray(0.0),
        step=jnp.zeros_like(x),
        length=jnp.asarray(0.0),
        factor=factor,
        fresh=jnp.asarray(False),
        forced=jnp.asarray(True),
        stage=first,
        iterations=jnp.asarray(-1),
        factorisations=jnp.asarray(0),
        code=jnp.asarray(int(Code.RUNNING)),
    )

    def running(s):
        return (s.code == Code.RUNNING) & (s.iterations < most_iterations)

    end = lax.while_loop(running, lambda s: _advance(problem, tolerance, s), start)
    code = jnp.where(end.code == Code.RUNNING, int(Code.OUT_OF_STEPS), end.code)
    return NewtonResult(end.x, end.residual, code, end.iterations, end.factorisations, end.stage)


def _zeros(like):
    return jnp.zeros(like.shape, like.dtype)


def _advance(problem, tolerance, s):
    trial = s.x + s.length * s.step
    trial_residual, trial_byproduct = problem.residual(trial, s.stage)
    merit = (trial_residual**2).sum()
    finite = jnp.isfinite(merit)
    accepted = finite & (s.forced | (merit <= s.reference - 2 * ARMIJO * s.length * s.merit))

    def keep(new, old):
        return jnp.where(accepted, new, old)

    x, residual = keep(trial, s.x), keep(trial_residual, s.residual)
    byproduct = jax.tree.map(keep, trial_byproduct, s.byproduct)
    solved = accepted & (jnp.abs(residual).max() <= tolerance)
    done = solved & (s.stage == problem.stages - 1)

    stale = ~accepted & ~s.fresh  # an old factor gave a bad direction: make a new one where we stand
    wanted = (accepted & ~solved) | stale
    weight = jnp.where(s.forced, 1.0, MEMORY * s.weight + 1)
    average = jnp.where(s.forced, FIRST_ALLOWANCE * merit, (MEMORY * s.weight * s.reference + merit) / weight)
    slow = merit > KEEP_FACTOR_BELOW**2 * s.merit
    renew = wanted & (stale | s.forced | slow)
    factor = lax.cond(renew, lambda: problem.factorise(x, byproduct, s.stage), lambda: s.factor)
    step = lax.cond(wanted, lambda: problem.solve(factor, residual), lambda: s.step)
    length = jnp.where(wanted, jnp.minimum(1.0, problem.longest(step)), s.length / 2)

    failures = (
        (done, Code.CONVERGED),
        (s.forced & ~finite, Code.NOT_FINITE),
        (wanted & ~jnp.isfinite(step).all(), Code.SINGULAR),
        (~wanted & ~accepted & (length < SMALLEST_STEP), Code.DIVERGED),
    )
    return _State(
        x=x,
        residual=residual,
        byproduct=byproduct,
        merit=keep(merit, s.merit),
        reference=keep(average, s.reference),
        weight=keep(weight, s.weight),
        step=jnp.where(solved, 0.0, step),
        length=length,
        factor=factor,
        fresh=renew | (s.fresh & ~accepted),
        forced=solved,
        stage=jnp.where(solved & ~done, s.stage + 1, s.stage),
        iterations=s.iterations + 1,
        factorisations=s.factorisations + renew,
        code=jnp.select([f for f, _ in failures], [int(c) for _, c in failures], int(Code.RUNNING)),
    )
