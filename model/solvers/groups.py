"""Groups of paths: one, the anchor, is solved with a factor of its own, the others try that factor from its path."""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax

from model.compute.programs import program
from model.solvers.lanes import across_lanes
from model.solvers.newton import newton
from model.solvers.outcome import Code
from model.solvers.path import PathProblem, newton_problem
from model.solvers.shared_factor import Lanes, solve_with_factor, unanswered


class Group(NamedTuple):
    """`companions` have a leading axis, of which the first `count` are meant."""

    anchor: PathProblem
    guess: Array  # (T, n), for the anchor
    companions: PathProblem
    offsets: Array  # (companions, T, n), of their first guesses from their share
    shares: Array  # (companions,), of the anchor's path in those guesses
    count: Array


class Answers(NamedTuple):
    anchor: Lanes  # without the leading axis
    companions: Lanes


class Limits(NamedTuple):
    tolerance: Array
    iterations: Array


@program
def group_solver(economy, devices, width=None):
    """Compiled `solve(limits, groups) -> Answers`, leading axis the groups; see `lanes.across_lanes`."""

    def evaluate(problem, path):
        residual, byproduct = newton_problem(economy, problem).residual(path, problem.smoothing.shape[0] - 1)
        return residual, byproduct.slopes

    def solve(limits, group):
        problem = newton_problem(economy, group.anchor)._replace(final_factor=group.count > 0)
        result = newton(problem, group.guess, limits.tolerance, limits.iterations)
        size = jnp.abs(result.residual).ravel()
        anchor = Lanes(result.x, result.code, size.max(), size.argmax(), result.iterations, result.factorisations)

        def companions():
            return solve_with_factor(
                evaluate,
                problem.kinks.borrowed(result.factor),
                problem.longest,
                group.companions,
                group.count,
                guesses,
                limits.tolerance,
            )

        wanted = (result.code == Code.CONVERGED) & (group.count > 0)
        guesses = group.offsets + group.shares[:, None, None] * result.x
        return Answers(anchor, lax.cond(wanted, companions, lambda: unanswered(guesses)))

    return across_lanes(solve, devices, width)
