"""How a path through news answers small changes of its instruments: forward for a few changes, in reverse for a few numbers."""

from collections.abc import Callable, Sequence
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
    economy, horizon = solution.economy, directions.shape[1] - 2
    moved = np.zeros((len(directions), horizon, len(economy.variables)))
    start = np.zeros((len(directions), len(economy.carried)))
    stretches = _stretches(solution)
    ends = [*(quarter for quarter, _ in stretches[1:]), horizon]
    for (quarter, held), end in zip(stretches, ends, strict=True):
        ahead = np.array([instruments_from(d, quarter)[: horizon + 2] for d in directions])
        response = _respond(held, ahead, start)
        moved[:, quarter:end] = response[:, : end - quarter]
        start = moved[:, end - 1][:, economy.carried]
    return moved


def pulled(
    solution: Solution, weights: Float[np.ndarray, "numbers quarters unknowns"]
) -> Float[np.ndarray, "numbers periods instruments"]:
    """Derivatives of `(weights * path).sum((1, 2))` by the instruments, of what came true; else as `responses`."""
    economy, quarters = solution.economy, weights.shape[1]
    found = np.zeros((len(weights), quarters + 2, len(economy.instruments)))
    reached, end = np.zeros((len(weights), len(economy.carried))), quarters
    for quarter, held in reversed(_stretches(solution)):
        own = np.zeros((len(weights), *held.path.shape))
        own[:, : end - quarter] = weights[:, quarter:end]
        own[:, end - quarter - 1, economy.carried] += reached
        back = _pull(held, own)
        found[:, quarter:] += back.by_exogenous[:, : quarters + 2 - quarter]
        reached, end = back.by_start, quarter
    return found


def _stretches(solution) -> Sequence[tuple[int, Solution]]:
    return [(s.quarter, s.solution) for s in solution.segments] or [(solution.first_quarter, solution)]


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
