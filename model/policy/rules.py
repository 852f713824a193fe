"""Best coefficients of simple rules: the least variances under shocks at a steady state (Taylor, 1979; Dynare's `osr`)."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.compute.compile import compiled
from model.core.types import Real
from model.policy.finish import NoAnswer
from model.policy.task import Trial
from model.solvers.law import Law, Shocks, steady_law
from model.solvers.protocol import Economy
from model.solvers.saddle_path import condensed_steady, counted

AT_REST = 1e-8  # what is left of the equations at a steady state


class Rest(NamedTuple):
    """A steady state that no coefficient moves."""

    exogenous: Float[Real, "instruments"]
    x: Float[Real, "unknowns"]


class Ruled(NamedTuple):
    """What coefficients lead to: criteria, their slopes by the coefficients, and the law of shocks."""

    slopes: Float[np.ndarray, "criteria coefficients"]
    law: Law


class RuleTask:
    """`task.Task` of the coefficients of a rule, under `shocks` around a steady state.

    `parameters(point)` are the economy's with these coefficients, and `judged(parameters, law)` the loss and the limits; both are
    traced. Where the saddle path is not the only stable one there is no answer.
    """

    def __init__(
        self,
        economy: Economy,
        parameters: Callable[[Any], Any],
        rest: Rest,
        shocks: Shocks,
        judged: Callable[[Any, Law], Any],
        low: float | Float[Real, "coefficients"],
        high: float | Float[Real, "coefficients"],
        scale: float | Float[Real, "coefficients"],
    ):
        count = np.size(scale)
        self.low, self.high, self.scale = (np.broadcast_to(a, count).astype(float) for a in (low, high, scale))
        self._economy, self._parameters, self._rest = economy, parameters, rest
        self._shocks, self._judged = shocks, judged

    def trials(self, points: Sequence[Real] | Float[np.ndarray, "points coefficients"]) -> list[Trial]:
        """As `task.Task.trials`; raises finish.NoAnswer where the coefficients move the steady state."""
        return [self._trial(np.asarray(point, float)) for point in points]

    def slopes(self, trial: Trial) -> Float[np.ndarray, "criteria coefficients"]:
        """As `task.Task.slopes`."""
        return trial.held.slopes

    def _trial(self, point):
        criteria, slopes, (condensed, law, left) = jax.device_get(self._solved(point))
        if not left < AT_REST:
            raise NoAnswer(f"these coefficients move the steady state, whose equations are then off by {left:.0e}")
        if not counted(self._economy, condensed, law.by_state).determinate:
            return Trial(point, np.full(criteria.shape, np.nan))
        return Trial(point, criteria, Ruled(slopes, law))

    @cached_property
    def _solved(self):
        """Compiled `point -> (criteria, slopes, (condensed, law, what is left of the equations))`."""
        economy, (e, x) = self._economy, self._rest
        condense, make_law = condensed_steady(economy), steady_law(economy)

        def of(point):
            p = self._parameters(point)
            condensed, rule = condense(p, e, x)
            law = make_law(p, e, x, rule, self._shocks)
            now = economy.quarter(p, e, e, x[economy.carried], x)
            left = jnp.abs(economy.residual(p, now, economy.expectations(p, now))).max()
            criteria = jnp.atleast_1d(self._judged(p, law))
            return criteria, (criteria, condensed, law, left)

        def both(point):
            slopes, (criteria, *rest) = jax.jacfwd(of, has_aux=True)(jnp.asarray(point))
            return criteria, slopes, tuple(rest)

        return compiled(both)
