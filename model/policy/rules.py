"""Best coefficients of simple rules: the least variances under shocks at a steady state (Taylor, 1979; Dynare's `osr`)."""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.compute.compile import compiled
from model.core.types import Real
from model.policy.finish import NoAnswer
from model.policy.task import Trial
from model.solvers.first_order.law import Law, Shocks, steady_law
from model.solvers.first_order.saddle_path import condensed_steady, counted
from model.solvers.protocol import Economy

AT_REST = 1e-5  # what is left of the equations at a steady state that was found with smoothed bounds


class Rest(NamedTuple):
    """Parameters and a steady state that no coefficient moves."""

    parameters: Any
    exogenous: Float[Real, "instruments"]
    x: Float[Real, "unknowns"]


class Ruled(NamedTuple):
    """What coefficients lead to: slopes of the criteria by them, and the law of shocks."""

    slopes: Float[np.ndarray, "criteria coefficients"]
    law: Law


class RuleTask:
    """`task.Task` of the coefficients of a rule, under `shocks` around a steady state.

    `with_rule(parameters, point)` are the economy's parameters with these coefficients, and `judged(law, given)` the loss and the
    limits; both are traced. Where the saddle path is not the only stable one there is no answer.
    """

    def __init__(
        self,
        economy: Economy,
        with_rule: Callable[[Any, Any], Any],
        rest: Rest,
        shocks: Shocks,
        judged: Callable[[Law, Any], Any],
        given: Any,
        low: float | Float[Real, "coefficients"],
        high: float | Float[Real, "coefficients"],
        scale: float | Float[Real, "coefficients"],
    ):
        count = np.size(scale)
        self.low, self.high, self.scale = (np.broadcast_to(a, count).astype(float) for a in (low, high, scale))
        self.economy, self._solved = economy, _solver(economy, with_rule, judged)
        self.rest, self.shocks, self.given = rest, shocks, given

    def elsewhere(self, **changed: Any) -> "RuleTask":
        """The same problem with another `rest`, `shocks`, `given`, `low` or `high`, by the same program."""
        other = copy(self)
        for name, value in changed.items():
            setattr(other, name, value)
        return other

    def trials(self, points: Sequence[Real] | Float[np.ndarray, "points coefficients"]) -> list[Trial]:
        """As `task.Task.trials`; raises finish.NoAnswer where the coefficients move the steady state."""
        return [self._trial(np.asarray(point, float)) for point in points]

    def slopes(self, trial: Trial) -> Float[np.ndarray, "criteria coefficients"]:
        """As `task.Task.slopes`."""
        return trial.held.slopes

    def _trial(self, point):
        found = jax.device_get(self._solved(point, self.rest, self.shocks, self.given))
        slopes, (criteria, condensed, law, left) = found
        if not left < AT_REST:
            raise NoAnswer(f"these coefficients move the steady state, whose equations are then off by {left:.0e}")
        if not counted(self.economy, condensed, law.by_state).determinate:
            return Trial(point, np.full(criteria.shape, np.nan))
        return Trial(point, criteria, Ruled(slopes, law))


def _solver(economy, with_rule, judged):
    """Compiled `(point, rest, shocks, given) -> (slopes, (criteria, condensed, law, what is left of the equations))`."""
    condense, make_law = condensed_steady(economy), steady_law(economy)

    def of(point, rest, shocks, given):
        p, e, x = with_rule(rest.parameters, point), jnp.asarray(rest.exogenous), jnp.asarray(rest.x)
        condensed, rule = condense(p, e, x)
        law = make_law(p, e, x, rule, shocks)
        now = economy.quarter(p, e, e, x[economy.carried], x)
        left = jnp.abs(economy.residual(p, now, economy.expectations(p, now))).max()
        criteria = jnp.atleast_1d(judged(law, given))
        return criteria, (criteria, condensed, law, left)

    return compiled(jax.jacfwd(of, has_aux=True))
