"""Where a path stands in time: what is known at an announcement, what came before it, what lies beyond the horizon."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

CHECK_TOLERANCE = 1e-7  # of equations


def announcement(baseline, scenario):
    """What is carried into the quarter of a scenario's announcement, the instruments from there on and the baseline's path."""
    base, t = baseline.solution, scenario.announced
    return (
        state_at(base, t),
        instruments_from(scenario.apply(base.economy.instruments, base.exogenous), t),
        path_from(base.path, t),
    )


def on_calendar(baseline, solution):
    """Problem and path `(T, n)` over the baseline's quarters: the baseline until the announcement, the solution after it."""
    t, base = solution.first_quarter, baseline.solution
    if t == 0:
        return solution.problem, solution.path
    path = np.concatenate([base.path[:t], solution.path[:-t]])
    exogenous = np.concatenate([base.exogenous[: t + 1], solution.exogenous[1:-t]])
    problem = solution.problem._replace(start=base.problem.start, exogenous=jnp.asarray(exogenous))
    return problem, path


def checking(settings):
    """Settings for the second half, whose answer is judged in hundredths."""
    return replace(settings, tolerance=max(settings.tolerance, CHECK_TOLERANCE))


def second_half(solution, settings):
    """Start, instruments and guess of the path's second half as the first half of another path of the same length."""
    half = settings.horizon // 2
    return state_at(solution, half), instruments_from(solution.exogenous, half), path_from(solution.path, half)


def gap_from(again, solution, settings):
    """Largest difference in the first `horizon / 4` quarters of the second half solved `again`, away from the old end."""
    half, quarter = settings.horizon // 2, settings.horizon // 4
    return float(np.abs(again[:quarter] - solution.path[half : half + quarter]).max())


def instruments_from(exogenous, first):
    """Instruments of a path of the same length that starts `first` quarters later; the last quarter is repeated."""
    return np.concatenate([exogenous[first:], np.repeat(exogenous[-1:], first, axis=0)])


def path_from(path, first):
    return np.concatenate([path[first:], np.repeat(path[-1:], first, axis=0)])


def state_at(solution, first):
    if first == 0:
        return np.asarray(solution.problem.start)
    return solution.path[first - 1][solution.economy.carried]
