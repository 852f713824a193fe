"""The natural rate: the real return of an economy with nearly flexible prices and wages, in the policy rule."""

import equinox as eqx
import numpy as np
from jaxtyping import Float

from model.core.fields import ByName
from model.core.namespace import namespace
from model.core.types import Real, Scalar
from model.equilibrium.economy import Economy
from model.solvers.first_order.saddle_path import saddle_path
from model.solvers.steady_state import AtRest, SteadyState
from model.transition.calendar import path_from
from model.transition.scenarios.catch_up import NATURAL_RATE_MIDPOINT, NATURAL_RATE_WIDTH, logistic
from model.transition.solutions import LongRun, Settings, Solution, required, solve_path, solve_patiently

FLEXIBILITY = (1.0, 3.0, 10.0, 40.0)  # slopes of both Phillips curves over their own


def natural_rate_twin(
    economy: Economy,
    parameters: ByName,
    start: Float[Real, "carried"],
    exogenous: Float[Real, "periods instruments"],
    long_run: LongRun,
    guess: Float[Real, "quarters unknowns"],
    settings: Settings,
    known: Float[Real, "periods instruments"] | None = None,
) -> tuple[Float[Real, "periods instruments"], Float[np.ndarray, "quarters unknowns"]]:
    """Instruments with the policy rule's intercept following the natural rate of a nearly flexible economy.

    Returns them with the twin's path as the next guess. The slopes of both Phillips curves grow in steps, or at once where
    the guess is a path of such an economy at the instruments `known`, from which it is led over in parts if need be.
    """
    for factor in FLEXIBILITY if known is None else FLEXIBILITY[-1:]:
        flexible, twin_run = nearly_flexible(economy, parameters, long_run, settings, factor)
        name = f"natural-rate twin at {factor:g} times the slopes"
        if known is None:
            twin = required(solve_path(economy, flexible, start, exogenous, twin_run, guess, settings, name))
        else:
            twin = solve_patiently(economy, flexible, start, known, exogenous, twin_run, guess, settings, name)
        guess = twin.path
    path = np.asarray(guess)
    return with_natural_rate(economy, exogenous, parameters, path, long_run.steady, settings.saddle), path


def nearly_flexible(
    economy: Economy,
    parameters: ByName,
    long_run: LongRun,
    settings: Settings,
    factor: float = FLEXIBILITY[-1],
) -> tuple[ByName, LongRun]:
    """Parameters and long run of the economy in which prices and wages are `factor` times as flexible."""
    flexible, steady = with_flexibility(parameters, factor), long_run.steady
    if not settings.saddle:
        return flexible, long_run
    return flexible, long_run._replace(saddle=saddle_path(economy, flexible, steady.exogenous, steady.x))


def twin_beyond(
    solution: Solution, settings: Settings
) -> tuple[Float[np.ndarray, "carried"], Float[np.ndarray, "quarters unknowns"]]:
    """Start and guess of the second half of the twin's path behind a solution's natural rate."""
    half = settings.horizon // 2
    twin = np.asarray(solution.twin)
    return twin[half - 1][solution.economy.carried], path_from(twin, half)


def with_flexibility(parameters: ByName, factor: float = FLEXIBILITY[-1]) -> ByName:
    """Parameters with the slopes of both Phillips curves multiplied by `factor`."""
    slopes = (parameters.production.price_slope * factor, parameters.production.wage_slope * factor)
    return eqx.tree_at(lambda p: (p.production.price_slope, p.production.wage_slope), parameters, slopes)


def with_natural_rate(
    economy: Economy,
    exogenous: Float[Real, "periods instruments"],
    parameters: ByName,
    twin: Float[Real, "quarters unknowns"],
    steady: SteadyState | AtRest,
    saddle: bool = True,
) -> Float[Real, "periods instruments"]:
    """Instruments with the policy rule's intercept following the real return of the `twin` path.

    It is taken relative to the return in the long run, so that it does not depend on where the path ends. A path that is
    made to end in the steady state, not on its `saddle` path, has its long run in its last quarter.
    """
    rstar = steady.exogenous[economy.pinned.instrument]
    real = _bill_return(economy, parameters, exogenous, twin, steady.x)
    long_run = _long_run_return(economy, parameters, exogenous[-1], steady.x) if saddle else real[-1]
    xp = namespace(exogenous, twin)
    return with_intercept(economy, exogenous, xp.append(real - long_run + rstar, rstar))


def with_intercept(
    economy: Economy, exogenous: Float[Real, "periods instruments"], rstar: Float[Real, "periods-1"]
) -> Float[Real, "periods instruments"]:
    """Instruments with the natural rate `rstar`, quarters 0 to T, in the policy rule."""
    xp = namespace(exogenous, rstar)
    found = economy.pinned.instrument
    column = xp.append(exogenous[0, found], rstar)[:, None]
    return xp.where(np.arange(len(economy.instruments)) == found, column, exogenous)


def learned_slowly(terminal: Scalar, settings: Settings) -> Float[Real, "quarters"]:
    """Natural rate `(horizon + 1,)` that people learn on the way to its terminal value."""
    weights = logistic(settings.horizon, NATURAL_RATE_MIDPOINT, NATURAL_RATE_WIDTH, settings.catch_up_complete)
    return terminal * np.append(weights, 1.0)


def learned_rate(
    before: Float[Real, "quarters"] | None, quarter: int, terminal: Scalar, settings: Settings
) -> Float[Real, "quarters"]:
    """`learned_slowly` after news in a `quarter`: from what was learned `before` it on to another terminal value."""
    if before is None:
        return learned_slowly(terminal, settings)
    weights = learned_slowly(1.0, settings)
    stood, done = before[quarter - 1], weights[quarter - 1]
    share = (weights - done) / (1 - done) if done < 1 else np.ones_like(weights)
    ahead = stood + (terminal - stood) * share
    return namespace(ahead).where(np.arange(len(weights)) >= quarter, ahead, before)


def _bill_return(economy, parameters, exogenous, path, steady):
    """Real gross return on liquid assets from t to t+1, `(T,)`."""
    xp = namespace(exogenous, path)
    rate, inflation = (economy.variables.index(symbol) for symbol in ("inom", "pi"))
    following = xp.append(path[1:, inflation], steady[inflation])
    return xp.asarray((1 + path[:, rate] + _bill_spread(economy, parameters, exogenous[1:-1])) / following)


def _long_run_return(economy, parameters, exogenous, steady):
    rate, inflation = (steady[economy.variables.index(symbol)] for symbol in ("inom", "pi"))
    return (1 + rate + _bill_spread(economy, parameters, exogenous)) / inflation


def _bill_spread(economy, parameters, exogenous):
    return parameters.portfolio.deposit_spread + exogenous[..., economy.instruments.index("dspr")]
