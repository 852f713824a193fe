"""Paths that differ little from a solved one: its factor serves them all.

The lanes share the products with one factor, so that their linear algebra is matrix times matrix. A few slots iterate
together; a lane that ends, well or badly, gives its slot to the next one that waits. What bounds that begin or cease to bind
do to a lane's Jacobian is put right exactly (`kinks`), the rest by Broyden's method.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, Int

from model.core.types import Scalar
from model.solvers.outcome import Code
from model.solvers.search.broyden import PRECISION, Steps, broyden_step, no_steps, with_step
from model.solvers.search.kinks import Borrowed, Replaced, corrected, nothing_replaced

SLOTS = 8
MOST_EVALUATIONS = 30
PATIENCE = 6  # steps before an attempt is judged
NEEDED_PACE = 0.7  # of the digits that an even pace to the last evaluation would have gained by then


class Lanes(NamedTuple):
    """Answers with a leading axis; `position` is that of the largest residual in the flattened `(T, n)`."""

    path: Float[Array, "*lanes quarters unknowns"]
    code: Int[Array, "*lanes"]  # of outcome.Code; RUNNING where nobody tried
    first: Float[Array, "*lanes"]  # max |residual| at the guess
    largest: Float[Array, "*lanes"]  # max |residual|
    position: Int[Array, "*lanes"]
    iterations: Int[Array, "*lanes"]  # residual evaluations after the first
    factorisations: Int[Array, "*lanes"]


class _Slots(NamedTuple):
    """What changes hands as lanes end."""

    lane: Array  # (slots,), its lane; the number of lanes where none is left
    waiting: Array  # the first lane that has no slot yet
    problem: Any  # leaves (..., slots)
    x: Array  # (T, n, slots)
    taken: Array  # (slots,), steps of the slot's lane
    known: Array  # (slots,), those since the last that was not whole
    answers: Lanes


class _State(NamedTuple):
    slots: _Slots
    first: Array  # (slots,), the first residual of its lane
    steps: Steps
    replaced: Replaced  # in the factor, for all lanes


def unanswered(paths: Float[Array, "lanes quarters unknowns"]) -> Lanes:
    """Answers before anything is tried, at the guesses."""
    zeros, unknown = jnp.zeros(len(paths), int), jnp.full(len(paths), jnp.inf, float)
    return Lanes(paths, zeros, unknown, unknown, zeros, zeros, zeros)


def solve_with_factor(
    evaluate: Callable[[Any, Array], tuple[Array, Array]],
    borrowed: Borrowed,
    longest: Callable[[Array], Array],
    problems: Any,
    count: Int[Array, ""] | int,
    paths: Float[Array, "lanes quarters unknowns"],
    tolerance: Scalar,
) -> Lanes:
    """Answers of the first `count` of `problems` (leading axis), each from its guess in `paths`.

    `evaluate(problem, path)`, residuals and slopes, is for one lane; `borrowed` is the factor, `kinks.Borrowed`;
    `longest(step)` is the largest multiple of a step that may be taken. Converged: largest residual and largest step at
    most `tolerance`.
    """
    lanes, *shape = paths.shape
    slots = min(SLOTS, lanes)
    evaluate, solves = jax.vmap(evaluate, -1, -1), jax.vmap(borrowed.solve, -1, -1)

    def place(s, free):
        return _with_waiting(s, free, problems, paths, count)

    def advance(state):
        s = state.slots
        r, slopes = evaluate(s.problem, s.x)
        step, replaced = corrected(borrowed, state.replaced, r, solves(r), slopes)
        direction = broyden_step(state.steps, s.known, step.reshape(-1, slots))
        step = direction.step.reshape(step.shape)
        size = jnp.abs(r).reshape(-1, slots)
        largest = jnp.where(jnp.isfinite(size).all(0), size.max(0), jnp.inf)
        first = jnp.where(s.taken == 0, largest, state.first)
        code = _ending(s.taken, first, largest, jnp.abs(step).max((0, 1)).astype(PRECISION), tolerance)
        ended = code != Code.RUNNING
        length = jnp.where(ended, 0.0, jnp.minimum(1.0, jax.vmap(longest, -1)(step)))
        whole = length == 1
        steps = with_step(state.steps, s.known, direction, whole)
        s = s._replace(
            x=s.x + jnp.where(ended, 0.0, step * length), taken=s.taken + 1, known=jnp.where(whole, s.known + 1, 0)
        )
        found = code, first, largest, size.argmax(0)
        handed_on = lax.cond(ended.any(), lambda s: place(_recorded(s, ended, *found), ended), lambda s: s, s)
        return _State(handed_on, first, steps, replaced)

    unknowns, counts = shape[0] * shape[1], jnp.zeros(slots, int)
    nothing = jax.tree.map(lambda a: jnp.zeros((*a.shape[1:], slots), a.dtype), problems)
    empty = _Slots(counts, jnp.asarray(0, int), nothing, jnp.zeros((*shape, slots)), counts, counts, unanswered(paths))
    start = _State(
        slots=place(empty, jnp.ones(slots, bool)),
        first=jnp.zeros(slots),
        steps=no_steps(slots, MOST_EVALUATIONS, unknowns),
        replaced=nothing_replaced(borrowed, unknowns),
    )
    end = lax.while_loop(lambda state: (state.slots.lane < lanes).any(), advance, start)
    return end.slots.answers


def _with_waiting(s, free, problems, paths, count):
    """Slots with waiting lanes in the free ones."""
    lanes = len(paths)
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
        known=jnp.where(free, 0, s.known),
    )


def _ending(taken, first, largest, step, tolerance):
    """How each lane ends here, `Code.RUNNING` where it goes on."""
    broken = ~jnp.isfinite(largest) | ~jnp.isfinite(step)
    solved = (largest <= tolerance) & (step <= tolerance)
    even_pace = taken / (MOST_EVALUATIONS - 1)
    needed = first * (tolerance / first) ** (NEEDED_PACE * even_pace)
    slow = (taken >= PATIENCE) & (largest > jnp.maximum(needed, tolerance))
    spent = taken == MOST_EVALUATIONS - 1
    codes = [int(Code.NOT_FINITE), int(Code.CONVERGED), int(Code.OUT_OF_STEPS)]
    return jnp.select([broken, solved, slow | spent], codes, int(Code.RUNNING))


def _recorded(s, ended, code, first, largest, position):
    """Slots with the answers of the lanes that ended."""
    target, a = jnp.where(ended, s.lane, len(s.answers.code)), s.answers
    return s._replace(
        answers=a._replace(
            path=a.path.at[target].set(jnp.moveaxis(s.x, -1, 0), mode="drop"),
            code=a.code.at[target].set(code, mode="drop"),
            first=a.first.at[target].set(first, mode="drop"),
            largest=a.largest.at[target].set(largest, mode="drop"),
            position=a.position.at[target].set(position, mode="drop"),
            iterations=a.iterations.at[target].set(s.taken - 1, mode="drop"),
        )
    )
