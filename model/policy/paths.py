"""Best policy in any economy of the solvers: instruments of one path, judged by a function of problem and path."""

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.core.types import Real
from model.policy.task import Trial
from model.solvers.outcome import Code
from model.solvers.path import PathProblem, no_factor, path_solver
from model.solvers.protocol import Economy
from model.transition.derivatives.path_gradient import path_gradient

MOST_ITERATIONS = 100


class PathTask:
    """`task.Task` on one path: each control adds a multiple of its direction `(T + 2, instruments)` to the instruments.

    Row t + 1 of a direction is quarter t; the first row is the quarter before, the last the long run. `judged(problem, path)` gives
    the loss and the limits `(1 + limits,)` from the unknowns as they are solved, logarithms where the economy has them; it is traced
    once, define it outside of loops.
    The long run stays that of the `problem`.
    """

    def __init__(
        self,
        economy: Economy,
        problem: PathProblem,
        guess: Float[Real, "quarters unknowns"],
        directions: Float[Real, "controls periods instruments"],
        judged: Callable[[PathProblem, Any], Any],
        low: float | Float[Real, "controls"] = -np.inf,
        high: float | Float[Real, "controls"] = np.inf,
        scale: float | Float[Real, "controls"] = 1.0,
        tolerance: float = 1e-12,
    ):
        self.low, self.high, self.scale = (
            np.broadcast_to(a, len(directions)).astype(float) for a in (low, high, scale)
        )
        self._economy, self._problem, self._guess = economy, problem, jnp.asarray(guess)
        self._directions, self._judged, self._tolerance = np.asarray(directions), judged, tolerance

    def trials(self, points: Sequence[Real] | Float[np.ndarray, "points controls"]) -> list[Trial]:
        """As `task.Task.trials`."""
        return [self._trial(np.asarray(point, float)) for point in points]

    def slopes(self, trial: Trial) -> Float[np.ndarray, "criteria controls"]:
        """As `task.Task.slopes`."""
        problem, path = trial.held
        by_instrument = path_gradient(self._economy, problem, path, self._judged).by.exogenous
        return np.tensordot(np.asarray(by_instrument), self._directions, ((1, 2), (1, 2)))

    def _trial(self, point):
        added = np.tensordot(point, self._directions, 1)
        problem = self._problem._replace(exogenous=jnp.asarray(self._problem.exogenous) + added)
        known = no_factor(self._economy, len(self._guess))
        solved = path_solver(self._economy)(problem, self._guess, known, self._tolerance, MOST_ITERATIONS)
        criteria = np.atleast_1d(self._judged(problem, solved.x))
        if int(solved.code) != Code.CONVERGED:
            return Trial(point, np.full(criteria.shape, np.nan))
        return Trial(point, criteria, (problem, solved.x))
