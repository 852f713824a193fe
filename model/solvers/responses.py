"""What a solved path does, to first order, when its instruments or what is carried into it change."""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float

from model.compute.programs import program
from model.core.types import Real
from model.solvers.path import Factor, PathProblem, newton_problem
from model.solvers.protocol import Economy

REFINEMENTS = 6  # each worth three digits


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


@program
def responses_solver(
    economy: Economy,
) -> Callable[
    [PathProblem, Float[Array, "quarters unknowns"], Factor, Float[Array, "many quarters+2 instruments"], Real],
    Float[Array, "many quarters unknowns"],
]:
    """Compiled `respond(problem, path, factor, directions, starts) -> (many, T, n)`: `linear_response_solver` for many directions.

    What is carried into the first quarter moves with them, by `starts` `(many, carried)`. The factor is that of
    `path_factoriser`; nine digits.
    """

    def respond(problem, path, factor, directions, starts):
        last = problem.smoothing.shape[0] - 1
        linear = newton_problem(economy, problem)

        def residual(exogenous, start):
            return newton_problem(economy, problem._replace(exogenous=exogenous, start=start)).residual(path, last)[0]

        _, pushed = jax.linearize(residual, problem.exogenous, problem.start)
        _, along = jax.linearize(lambda x: linear.residual(x, last)[0], path)
        forcing = jax.vmap(pushed)(directions, starts)

        def refine(_, response):
            return response + jax.vmap(partial(linear.solve, factor))(forcing + jax.vmap(along)(response))

        return lax.fori_loop(0, REFINEMENTS // 2, refine, jnp.zeros_like(forcing))

    return respond
