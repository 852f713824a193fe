"""Groups of paths: one, the anchor, is solved with a factor of its own, the others try that factor from its path."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.flatten_util import ravel_pytree
from jaxtyping import Float, Int, PyTree

from model.compute.programs import program
from model.core.types import Real, Scalar
from model.solvers.batch.lanes import across_lanes
from model.solvers.batch.shared_factor import Lanes, solve_with_factor, unanswered
from model.solvers.outcome import Code
from model.solvers.path import PathProblem, borrowed, newton_problem
from model.solvers.protocol import Economy
from model.solvers.search.newton import newton


class Group(NamedTuple):
    """The first `meant` of `companions` count; each is the numbers of a `PathProblem` of the anchor's shapes, see `in_rows`."""

    anchor: PathProblem
    guess: Float[Real, "quarters unknowns"]  # for the anchor
    companions: Float[Real, "companions numbers"]
    offsets: Float[Real, "companions quarters unknowns"]  # of their first guesses from their share
    shares: Float[Real, "companions"]  # of the anchor's path in those guesses
    meant: Int[Real, ""]


class Answers(NamedTuple):
    anchor: Lanes  # without the leading axis
    companions: Lanes


class Limits(NamedTuple):
    tolerance: Scalar
    iterations: Int[Real, ""] | np.int64


def in_rows(problems: PyTree) -> Float[np.ndarray, "problems numbers"]:
    """The numbers of problems, trees whose arrays lead with the axis of problems, a row each: one array is handed about sooner than hundreds."""
    leaves = jax.tree.leaves(problems)
    return np.concatenate([np.reshape(leaf, (len(leaf), -1)) for leaf in leaves], 1).astype(jnp.result_type(*leaves))


@program
def group_solver(
    economy: Economy, devices: tuple[Any, ...], width: int | None = None
) -> Callable[[Limits, Group], Answers]:
    """Compiled `solve(limits, groups) -> Answers`, leading axis the groups; see `lanes.across_lanes`."""

    def solve(limits, group):
        _, problem_of = ravel_pytree(group.anchor)

        def evaluate(numbers, path):
            own = problem_of(numbers)
            residual, byproduct = newton_problem(economy, own).residual(path, own.smoothing.shape[0] - 1)
            return residual, byproduct.slopes

        problem = newton_problem(economy, group.anchor)._replace(final_factor=group.meant > 0)
        result = newton(problem, group.guess, limits.tolerance, limits.iterations)
        size = jnp.abs(result.residual).ravel()
        largest = size.max()
        anchor = Lanes(result.x, result.code, largest, largest, size.argmax(), result.iterations, result.factorisations)

        def companions():
            return solve_with_factor(
                evaluate,
                borrowed(economy, result.factor),
                problem.longest,
                group.companions,
                group.meant,
                guesses,
                limits.tolerance,
            )

        wanted = (result.code == Code.CONVERGED) & (group.meant > 0)
        guesses = group.offsets + group.shares[:, None, None] * result.x
        return Answers(anchor, lax.cond(wanted, companions, lambda: unanswered(guesses)))

    return across_lanes(solve, devices, width)
