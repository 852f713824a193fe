"""What a solved path does, to first order, when its instruments or what is carried into it change."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Bool, Float

from model.compute.programs import program
from model.core.types import Real, Scalar
from model.solvers.path import Factor, PathProblem, newton_problem
from model.solvers.protocol import Economy

REFINEMENTS = 6  # each worth three digits
MOST_REFINEMENTS = 30
PRECISE = 1e-7  # size of the last correction over the answer, which is closer


@program
def linear_response_solver(
    economy: Economy,
) -> Callable[
    [PathProblem, Float[Array, "quarters unknowns"], Float[Array, "quarters+2 instruments"]],
    Float[Array, "quarters unknowns"],
]:
    """Compiled `respond(problem, path, direction) -> (T, n)`: change of a solved path along a change of the instruments.

    `direction` is `(T + 2, instruments)`; the answer is exact to first order, from the same Jacobian as the path itself.
    """

    def respond(problem, path, direction):
        last = problem.smoothing.shape[0] - 1
        linear = newton_problem(economy, problem)

        def residual(exogenous):
            return newton_problem(economy, problem._replace(exogenous=exogenous)).residual(path, last)

        (_, byproduct), (forcing, _) = jax.jvp(residual, (problem.exogenous,), (direction,))
        factor = linear.factorise(path, byproduct, last)
        _, along = jax.linearize(lambda x: linear.residual(x, last)[0], path)

        def refine(_, response):
            return response + linear.solve(factor, forcing + along(response))

        return lax.fori_loop(0, REFINEMENTS, refine, jnp.zeros_like(path))

    return respond


@program
def path_factoriser(economy: Economy) -> Callable[[PathProblem, Float[Array, "quarters unknowns"]], Factor]:
    """Compiled `factorise(problem, path) -> Factor` of the path's Jacobian."""

    def factorise(problem, path):
        last = problem.smoothing.shape[0] - 1
        linear = newton_problem(economy, problem)
        return linear.factorise(path, linear.residual(path, last)[1], last)

    return factorise


class Pulled(NamedTuple):
    """Derivatives of numbers (leading axis) by the instruments of a path and by what is carried into it."""

    by_exogenous: Float[Real, "many quarters+2 instruments"]
    by_start: Float[Real, "many carried"]


@program
def responses_solver(
    economy: Economy,
) -> Callable[
    [PathProblem, Float[Array, "quarters unknowns"], Factor, Float[Array, "many quarters+2 instruments"], Real, Scalar],
    tuple[Float[Array, "many quarters unknowns"], Bool[Array, ""]],
]:
    """Compiled `respond(problem, path, factor, directions, starts, gain)`: `linear_response_solver` for many directions, `(many, T, n)`.

    What is carried into the first quarter moves with them, by `starts` `(many, carried)`. The factor is that of
    `path_factoriser`, of this path or of one nearby, for as long as a refinement leaves at most the share `gain` of the last
    one; also given is whether that led to an answer.
    """

    def respond(problem, path, factor, directions, starts, gain):
        solve, by_path, by_problem = _linear(economy, problem, path, factor)
        _, pushed = jax.linearize(by_problem, problem.exogenous, problem.start)
        _, along = jax.linearize(by_path, path)
        # a Newton step is minus what the factor gives
        return _refined(jax.vmap(along), jax.vmap(solve), -jax.vmap(pushed)(directions, starts), gain)

    return respond


@program
def pulls_solver(
    economy: Economy,
) -> Callable[
    [PathProblem, Float[Array, "quarters unknowns"], Factor, Float[Array, "many quarters unknowns"], Scalar],
    tuple[Pulled, Bool[Array, ""]],
]:
    """Compiled `pull(problem, path, factor, weights, gain)`: `Pulled` of the numbers `(weights * path).sum((1, 2))`, else as `responses_solver`."""

    def pull(problem, path, factor, weights, gain):
        solve, by_path, by_problem = _linear(economy, problem, path, factor)
        _, back = jax.vjp(by_path, path)
        _, to_problem = jax.vjp(by_problem, problem.exogenous, problem.start)

        def transposed(right):
            return jax.linear_transpose(solve, right)(right)[0]

        found, precise = _refined(lambda x: jax.vmap(back)(x)[0], jax.vmap(transposed), weights, gain)
        return Pulled(*jax.vmap(to_problem)(-found)), precise

    return pull


def _linear(economy, problem, path, factor):
    """Solution with the factor, and residuals as functions of the path and of instruments and start."""
    last, linear = problem.smoothing.shape[0] - 1, newton_problem(economy, problem)

    def by_problem(exogenous, start):
        return newton_problem(economy, problem._replace(exogenous=exogenous, start=start)).residual(path, last)[0]

    return (lambda right: -linear.solve(factor, right)), (lambda x: linear.residual(x, last)[0]), by_problem


def _refined(apply, approximate, rights, gain):
    """Solutions of `apply(x) = rights`, many (leading axis), and whether all corrections fell until they were small enough."""

    def sizes(change):
        return jnp.abs(change).reshape(len(change), -1).max(1)

    def unfinished(x, last):
        return last > PRECISE * sizes(x)

    def going_on(state):
        x, last, before, count = state
        more = unfinished(x, last)
        return more.any() & ((last <= gain * before) | ~more).all() & (count < MOST_REFINEMENTS)

    def refine(state):
        x, before, _, count = state
        correction = approximate(rights - apply(x))
        return x + correction, sizes(correction), before, count + 1

    first = approximate(rights)
    start = first, sizes(first), jnp.full(len(first), jnp.inf), jnp.asarray(0, int)
    x, last, _, _ = lax.while_loop(going_on, refine, start)
    return x, ~unfinished(x, last).any()
