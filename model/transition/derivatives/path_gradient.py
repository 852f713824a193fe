"""The gradient of moments of one solved path, by all that its problem is made of."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.compute.compile import compiled
from model.core.types import Real
from model.solvers.jacobian.implicit import compiled_reverse, implicit_path
from model.solvers.path import PathProblem
from model.solvers.protocol import Economy


class Gradient(NamedTuple):
    """Moments and their derivatives; every leaf of `by` has the moments as its leading axis."""

    values: Float[Real, "moments"]
    by: Any


def path_gradient(
    economy: Economy, problem: PathProblem, path: Float[Real, "quarters unknowns"], moment: Callable[..., Any]
) -> Gradient:
    """`Gradient` of `moment(problem, path)`, a number or a vector, by every leaf of the `PathProblem` of a solved path.

    Each leaf moves alone: by `exogenous` is the effect of an instrument in a quarter, announced in the first one, with the
    terminal condition held; `solve.solve_scenario` answers so to temporary changes. Moments and derivatives are in the
    units of the leaves; path and start are in solver coordinates (logs where declared).
    """
    values, (by_problem, by_path) = moment_derivatives(moment)(problem, path)
    _, back = jax.vjp(lambda problem: solved_path(economy)(problem, path), problem)
    return Gradient(values, jax.tree.map(jnp.add, by_problem, by_moment(back, by_path)[0]))


def by_moment(back: Callable[[Any], Any], weights: Any) -> Any:
    """Reverse derivatives for each entry of the leading axis of `weights`, the same programs for any number of moments."""
    moments = len(jax.tree.leaves(weights)[0])
    found = [back(jax.tree.map(lambda w, i=i: w[i], weights)) for i in range(moments)]
    return jax.tree.map(lambda *leaves: np.stack(leaves), *found)


@cache
def solved_path(economy: Economy) -> Callable[..., Any]:
    """`implicit_path` with its reverse derivative compiled, for all paths of a chain."""
    return compiled_reverse(implicit_path(economy))


@cache
def moment_derivatives(moment: Callable[..., Any]) -> Callable[..., tuple[Any, tuple[Any, Any]]]:
    """Compiled `(problem, path) -> values (moments,), (by problem, by path)`, the direct derivatives of a moment."""

    @compiled
    def derivatives(problem, path):
        values, back = jax.vjp(lambda *at: jnp.atleast_1d(moment(*at)), problem, path)
        return values, jax.vmap(back)(jnp.eye(len(values)))

    return derivatives
