"""How a path through news answers small changes of its instruments: forward for a few changes, in reverse for a few numbers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.compute.programs import program
from model.core.types import Real
from model.solvers import protocol
from model.solvers.implicit import implicit_path
from model.solvers.path import PathProblem
from model.solvers.responses import path_factoriser, responses_solver
from model.transition.calendar import instruments_from
from model.transition.solutions import Solution

TOGETHER = 16  # responses of one program
NUMBERS = 2  # of one program in reverse


class PathWeights(NamedTuple):
    """Derivatives of numbers (leading axis) by the instruments of a path and by what is carried into it."""

    by_exogenous: Float[Real, "numbers periods instruments"]
    by_start: Float[Real, "numbers carried"]


@program
def path_pullback(economy: protocol.Economy) -> Callable[[PathProblem, Real, Real], PathWeights]:
    """Compiled `pull(problem, path, weights) -> PathWeights` of the numbers `(weights * path).sum((1, 2))`, all from one factor."""

    def pull(problem, path, weights):
        def moved(exogenous, start):
            return implicit_path(economy)(problem._replace(exogenous=exogenous, start=start), path)

        back = jax.vjp(moved, problem.exogenous, problem.start)[1]
        return PathWeights(*jax.vmap(back)(weights))

    return pull


def responses(
    solution: Solution, directions: Float[np.ndarray, "many periods instruments"]
) -> Float[np.ndarray, "many quarters unknowns"]:
    """Changes of what came true along `directions` of the instruments in quarters -1 to T of the economy's calendar.

    What one view of the future ends with is where the next begins; long runs and natural rates stay.
    """
    return came_true(solution, expected_responses(solution, directions))


def expected_responses(
    solution: Solution, directions: Float[np.ndarray, "many periods instruments"]
) -> tuple[Float[np.ndarray, "many quarters unknowns"], ...]:
    """`responses` of what people expect under each view of the future, from its first quarter on."""
    economy, horizon = solution.economy, directions.shape[1] - 2
    start, found = np.zeros((len(directions), len(economy.carried))), []
    for quarter, held, end in _stretches(solution, horizon):
        ahead = np.array([instruments_from(d, quarter)[: horizon + 2] for d in directions])
        found.append(_respond(held, ahead, start))
        start = found[-1][:, end - quarter - 1][:, economy.carried]
    return tuple(found)


def came_true(
    solution: Solution, expected: Sequence[Float[np.ndarray, "many quarters unknowns"]]
) -> Float[np.ndarray, "many quarters unknowns"]:
    """What comes true of `expected_responses`."""
    moved = np.zeros_like(expected[0])
    for (quarter, _, end), response in zip(_stretches(solution, moved.shape[1]), expected, strict=True):
        moved[:, quarter:end] = response[:, : end - quarter]
    return moved


def moved_along(solution: Solution, changes: Sequence[Float[np.ndarray, "quarters unknowns"]]) -> Solution:
    """The solution with the paths of all its views changed, for a guess; what came true is left as it was."""
    if not solution.segments:
        return replace(solution, path=solution.path + changes[0])
    segments = tuple(
        replace(s, solution=replace(s.solution, path=s.solution.path + change))
        for s, change in zip(solution.segments, changes, strict=True)
    )
    return replace(solution, segments=segments)


def pulled(
    solution: Solution, weights: Float[np.ndarray, "numbers quarters unknowns"]
) -> Float[np.ndarray, "numbers periods instruments"]:
    """Derivatives of `(weights * path).sum((1, 2))` by the instruments, of what came true; else as `responses`."""
    economy, quarters = solution.economy, weights.shape[1]
    found = np.zeros((len(weights), quarters + 2, len(economy.instruments)))
    reached = np.zeros((len(weights), len(economy.carried)))
    for quarter, held, end in reversed(_stretches(solution, quarters)):
        own = np.zeros((len(weights), *held.path.shape))
        own[:, : end - quarter] = weights[:, quarter:end]
        own[:, end - quarter - 1, economy.carried] += reached
        back = _pull(held, own)
        found[:, quarter:] += back.by_exogenous[:, : quarters + 2 - quarter]
        found[:, -1] += back.by_exogenous[:, quarters + 2 - quarter :].sum(1)
        reached = back.by_start
    return found


def _stretches(solution, horizon) -> Sequence[tuple[int, Solution, int]]:
    """First quarter, solution and end of each view that people hold."""
    held = [(s.quarter, s.solution) for s in solution.segments] or [(solution.first_quarter, solution)]
    ends = [*(quarter for quarter, _ in held[1:]), horizon]
    return [(*view, end) for view, end in zip(held, ends, strict=True)]


def _respond(held, directions, starts):
    """`responses_solver` in programs of `TOGETHER` directions."""
    given = held.problem, jnp.asarray(held.path)
    factor, respond = path_factoriser(held.economy)(*given), responses_solver(held.economy)
    found = [respond(*given, factor, pushed, start) for pushed, start in _in_parts(TOGETHER, directions, starts)]
    return np.concatenate(found)[: len(directions)]


def _pull(held, weights):
    """`path_pullback` in programs of `NUMBERS` numbers."""
    pull = path_pullback(held.economy)
    found = [pull(held.problem, jnp.asarray(held.path), own) for (own,) in _in_parts(NUMBERS, weights)]
    return PathWeights(*(np.concatenate([np.asarray(f[i]) for f in found])[: len(weights)] for i in range(2)))


def _in_parts(width, *arrays):
    """Slices of `width` along the leading axes, the last one filled up with zeros."""
    for k in range(0, len(arrays[0]), width):
        some = [a[k : k + width] for a in arrays]
        spare = width - len(some[0])
        yield [jnp.asarray(np.concatenate([a, np.zeros((spare, *a.shape[1:]))])) for a in some]
