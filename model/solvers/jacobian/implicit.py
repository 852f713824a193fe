"""Solved paths and steady states as functions of what defines them, for derivatives in either direction.

At a root of `residual(problem, x)` the implicit function theorem gives `dx = -J^-1 (d residual / d problem) d problem`, so
that no iteration is ever differentiated: a derivative costs one factor of J, transposed in reverse. The factor is the
one of the solver, in low precision; refinement with the exact derivatives of the residual restores the digits
(Wilkinson, 1963).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float

from model.compute.compile import compiled
from model.core.types import Real, Scalar
from model.solvers.path import PathProblem, linearised_path, path_factor, path_product, path_step, with_ends
from model.solvers.protocol import Economy
from model.solvers.steady_state import steady_jacobian, steady_residual, with_pinned

MOST_REFINEMENTS = 30
LEAST_GAIN = 0.5  # a refinement that does not halve the correction before it has reached the rounding of the residual
ACCEPTED = 1e-9  # size of the last correction relative to the answer, above which there is no answer


@cache
def implicit_path(
    economy: Economy,
) -> Callable[[PathProblem, Float[Real, "quarters unknowns"]], Float[Array, "quarters unknowns"]]:
    """`moved(problem, path) -> path`: the solved `path` `(T, n)` with its derivatives by every leaf of its PathProblem.

    `path` is not solved again; its own derivative is zero. Derivatives are not a number where the factor of the
    Jacobian is too poor for refinement.
    """

    @jax.custom_jvp
    def moved(problem, path):
        return path

    @moved.defjvp
    def _(primals, tangents):
        problem, path = primals
        rule = problem.terminal.rule
        _, expected = _residual_of_spread(economy, problem, path)
        p = economy.with_smoothing(problem.parameters, problem.smoothing[-1])
        lin = linearised_path(economy, p, problem, path, expected, path.dtype)
        factor = path_factor(economy, lin, rule)

        def low(right):
            return -path_step(economy, factor, right)

        def low_transposed(right):
            return jax.linear_transpose(low, right)(right)[0]

        _, forcing = jax.jvp(lambda problem: _residual_of_spread(economy, problem, path)[0], primals[:1], tangents[:1])
        response = lax.custom_linear_solve(
            lambda change: path_product(economy, lin, rule, change),
            -forcing,
            lambda apply, right: _refined(apply, low, right),
            lambda apply, right: _refined(apply, low_transposed, right),
        )
        return path, response

    return moved


@cache
def implicit_steady_state(
    economy: Economy,
) -> Callable[[Any, Real, Scalar, Real, Real], tuple[Float[Array, "unknowns"], Float[Array, "instruments"]]]:
    """`moved(p, exogenous, pinned_value, x, e) -> (x, e)`: a solved steady state with its derivatives by the first three.

    `exogenous` `(instruments,)` are the instruments asked for, `e` those with the one that was found.
    """

    @jax.custom_jvp
    def moved(p, exogenous, pinned_value, x, e):
        return x, e

    @moved.defjvp
    def _(primals, tangents):
        p, _, _, x, e = primals

        def residual(p, exogenous, pinned_value):
            return steady_residual(economy, p, *with_pinned(economy, y, exogenous, pinned_value))

        def values(exogenous, pinned_value, y):
            return with_pinned(economy, y, exogenous, pinned_value)

        y = x if economy.pinned is None else x.at[economy.pinned.unknown].set(e[economy.pinned.instrument])
        given, direction = primals[:3], tangents[:3]
        (_, expected), (forcing, _) = jax.jvp(residual, given, direction)
        response = -jnp.linalg.solve(steady_jacobian(economy, p, x, e, expected), forcing)
        _, moves = jax.jvp(values, (*given[1:], y), (*direction[1:], response))
        return (x, e), moves

    return moved


def compiled_reverse(function: Callable[..., Any], forward: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """`function` (or `forward`, the same already compiled) whose reverse derivative is two programs for all its calls.

    For chains that are put together outside of any compiled program. The first program leaves what all moments share,
    factors among it; the second takes one of them back.
    """
    forward = forward or function

    @compiled
    def prepared(arguments):
        return jax.vjp(function, *arguments)[1]

    @compiled
    def pull(back, weights):
        return back(weights)

    @jax.custom_vjp
    def call(*arguments):
        return forward(*arguments)

    call.defvjp(lambda *arguments: (forward(*arguments), prepared(arguments)), pull)
    return call


def _residual_of_spread(economy, problem, path):
    """Residuals and expectations of a path, each quarter with parameters of its own.

    In reverse every quarter then has its own derivatives by the parameters, and they are added up once; added up operation
    by operation they make programs that take minutes to compile.
    """
    p = economy.with_smoothing(problem.parameters, problem.smoothing[-1])
    spread = jax.tree.map(lambda a: jnp.broadcast_to(a, (len(path) + 1, *jnp.shape(a))), p)
    lag, x = with_ends(economy, problem, path)
    now = jax.vmap(economy.quarter)(spread, problem.exogenous[:-1], problem.exogenous[1:], lag, x)
    expected = jax.vmap(economy.expectations)(spread, now)
    p, now = jax.tree.map(lambda a: a[:-1], (spread, now))
    return jax.vmap(economy.residual)(p, now, expected[1:]), expected


def _refined(apply, approximate, right):
    """Solution of `apply(x) = right` from an approximate solver, corrected until rounding ends the progress."""

    def solve(residual):
        size = jnp.abs(residual).max()
        scale = jnp.where(size > 0, size, 1.0)
        return scale * approximate(residual / scale)

    def improving(state):
        _, size, before, count = state
        return (size > 0) & (size < LEAST_GAIN * before) & (count < MOST_REFINEMENTS)

    def improve(state):
        x, before, _, count = state
        correction = solve(right - apply(x))
        return x + correction, jnp.abs(correction).max(), before, count + 1

    first = solve(right)
    size = jnp.abs(first).max()
    x, last, _, _ = lax.while_loop(
        improving, improve, (first, size, jnp.asarray(jnp.inf, size.dtype), jnp.asarray(0, int))
    )
    return jnp.where(last <= ACCEPTED * jnp.abs(x).max(), x, jnp.nan)
