"""Impulse responses at the initial steady state: linear and nonlinear, from the same equations."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.core.fields import ByName
from model.equilibrium.economy import Economy
from model.solvers.first_order.responses import linear_response_solver
from model.solvers.steady_state import AtRest
from model.transition.long_run.steady_states import check_initial, determinate_saddle
from model.transition.solutions import Baseline, LongRun, Settings, Solution, required, solve_path, solve_patiently


class Responses(NamedTuple):
    """The economy at rest and its nonlinear path after the shock; `linear` is the change in solver coordinates."""

    rest: Baseline
    shocked: Solution
    linear: Float[np.ndarray, "quarters unknowns"]
    direction: Float[np.ndarray, "quarters+2 instruments"]


def impulse_responses(
    economy: Economy,
    parameters: ByName,
    initial: ByName,
    instrument: str,
    size: float,
    persistence: float,
    settings: Settings,
) -> Responses:
    """Responses to `instrument` moved by `size` in the first quarter shown and by `persistence` of the last one after it.

    An instrument of base 1 moves to 1 + size. Raises NotSolved.
    """
    x0 = np.asarray(economy.variables.pack(initial))
    check_initial(economy, parameters, x0)
    saddle = determinate_saddle(economy, parameters, economy.at_rest, x0, "initial steady state")
    rest = np.tile(x0, (settings.horizon, 1))
    still = np.tile(economy.at_rest, (settings.horizon + 2, 1))
    direction = np.zeros_like(still)
    direction[1:, economy.instruments.index(instrument)] = size * persistence ** np.arange(settings.horizon + 1)

    start, name = x0[economy.carried], f"response to {instrument}"
    for_ever = LongRun(AtRest(jnp.asarray(x0), jnp.asarray(economy.at_rest)), saddle)
    resting = required(solve_path(economy, parameters, start, still, for_ever, rest, settings, "initial steady state"))
    linear = linear_response_solver(economy)(resting.problem, jnp.asarray(resting.path), jnp.asarray(direction))
    shocked = solve_patiently(economy, parameters, start, still, still + direction, for_ever, rest, settings, name)
    shocked = replace(shocked, first_quarter=economy.units.first_shown)  # the economy rests until then
    return Responses(Baseline(resting, x0, saddle, rest, settings), shocked, np.asarray(linear), direction)
