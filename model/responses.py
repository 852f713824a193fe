"""Impulse responses at the initial steady state: linear and nonlinear, from the same equations."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from model.equilibrium.nouns import INSTRUMENTS, VARIABLES
from model.long_run import check_initial, determinate_saddle
from model.scenarios.catch_up import at_rest
from model.solutions import ECONOMY, SMOOTHING_STAGES, LongRun, solve_patiently
from model.solvers.path import PathProblem, Terminal, linear_response_solver
from model.solvers.steady_state import SteadyState


class Responses(NamedTuple):
    """A nonlinear path and the linear change of the resting path, both `(T, n)` in solver coordinates."""

    problem: PathProblem
    rest: np.ndarray
    linear: np.ndarray
    nonlinear: np.ndarray
    direction: np.ndarray  # (T + 2, instruments)


def impulse_responses(parameters, initial, instrument, size, persistence, settings):
    """Responses to `instrument` moved by `size` in the first quarter and by `persistence` of the last one after it.

    An instrument of base 1 moves to 1 + size. Raises NotSolved.
    """
    x0 = np.asarray(VARIABLES.pack(initial))
    check_initial(parameters, x0)
    saddle = determinate_saddle(parameters, at_rest(), x0, "initial steady state")
    rest = np.tile(x0, (settings.horizon, 1))
    still = np.tile(at_rest(), (settings.horizon + 2, 1))
    direction = np.zeros_like(still)
    direction[1:, INSTRUMENTS.index(instrument)] = size * persistence ** np.arange(settings.horizon + 1)

    smoothing = jnp.full(len(SMOOTHING_STAGES), settings.smoothing)
    terminal = Terminal(jnp.asarray(x0), jnp.asarray(saddle.rule))
    at_ease = PathProblem(parameters, jnp.asarray(x0[ECONOMY.carried]), jnp.asarray(still), terminal, smoothing)
    linear = linear_response_solver(ECONOMY)(at_ease, jnp.asarray(rest), jnp.asarray(direction))
    at_rest_for_ever = LongRun(SteadyState(jnp.asarray(x0), jnp.asarray(at_rest()), None), saddle)
    start, name = x0[ECONOMY.carried], f"response to {instrument}"
    shocked = solve_patiently(parameters, start, still, still + direction, at_rest_for_ever, rest, settings, name)
    return Responses(shocked.problem, rest, np.asarray(linear), shocked.path, direction)
