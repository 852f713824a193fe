"""Paths that differ little from a solved one: its factor serves them all, and Broyden's method corrects for the rest.

The lanes share the products with one factor, so that their linear algebra is matrix times matrix. A few slots iterate
together; a lane that ends, well or badly, gives its slot to the next one that waits. The steps of a lane stand in for
the change of its Jacobian (Broyden, 1965; the recursion on steps is that of Kelley, 1995, section 7.3).
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

from model.solvers.outcome import Code

SLOTS = 8
MOST_EVALUATIONS = 12
PATIENCE, NEEDED_RATE = 3, 0.4  # from the third step on, a residual above 0.4^steps of the first ends the attempt


class Lanes(NamedTuple):
    """Answers with a leading axis; `position` is that of the largest residual in the flattened `(T, n)`."""

    path: Array  # (lanes, T, n)
    code: Array  # (lanes,), of outcome.Code; RUNNING where nobody tried
    largest: Array  # (lanes,), max |residual|
    position: Array  # (lanes,)
    iterations: Array  # (lanes,), residual evaluations after the first
    factorisations: Array  # (lanes,)


class _State(NamedTuple):
    lane: Array  # (slots,), its lane; the number of lanes where none is left
    waiting: Array  # the first lane that has no slot yet
    problem: tuple  # leaves (..., slots)
    x: Array  # (T, n, slots)
    steps: Array  # (MOST_EVALUATIONS, T, n, slots), a ring that all slots write at the same place
    squares: Array  # (MOST_EVALUATIONS, slots), |step|^2
    clock: Array
    taken: Array  # (slots,), steps of the slot's lane
    first: Array  # (slots,), its first residual
    answers: Lanes


def unanswered(paths):
    """Answers before anything is tried, at the guesses `(lanes, T, n)`."""
    zeros = jnp.zeros(len(paths), int)
    return Lanes(paths, zeros, jnp.full(len(paths), jnp.inf), zeros, zeros, zeros)


def solve_with_factor(residual, solve, longest, problems, count, paths, tolerance):
    """Answers of the first `count` of `problems` (leading axis), each from its guess in `paths` `(lanes, T, n)`.

    `residual(problem, path)`, and `solve(residuals)`, the Newton step of the shared factor, are for one lane;
    `longest(step)` is the largest multiple of a step that may be taken. Converged: largest residual and largest step at
    most `tolerance`.
    """
    lanes, *shape = paths.shape
    slots = min(SLOTS, lanes)
    residuals, solves = jax.vmap(residual, -1, -1), jax.vmap(solve, -1, -1)

    def place(s, free):
        """Waiting lanes into the free slots."""
        queue = s.waiting + jnp.cumsum(free) - 1
        lane = jnp.where(free, jnp.where(queue < count, queue, lanes), s.lane)
        chosen = jax.tree.map(lambda a: jnp.moveaxis(a[jnp.minimum(lane, lanes - 1)], 0, -1), (problems, paths))
        problem, x = jax.tree.map(lambda new, old: jnp.where(free, new, old), chosen, (s.problem, s.x))
        return s._replace(
            lane=lane,
            waiting=s.waiting + free.sum(),
            problem=problem,
            x=x,
            taken=jnp.where(free, 0, s.taken),
        )

    def advance(s):
        r = residuals(s.problem, s.x)
        step = _broyden_step(s, solves(r))
        size = jnp.abs(r).reshape(-1, slots)
        largest = jnp.where(jnp.isfinite(size).all(0), size.max(0), jnp.inf)
        first = jnp.where(s.taken == 0, largest, s.first)
        broken = ~jnp.isfinite(largest) | ~jnp.isfinite(step).all((0, 1))
        solved = ~broken & (largest <= tolerance) & (jnp.abs(step).max((0, 1)) <= tolerance)
        slow = (s.taken >= PATIENCE) & (largest > jnp.maximum(first * NEEDED_RATE**s.taken, tolerance))
        spent = s.taken == MOST_EVALUATIONS - 1
        code = jnp.select(
            [solved, broken, slow | spent],
            [int(Code.CONVERGED), int(Code.NOT_FINITE), int(Code.OUT_OF_STEPS)],
            int(Code.RUNNING),
        )
        ended = code != Code.RUNNING
        step = jnp.where(ended, 0.0, step * jnp.minimum(1.0, jax.vmap(longest, -1)(step)))
        here = s.clock % MOST_EVALUATIONS
        s = s._replace(
            x=s.x + step,
            steps=s.steps.at[here].set(step),
            squares=s.squares.at[here].set(jnp.where(ended, 1.0, (step**2).sum((0, 1)))),
            clock=s.clock + 1,
            taken=s.taken + 1,
            first=first,
        )
        return lax.cond(
            ended.any(), lambda s: place(record(s, ended, code, largest, size.argmax(0)), ended), lambda s: s, s
        )

    def record(s, ended, code, largest, position):
        target = jnp.where(ended, s.lane, lanes)
        a = s.answers
        return s._replace(
            answers=a._replace(
                path=a.path.at[target].set(jnp.moveaxis(s.x, -1, 0), mode="drop"),
                code=a.code.at[target].set(code, mode="drop"),
                largest=a.largest.at[target].set(largest, mode="drop"),
                position=a.position.at[target].set(position, mode="drop"),
                iterations=a.iterations.at[target].set(s.taken - 1, mode="drop"),
            )
        )

    nothing = jax.tree.map(lambda a: jnp.zeros((*a.shape[1:], slots), a.dtype), problems)
    zeros, counts = jnp.zeros((*shape, slots)), jnp.zeros(slots, int)
    start = _State(
        lane=counts,
        waiting=jnp.asarray(0),
        problem=nothing,
        x=zeros,
        steps=jnp.zeros((MOST_EVALUATIONS, *zeros.shape)),
        squares=jnp.ones((MOST_EVALUATIONS, slots)),
        clock=jnp.asarray(0),
        taken=counts,
        first=jnp.zeros(slots),
        answers=unanswered(paths),
    )
    end = lax.while_loop(lambda s: (s.lane < lanes).any(), advance, place(start, jnp.ones(slots, bool)))
    return end.answers


def _broyden_step(s, step):
    """The step of the shared factor, corrected by the steps that each slot has taken so far."""
    depth = s.taken.max()

    def correct(i, z):
        age = depth - i  # of the earlier step of a pair, 1 for the last one taken
        earlier, later = (s.clock - age) % MOST_EVALUATIONS, (s.clock - age + 1) % MOST_EVALUATIONS
        share = jnp.where(age <= s.taken, (s.steps[earlier] * z).sum((0, 1)) / s.squares[earlier], 0.0)
        return z + s.steps[later] * share

    step = lax.fori_loop(0, depth - 1, correct, step)
    last = (s.clock - 1) % MOST_EVALUATIONS
    share = jnp.where(s.taken > 0, (s.steps[last] * step).sum((0, 1)) / s.squares[last], 0.0)
    return step / (1 - share)
