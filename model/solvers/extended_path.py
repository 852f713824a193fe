"""A path on which people are surprised again and again: with every piece of news they solve for the future they then expect.

Until the next news the path they expect comes true, and the next one starts from it (Fair and Taylor, 1983, the extended
path). All of it is one compiled loop, in which a path starts from the one expected before.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, Int

from model.compute.programs import program
from model.core.types import Real, Scalar
from model.solvers.outcome import Code
from model.solvers.path import PathProblem, newton_problem
from model.solvers.protocol import Economy
from model.solvers.search.newton import Whole, newton


class News(NamedTuple):
    """What is learned: leading axis the pieces of news in order of their quarters, of which the first `meant` count."""

    quarter: Int[Real, "news"]
    instruments: Float[Real, "news quarters+2 instruments"]  # expected from the quarter before the news on
    meant: Int[Real, ""]


class Experience(NamedTuple):
    """`path` is what came true and what is expected now; `expected` and the rest have one entry a piece of news."""

    path: Float[Array, "quarters unknowns"]
    expected: Float[Array, "news quarters unknowns"]  # each from its own quarter on
    largest: Float[Array, "news"]  # max |residual|
    position: Int[Array, "news"]  # of it, in the flattened (T, n)
    iterations: Int[Array, "news"]
    done: Int[Array, ""]  # news that were solved; the next one failed if fewer than `meant`


@program
def extended_path_solver(
    economy: Economy,
) -> Callable[[PathProblem, News, Float[Array, "quarters unknowns"], Scalar, Whole], Experience]:
    """Compiled `solve(problem, news, path, tolerance, most_iterations) -> Experience`.

    `problem` starts in quarter 0, `path` `(T, n)` is what is expected there.
    """

    def solve(problem, news, path, tolerance, most_iterations):
        rows = jnp.arange(len(path))

        def advance(state):
            s, _ = state
            quarter = news.quarter[s.done]
            guess = s.path[jnp.minimum(rows + quarter, len(path) - 1)]
            before = s.path[quarter - 1][economy.carried]
            here = problem._replace(
                start=jnp.where(quarter == 0, problem.start, before), exogenous=news.instruments[s.done]
            )
            result = newton(newton_problem(economy, here), guess, tolerance, most_iterations)
            size = jnp.abs(result.residual).ravel()
            good = result.code == Code.CONVERGED
            known = jnp.where(good & (rows >= quarter)[:, None], result.x[rows - quarter], s.path)
            after = Experience(
                known,
                s.expected.at[s.done].set(result.x),
                s.largest.at[s.done].set(size.max()),
                s.position.at[s.done].set(size.argmax()),
                s.iterations.at[s.done].set(result.iterations),
                s.done + good,
            )
            return after, good

        def going(state):
            s, good = state
            return good & (s.done < news.meant)

        zeros = jnp.zeros(len(news.quarter), int)
        nothing = jnp.zeros((len(zeros), *path.shape))
        start = Experience(path, nothing, jnp.zeros(len(zeros)), zeros, zeros, jnp.asarray(0, int))
        return lax.while_loop(going, advance, (start, jnp.asarray(True)))[0]

    return solve
