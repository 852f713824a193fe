"""The natural rate: the real return of an economy with nearly flexible prices and wages, in the policy rule."""

import equinox as eqx
import numpy as np

from model.calendar import path_from
from model.core.namespace import namespace
from model.equilibrium.nouns import INSTRUMENTS, VARIABLES
from model.scenarios.catch_up import NATURAL_RATE_MIDPOINT, NATURAL_RATE_WIDTH, logistic
from model.solutions import ECONOMY, required, solve_path
from model.solvers.saddle_path import saddle_path

FLEXIBILITY = (1.0, 3.0, 10.0, 40.0)  # slopes of both Phillips curves over their own
RSTAR = INSTRUMENTS.index("rstar")
POLICY_RATE, INFLATION = VARIABLES.index("inom"), VARIABLES.index("pi")


def natural_rate_twin(parameters, start, exogenous, long_run, guess, settings):
    """Instruments with the policy rule's intercept following the natural rate of a nearly flexible economy.

    Returns them with the twin's path as the next guess. The slopes of both Phillips curves grow in steps.
    """
    for factor in FLEXIBILITY:
        flexible, twin_run = nearly_flexible(parameters, long_run, settings, factor)
        name = f"natural-rate twin at {factor:g} times the slopes"
        twin = required(solve_path(flexible, start, exogenous, twin_run, guess, settings, name))
        guess = twin.path
    return with_natural_rate(exogenous, parameters, guess, long_run.steady, settings.saddle), guess


def nearly_flexible(parameters, long_run, settings, factor=FLEXIBILITY[-1]):
    """Parameters and long run of the economy in which prices and wages are `factor` times as flexible."""
    flexible, steady = with_flexibility(parameters, factor), long_run.steady
    if not settings.saddle:
        return flexible, long_run
    return flexible, long_run._replace(saddle=saddle_path(ECONOMY, flexible, steady.exogenous, steady.x))


def twin_beyond(solution, settings):
    """Parameters, long run, start and guess of the second half of the twin's path behind a solution's natural rate."""
    half = settings.horizon // 2
    start = solution.twin[half - 1][ECONOMY.carried]
    return (
        *nearly_flexible(solution.problem.parameters, solution.long_run, settings),
        start,
        path_from(solution.twin, half),
    )


def with_flexibility(parameters, factor):
    """Parameters with the slopes of both Phillips curves multiplied by `factor`."""
    slopes = (parameters.production.price_slope * factor, parameters.production.wage_slope * factor)
    return eqx.tree_at(lambda p: (p.production.price_slope, p.production.wage_slope), parameters, slopes)


def with_natural_rate(exogenous, parameters, twin, steady, saddle=True):
    """Instruments with the policy rule's intercept following the real return of the `twin` path `(T, n)`.

    It is taken relative to the return in the long run, so that it does not depend on where the path ends. A path that is
    made to end in the steady state, not on its `saddle` path, has its long run in its last quarter.
    """
    rstar = steady.exogenous[RSTAR]
    real = _bill_return(parameters, exogenous, twin, steady.x)
    long_run = _long_run_return(parameters, exogenous[-1], steady.x) if saddle else real[-1]
    xp = namespace(exogenous, twin)
    return with_intercept(exogenous, xp.append(real - long_run + rstar, rstar))


def with_intercept(exogenous, rstar):
    """Instruments with the natural rate `rstar` `(T + 1,)`, quarters 0 to T, in the policy rule."""
    xp = namespace(exogenous, rstar)
    column = xp.append(exogenous[0, RSTAR], rstar)[:, None]
    return xp.where(np.arange(len(INSTRUMENTS)) == RSTAR, column, exogenous)


def learned_slowly(terminal, settings):
    """Natural rate `(horizon + 1,)` that people learn on the way to its terminal value."""
    weights = logistic(settings.horizon, NATURAL_RATE_MIDPOINT, NATURAL_RATE_WIDTH, settings.catch_up_complete)
    return terminal * np.append(weights, 1.0)


def _bill_return(parameters, exogenous, path, steady):
    """Real gross return on liquid assets from t to t+1, `(T,)`."""
    xp = namespace(exogenous, path)
    inflation = xp.append(path[1:, INFLATION], steady[INFLATION])
    return xp.asarray((1 + path[:, POLICY_RATE] + _bill_spread(parameters, exogenous[1:-1])) / inflation)


def _long_run_return(parameters, exogenous, steady):
    return (1 + steady[POLICY_RATE] + _bill_spread(parameters, exogenous)) / steady[INFLATION]


def _bill_spread(parameters, exogenous):
    return parameters.portfolio.deposit_spread + exogenous[..., INSTRUMENTS.index("dspr")]
