"""How a path through news answers small changes of its instruments: forward for a few changes, in reverse for a few numbers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.solvers.first_order.responses import Pulled, path_factoriser, pulls_solver, responses_solver
from model.solvers.path import Factor
from model.transition.calendar import instruments_from
from model.transition.solutions import Solution

TOGETHER = 8  # responses of one program
NUMBERS = 2  # of one program in reverse
# what a refinement leaves of the last one, at most: with a factor of a path nearby, with one of its own
NEAR, OWN = 0.1, 0.5


class NoDerivatives(Exception):
    """Of a path whose equations hardly determine it."""


class Factors:
    """Factors of the Jacobians of a path's views, by their first quarters; they serve paths nearby too."""

    def __init__(self) -> None:
        self._kept: dict[int, Factor] = {}

    def answer(self, held: Solution, quarter: int, solve: Callable[[Factor, float], tuple[Any, Any]]) -> Any:
        """What `solve(factor, gain)` answers with the factor of the view of a `quarter`; one of its own where that is too far away.

        Raises NoDerivatives where that is too poor.
        """
        if (kept := self._kept.get(quarter)) is not None:
            found, precise = solve(kept, NEAR)
            if precise:
                return found
        self._kept[quarter] = own = path_factoriser(held.economy)(held.problem, jnp.asarray(held.path))
        found, precise = solve(own, OWN)
        if not precise:
            raise NoDerivatives(f"{held.name}: the equations hardly determine the path, so that it has no derivatives")
        return found


def responses(
    solution: Solution, directions: Float[np.ndarray, "many periods instruments"], factors: Factors | None = None
) -> Float[np.ndarray, "many quarters unknowns"]:
    """Changes of what came true along `directions` of the instruments in quarters -1 to T of the economy's calendar.

    What one view of the future ends with is where the next begins; long runs and natural rates stay.
    """
    return came_true(solution, expected_responses(solution, directions, factors))


def expected_responses(
    solution: Solution, directions: Float[np.ndarray, "many periods instruments"], factors: Factors | None = None
) -> tuple[Float[np.ndarray, "many quarters unknowns"], ...]:
    """`responses` of what people expect under each view of the future, from its first quarter on."""
    economy, horizon, factors = solution.economy, directions.shape[1] - 2, factors or Factors()
    start, found = np.zeros((len(directions), len(economy.carried))), []
    for quarter, held, end in _stretches(solution, horizon):
        ahead = np.array([instruments_from(d, quarter)[: horizon + 2] for d in directions])
        found.append(_respond(held, quarter, factors, ahead, start))
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
    solution: Solution, weights: Float[np.ndarray, "numbers quarters unknowns"], factors: Factors | None = None
) -> Float[np.ndarray, "numbers periods instruments"]:
    """Derivatives of `(weights * path).sum((1, 2))` by the instruments, of what came true; else as `responses`."""
    economy, quarters, factors = solution.economy, weights.shape[1], factors or Factors()
    found = np.zeros((len(weights), quarters + 2, len(economy.instruments)))
    reached = np.zeros((len(weights), len(economy.carried)))
    for quarter, held, end in reversed(_stretches(solution, quarters)):
        own = np.zeros((len(weights), *held.path.shape))
        own[:, : end - quarter] = weights[:, quarter:end]
        own[:, end - quarter - 1, economy.carried] += reached
        back = _pull(held, quarter, factors, own)
        found[:, quarter:] += back.by_exogenous[:, : quarters + 2 - quarter]
        found[:, -1] += back.by_exogenous[:, quarters + 2 - quarter :].sum(1)
        reached = back.by_start
    return found


def _stretches(solution, horizon) -> Sequence[tuple[int, Solution, int]]:
    """First quarter, solution and end of each view that people hold."""
    held = [(s.quarter, s.solution) for s in solution.segments] or [(solution.first_quarter, solution)]
    ends = [*(quarter for quarter, _ in held[1:]), horizon]
    return [(*view, end) for view, end in zip(held, ends, strict=True)]


def _respond(held, quarter, factors, directions, starts):
    """`responses_solver` in programs of `TOGETHER` directions."""
    given, respond = (held.problem, jnp.asarray(held.path)), responses_solver(held.economy)
    found = [
        factors.answer(held, quarter, lambda factor, gain, d=pushed, s=start: respond(*given, factor, d, s, gain))
        for pushed, start in _in_parts(TOGETHER, directions, starts)
    ]
    return np.concatenate(found)[: len(directions)]


def _pull(held, quarter, factors, weights):
    """`pulls_solver` in programs of `NUMBERS` numbers."""
    given, pull = (held.problem, jnp.asarray(held.path)), pulls_solver(held.economy)
    found = [
        factors.answer(held, quarter, lambda factor, gain, w=own: pull(*given, factor, w, gain))
        for (own,) in _in_parts(NUMBERS, weights)
    ]
    return Pulled(*(np.concatenate([f[i] for f in found])[: len(weights)] for i in range(2)))


def _in_parts(width, *arrays):
    """Slices of `width` along the leading axes, the last one filled up with zeros."""
    for k in range(0, len(arrays[0]), width):
        some = [a[k : k + width] for a in arrays]
        spare = width - len(some[0])
        yield [jnp.asarray(np.concatenate([a, np.zeros((spare, *a.shape[1:]))])) for a in some]
