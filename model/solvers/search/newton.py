"""Newton's method with a line search and continuation in one compiled loop; a factor is kept while its steps contract well.

A kept factor is helped along: bounds that begin or cease to bind since it was made are replaced in it (`kinks`), and the
steps taken since stand in for other changes of the Jacobian (`broyden`).

The loop has never heard of time or economics: it sees a residual, a way to factorise its Jacobian and a way to solve with
the factor. `stage` counts the steps of a continuation (smoothing, or a homotopy in the exogenous variables).
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Bool, Float, Int

from model.core.types import Real, Scalar
from model.solvers.outcome import Code
from model.solvers.search.broyden import Steps, broyden_step, no_steps, with_step
from model.solvers.search.kinks import Borrowed, corrected, nothing_replaced

Whole = Int[Real, ""] | int

KEEP_FACTOR_BELOW = 0.5  # contraction of the residual
ARMIJO = 1e-4
ALLOWANCE = 10.0  # times the best merit: how far a step may lead uphill, as when it crosses a kink
PATIENCE = 3  # uphill steps in a row before going back to the best point and downhill from there
SMALLEST_STEP = 2.0**-12
MOST_STEPS = 24  # that Broyden's method looks back on


class Kinks(NamedTuple):
    """What is known of the equations with a kink: see `kinks.Borrowed`."""

    borrowed: Callable[[Any], Borrowed]  # of a factor
    slopes: Callable[[Any], Array]  # of a byproduct, (kinked, 2)


class Problem(NamedTuple):
    """What the loop needs to know.

    `residual(x, stage)` also returns whatever of its work `factorise(x, byproduct, stage)` can use again;
    `solve(factor, residual)` gives the Newton step; `longest(step)` the largest multiple of it that may be taken.
    Where `final_factor` (traced or not) the result's factor is made at the solution.
    """

    residual: Callable[..., tuple[Array, Any]]
    factorise: Callable[..., Any]
    solve: Callable[[Any, Array], Array]
    longest: Callable[[Array], Array]
    stages: Whole
    final_factor: Bool[Array, ""] | bool = False
    kinks: Kinks | None = None


class NewtonResult(NamedTuple):
    x: Float[Array, "*shape"]
    residual: Float[Array, "*shape"]
    code: Int[Array, ""]  # of outcome.Code
    iterations: Int[Array, ""]  # residual evaluations after the first
    factorisations: Int[Array, ""]
    stage: Int[Array, ""]
    factor: Any = ()
    replaced: Any = ()


class Known(NamedTuple):
    """A factor with what is replaced in it, which serves until its steps get bad; not `usable`: only shapes are meant."""

    factor: Any
    replaced: Any  # kinks.Replaced; () for a problem without kinks
    usable: Bool[Real, ""]


class _Point(NamedTuple):
    x: Array
    residual: Array
    byproduct: Any
    merit: Array  # sum of squared residuals


class _Trial(NamedTuple):
    point: _Point
    length: Array  # of the step
    sound: Array  # is the step finite?


class _State(NamedTuple):
    now: _Point
    best: _Point
    uphill: Array  # steps since the best point
    strict: Array  # downhill only
    shrink: Array  # of the longest step, to be tried next; zero: evaluate where we stand
    replaced: Any  # in the factor
    steps: Steps  # since the factor was made
    taken: Array  # of them
    fresh: Array  # was the factor made at x?
    usable: Real  # is there a factor?
    renew: Array  # is another one wanted?
    forced: Array  # accept the next trial, as the problem has moved to its next stage
    last_step: Array  # the residual is small enough: one more step, as what it leaves in x may be larger
    stage: Array
    iterations: Array
    factorisations: Array
    code: Array


def newton(
    problem: Problem,
    x: Float[Array, "..."],
    tolerance: Scalar,
    most_iterations: Whole,
    known: Known | None = None,
) -> NewtonResult:
    """Solve all stages; converged means max |residual| at most `tolerance` before and after one more step, all of it finite."""
    problem = problem._replace(residual=jax.jit(problem.residual), factorise=jax.jit(problem.factorise))
    known = known or nothing_known(problem, x)

    def running(s):
        return (s.code == Code.RUNNING) & (s.iterations < most_iterations)

    def one_factor(state):
        factor, s = state
        s = lax.while_loop(lambda s: running(s) & ~s.renew, partial(_advance, problem, tolerance, factor), s)
        return lax.cond(s.renew & running(s), lambda: _factorised(problem, s), lambda: (factor, s))

    start = known.factor, _start(problem, x, known)
    factor, end = lax.while_loop(lambda state: running(state[1]), one_factor, start)
    code = jnp.where(end.code == Code.RUNNING, int(Code.OUT_OF_STEPS), end.code)
    return NewtonResult(
        end.now.x, end.now.residual, code, end.iterations, end.factorisations, end.stage, factor, end.replaced
    )


def nothing_known(problem: Problem, x: Float[Array, "..."]) -> Known:
    """What stands for a factor before there is one."""
    first = _count(0)
    byproduct = jax.eval_shape(problem.residual, x, first)[1]
    blank = jax.tree.map(_zeros, jax.eval_shape(problem.factorise, x, byproduct, first))
    return Known(blank, _nothing_replaced(problem, blank, x), jnp.asarray(False))


def _nothing_replaced(problem, factor, x):
    return nothing_replaced(problem.kinks.borrowed(factor), x.size) if problem.kinks else ()


def _zeros(like):
    return jnp.zeros(like.shape, like.dtype)


def _count(number):
    return jnp.asarray(number, int)


def _start(problem, x, known):
    """The state before anything is evaluated."""
    residual, byproduct = jax.tree.map(_zeros, jax.eval_shape(problem.residual, x, _count(0)))
    point = _Point(x, residual, byproduct, jnp.asarray(jnp.inf, float))
    return _State(
        now=point,
        best=point,
        uphill=_count(0),
        strict=jnp.asarray(False),
        shrink=jnp.asarray(0.0, float),
        replaced=known.replaced,
        steps=no_steps(1, MOST_STEPS, x.size),
        taken=_count(0),
        fresh=jnp.asarray(False),
        usable=known.usable,
        renew=jnp.asarray(False),
        forced=jnp.asarray(True),
        last_step=jnp.asarray(False),
        stage=_count(0),
        iterations=_count(-1),
        factorisations=_count(0),
        code=_count(int(Code.RUNNING)),
    )


def _factorised(problem, s):
    """A factor made where we stand, and the state that goes with it."""
    factor = problem.factorise(s.now.x, s.now.byproduct, s.stage)
    return factor, s._replace(
        replaced=_nothing_replaced(problem, factor, s.now.x),
        taken=_count(0),
        fresh=jnp.asarray(True),
        usable=jnp.asarray(True),
        renew=jnp.asarray(False),
        factorisations=s.factorisations + 1,
    )


def _advance(problem, tolerance, factor, s):
    """Step, evaluate and judge."""
    direction, replaced = _direction(problem, factor, s)
    step = direction.step.reshape(s.now.x.shape)
    length = s.shrink * jnp.minimum(1.0, problem.longest(step))
    point = _evaluate(problem, s.now.x + jnp.where(length > 0, length * step, 0.0), s.stage)
    trial = _Trial(point, length, jnp.isfinite(step).all() | (s.shrink == 0))
    after, accepted = _judged(problem, tolerance, s, trial)
    whole = accepted & (length == 1)
    return after._replace(
        replaced=replaced,
        steps=with_step(s.steps, s.taken[None], direction, whole[None]),
        taken=jnp.where(whole & (s.taken + 1 < MOST_STEPS), s.taken + 1, jnp.where(accepted, 0, s.taken)),
    )


def _judged(problem, tolerance, s, trial):
    """The state after a trial, and whether it was accepted."""
    point, length, sound = trial
    finite = jnp.isfinite(point.merit)
    downhill = point.merit <= (1 - 2 * ARMIJO * length) * s.now.merit
    tolerable = ~s.strict & (point.merit <= ALLOWANCE * s.best.merit)
    accepted = sound & finite & (s.forced | downhill | tolerable)
    slow = accepted & ~s.forced & (point.merit > KEEP_FACTOR_BELOW**2 * s.now.merit)
    lost_at_once = s.forced & ~finite
    now = _choose(accepted | lost_at_once, point, s.now)
    better = accepted & (s.forced | (point.merit < s.best.merit))
    best = _choose(better, point, s.best)
    uphill = jnp.where(better, 0, s.uphill + accepted)
    lost = uphill > PATIENCE  # the watchdog of Chamberlain, Powell, Lemarechal and Pedersen (1982)
    now = _choose(lost, best, now)

    solved = (accepted | (s.last_step & sound)) & (jnp.abs(now.residual).max() <= tolerance)
    ending = solved & (s.stage == problem.stages - 1)
    done, last_step = ending & s.last_step, ending & ~s.last_step
    moved_on = s.forced & (s.stage > 0)
    stale = ~accepted & ~s.fresh  # an old factor gave a bad direction: make a new one where we stand
    halve = ~accepted & s.fresh & ~solved
    shrink = jnp.where(halve, s.shrink / 2, jnp.where(solved & ~ending, 0.0, 1.0))
    endings = (
        (done, Code.CONVERGED),
        (lost_at_once, Code.NOT_FINITE),
        (~sound & s.fresh, Code.SINGULAR),
        (halve & (shrink < SMALLEST_STEP), Code.DIVERGED),
    )
    after = s._replace(
        now=now,
        best=best,
        uphill=jnp.where(lost, 0, uphill),
        strict=~solved & (s.strict | lost),
        shrink=shrink,
        fresh=s.fresh & ~accepted,
        renew=(~s.usable & (shrink > 0))
        | (~solved & (stale | lost | slow | moved_on))
        | (last_step & problem.final_factor),
        forced=solved & ~ending,
        last_step=last_step,
        stage=jnp.where(solved & ~ending, s.stage + 1, s.stage),
        iterations=s.iterations + 1,
        code=jnp.select([ended for ended, _ in endings], [int(code) for _, code in endings], int(Code.RUNNING)),
    )
    return after, accepted


def _direction(problem, factor, s):
    """The step to try, `broyden.Direction` with one lane, and what is replaced in the factor now."""
    residual = s.now.residual[..., None]
    plain, replaced = problem.solve(factor, s.now.residual)[..., None], s.replaced
    if problem.kinks:
        borrowed, slopes = problem.kinks.borrowed(factor), problem.kinks.slopes(s.now.byproduct)
        plain, replaced = corrected(borrowed, replaced, residual, plain, slopes[..., None])
    return broyden_step(s.steps, s.taken[None], plain.reshape(-1, 1)), replaced


def _evaluate(problem, x, stage):
    residual, byproduct = problem.residual(x, stage)
    return _Point(x, residual, byproduct, (residual**2).sum())


def _choose(condition, new, old):
    return jax.tree.map(lambda a, b: jnp.where(condition, a, b), new, old)
