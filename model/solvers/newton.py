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

KEEP_FACTOR_BELOW = 0.1  # contraction of the residual
KEEP_REPLACED_BELOW = 0.5  # with its worst rows replaced a factor is worth keeping for longer
ARMIJO = 1e-4
ALLOWANCE = 10.0  # times the best merit: how far a step may lead uphill, as when it crosses a kink
PATIENCE = 3  # uphill steps in a row before going back to the best point and downhill from there
SMALLEST_STEP = 2.0**-12
RANK, ADDED, FREE = 12, 4, -1  # rows replaced in a factor, and in one step
LARGE = 0.02  # of the largest residual: what makes a row worth replacing


class Rows(NamedTuple):
    """Rows of the Jacobian that change abruptly, such as those of a bound that starts to bind.

    `candidates` are their positions in the flattened residual; `times(x, byproduct, stage, positions, directions)` are the
    rows at x times directions with a leading axis, `(positions, directions)`.
    """

    candidates: Array
    times: Callable


class Problem(NamedTuple):
    """What the loop needs to know.

    `residual(x, stage)` also returns whatever of its work `factorise(x, byproduct, stage)` can use again;
    `solve(factor, residual)` gives the Newton step; `longest(step)` the largest multiple of it that may be taken.
    With `final_factor` the result's factor is good enough to go on from the solution: the last step's, or a new one.
    `rows` are replaced in a kept factor where they are what makes its steps bad.
    """

    residual: Callable
    factorise: Callable
    solve: Callable
    longest: Callable
    stages: int
    final_factor: bool = False
    rows: Rows | None = None


class Replaced(NamedTuple):
    """Rows that take the place of those of a factor, and what the factor makes of their unit vectors."""

    positions: Array  # (RANK,), FREE where there is none
    columns: Array  # (RANK, *x.shape)


class Chosen(NamedTuple):
    """Rows to be replaced now."""

    positions: Array  # (ADDED,)
    slots: Array  # (ADDED,), among those replaced
    added: Array  # (ADDED,), false where there is nothing to add


class NewtonResult(NamedTuple):
    x: Array
    residual: Array
    code: Array  # of outcome.Code
    iterations: Array  # residual evaluations after the first
    factorisations: Array
    stage: Array
    factor: tuple = ()
    replaced: Replaced | tuple = ()


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
    replaced: Replaced
    fresh: Array  # was the factor made at x?
    usable: Array  # is there a factor?
    forced: Array  # accept the next trial, as the problem has moved to its next stage
    last_step: Array  # the residual is small enough: one more step, as what it leaves in x may be larger
    stage: Array
    iterations: Array
    factorisations: Array
    code: Array


class Known(NamedTuple):
    """A factor from elsewhere with rows replaced, which serves until its steps get bad; not `usable`: only shapes are meant."""

    factor: tuple
    replaced: Replaced
    usable: Array


def newton(problem, x, tolerance, most_iterations, known=None):
    """Solve all stages; converged means max |residual| at most `tolerance`, one more step taken, and everything finite."""
    first = jnp.asarray(0)
    problem = problem._replace(residual=jax.jit(problem.residual), factorise=jax.jit(problem.factorise))
    shapes = jax.eval_shape(problem.residual, x, first)
    residual, byproduct = jax.tree.map(_zeros, shapes)
    if known is None:
        shape = jax.eval_shape(problem.factorise, x, byproduct, first)
        known = Known(jax.tree.map(_zeros, shape), nothing_replaced(x, RANK if problem.rows else 0), jnp.asarray(False))
    point = _Point(x, residual, byproduct, jnp.asarray(jnp.inf))
    start = _State(
        now=point,
        best=point,
        uphill=jnp.asarray(0),
        strict=jnp.asarray(False),
        step=jnp.zeros_like(x),
        length=jnp.asarray(0.0),
        factor=known.factor,
        replaced=known.replaced,
        fresh=jnp.asarray(False),
        usable=known.usable,
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
    return NewtonResult(
        end.now.x, end.now.residual, code, end.iterations, end.factorisations, end.stage, end.factor, end.replaced
    )


def _zeros(like):
    return jnp.zeros(like.shape, like.dtype)


def _advance(problem, tolerance, s):
    trial = _evaluate(problem, s.now.x + s.length * s.step, s.stage)
    finite = jnp.isfinite(trial.merit)
    downhill = trial.merit <= (1 - 2 * ARMIJO * s.length) * s.now.merit
    tolerable = ~s.strict & (trial.merit <= ALLOWANCE * s.best.merit)
    accepted = finite & (s.forced | downhill | tolerable)
    slow = trial.merit > (KEEP_REPLACED_BELOW if problem.rows else KEEP_FACTOR_BELOW) ** 2 * s.now.merit
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
    chosen = _worst_rows(problem, s.replaced, now)
    bad = stale | lost | ~s.usable | (slow & ~s.forced & ~chosen.added.any())
    renew = (wanted & ~last_step & bad) | (last_step & (~s.usable | problem.final_factor & slow))
    factor = lax.cond(renew, lambda: problem.factorise(now.x, now.byproduct, s.stage), lambda: s.factor)
    chosen = _choose(renew, _nothing_chosen(), chosen)
    kept = _choose(renew, nothing_replaced(now.x, len(s.replaced.positions)), s.replaced)
    step, replaced = lax.cond(
        wanted, lambda: _step(problem, factor, kept, chosen, now, s.stage), lambda: (s.step, kept)
    )
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
        replaced=replaced,
        fresh=renew | (s.fresh & ~accepted),
        usable=s.usable & ~(solved & ~ending) | renew,
        forced=solved & ~ending,
        last_step=last_step,
        stage=jnp.where(solved & ~ending, s.stage + 1, s.stage),
        iterations=s.iterations + 1,
        factorisations=s.factorisations + renew,
        code=jnp.select([ended for ended, _ in endings], [int(code) for _, code in endings], int(Code.RUNNING)),
    )


def nothing_replaced(x, rank=RANK):
    """No rows, with room for `rank` of them, for unknowns like `x`."""
    return Replaced(jnp.full(rank, FREE), jnp.zeros((rank, *x.shape), x.dtype))


def _nothing_chosen():
    return Chosen(jnp.zeros(ADDED, int), jnp.zeros(ADDED, int), jnp.zeros(ADDED, bool))


def _worst_rows(problem, replaced, now):
    """The candidates with the largest residuals that are not replaced yet, as long as there is room and they are large."""
    if problem.rows is None:
        return _nothing_chosen()
    candidates, size = problem.rows.candidates, jnp.abs(now.residual).ravel()
    left = jnp.where((candidates[:, None] == replaced.positions).any(1), 0.0, size[candidates])
    worst, sizes = [], []
    for _ in range(ADDED):
        worst.append(left.argmax())
        sizes.append(left[worst[-1]])
        left = left.at[worst[-1]].set(0.0)
    slots = (replaced.positions != FREE).sum() + jnp.arange(ADDED)
    added = (jnp.stack(sizes) > LARGE * size.max()) & (slots < RANK)
    return Chosen(candidates[jnp.stack(worst)], slots, added)


def _step(problem, factor, replaced, chosen, now, stage):
    """Newton step with some rows of the factor's Jacobian replaced by the true ones, and those rows.

    With J0 the factor's Jacobian, W its inverse on the unit vectors of the rows S and N the true rows, the step is
    `d = d0 + W c` with `J0 d0 = -r` and c such that `N d = -r_S` (Woodbury, 1950).
    """
    plain = problem.solve(factor, now.residual)
    if problem.rows is None:
        return plain, replaced
    positions, columns = replaced = _with_rows(problem, factor, replaced, chosen)
    there = positions != FREE
    N = problem.rows.times(
        now.x, now.byproduct, stage, jnp.where(there, positions, 0), jnp.concatenate([columns, plain[None]])
    )
    matrix = jnp.where(there[:, None], N[:, :-1], jnp.eye(RANK))
    wanted = jnp.where(there, -now.residual.ravel()[positions] - N[:, -1], 0.0)
    step = plain + jnp.tensordot(jnp.linalg.solve(matrix, wanted), columns, 1)
    return jnp.where(jnp.isfinite(step).all(), step, plain), replaced


def _with_rows(problem, factor, replaced, chosen):
    slots = jnp.where(chosen.added, chosen.slots, RANK)  # beyond the last: dropped

    def unit(position):
        return jnp.zeros(replaced.columns[0].size).at[position].set(-1.0).reshape(replaced.columns[0].shape)

    def solve():
        found = jax.vmap(lambda position: problem.solve(factor, unit(position)))(chosen.positions)
        return replaced.columns.at[slots].set(found, mode="drop")

    columns = lax.cond(chosen.added.any(), solve, lambda: replaced.columns)
    return Replaced(replaced.positions.at[slots].set(chosen.positions, mode="drop"), columns)


def _evaluate(problem, x, stage):
    residual, byproduct = problem.residual(x, stage)
    return _Point(x, residual, byproduct, (residual**2).sum())


def _choose(condition, new, old):
    return jax.tree.map(lambda a, b: jnp.where(condition, a, b), new, old)
