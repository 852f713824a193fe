"""The public verbs: solve the baseline, solve a scenario on top of it, and check a horizon."""

from dataclasses import replace

import numpy as np

from model.calendar import announcement, checking, gap_from, instruments_from, second_half
from model.core.namespace import namespace
from model.equilibrium.nouns import VARIABLES
from model.long_run import HOMOTOPY_STEPS, check_initial, determinate_saddle, own_long_run, solve_long_run
from model.natural_rate import RSTAR, learned_slowly, natural_rate_twin, twin_beyond, with_intercept, with_natural_rate
from model.scenarios.catch_up import at_rest, catch_up_path, logistic, terminal_instruments
from model.solutions import BASELINE, ECONOMY, Baseline, NotSolved, Solution, required, solve_path, solve_patiently


def solve_baseline(parameters, initial, catch_up, settings, wedge=0.0):
    """Baseline path of a calibrated economy.

    `parameters` and `initial` (levels) come from the inversion, `catch_up` holds the multipliers and timing of AI's
    catch-up and the initial pipelines; `wedge` `(T + 2, instruments)` comes on top of it and fades. Raises NotSolved with the
    step and the equation that failed.
    """
    x0 = np.asarray(VARIABLES.pack(initial))
    check_initial(parameters, x0)
    start = np.asarray(with_pipelines(x0, catch_up["pipeline"]))[ECONOMY.carried]
    initial_saddle = determinate_saddle(parameters, at_rest(), x0, "initial steady state")
    stages = np.array([terminal_instruments(catch_up, k / HOMOTOPY_STEPS) for k in range(1, HOMOTOPY_STEPS + 1)])
    long_run = solve_long_run(parameters, at_rest(), stages, x0, settings)
    exogenous = catch_up_path(catch_up, settings.horizon, settings.catch_up_complete) + wedge
    guess = between(x0, np.asarray(long_run.steady.x), catch_up, settings.horizon)
    exogenous = with_intercept(exogenous, learned_slowly(float(long_run.steady.exogenous[RSTAR]), settings))
    exogenous, twin = natural_rate_twin(parameters, start, exogenous, long_run, guess, settings)
    solution = required(solve_path(parameters, start, exogenous, long_run, twin, settings, BASELINE))
    return Baseline(replace(solution, twin=twin), x0, initial_saddle, twin, settings)


def between(initial, terminal, catch_up, horizon):
    """Path `(horizon, ...)` that leads from `initial` to `terminal` as AI catches up."""
    weight = logistic(horizon, catch_up["midpoint"]["technology"], catch_up["width"])[:, None]
    return (1 - weight) * initial + weight * terminal


def with_pipelines(x0, pipeline):
    """Initial unknowns (solver coordinates) with the pipelines of capacity multiplied by `pipeline`."""
    columns = {"UX": "interconnection", "UG": "grid", "U_gas": "gas", "U_vre": "renewable"}
    factor = [pipeline[columns[s]] if s in columns else 1.0 for s in VARIABLES.symbols]
    factor = namespace(*factor).stack(factor)
    return VARIABLES.to_coordinates(VARIABLES.to_levels(x0) * factor)


def solve_scenario(baseline, scenario):
    """Path of a scenario announced in quarter `scenario.announced`; its rows before that are the baseline's."""
    settings, base = baseline.settings, baseline.solution
    announced = scenario.announced
    start, window, guess = announcement(baseline, scenario)
    try:
        long_run, twin = base.long_run, None
        if scenario.permanent:
            long_run = own_long_run(baseline, window[-1])
            window, twin = natural_rate_twin(base.problem.parameters, start, window, long_run, guess, settings)
            guess = twin
        before, parameters = instruments_from(base.exogenous, announced), base.problem.parameters
        solution = solve_patiently(parameters, start, before, window, long_run, guess, settings, scenario.name)
    except NotSolved as failure:
        return Solution(scenario.name, base.problem, base.path * np.nan, failure.outcome, base.long_run, announced)
    return replace(solution, first_quarter=announced, twin=twin)


def horizon_gap(solution, settings):
    """Largest change of any unknown when the horizon moves out by half; not a number if there is no such path.

    A natural rate of the solution's own is found anew too.
    """
    settings, parameters, long_run = checking(settings), solution.problem.parameters, solution.long_run
    start, window, guess = second_half(solution, settings)
    if solution.twin is not None:
        flexible, twin_run, twin_start, twin = twin_beyond(solution, settings)
        again = solve_path(flexible, twin_start, window, twin_run, twin, settings, solution.name)
        window = with_natural_rate(window, parameters, again.path, long_run.steady, settings.saddle)
    again = solve_path(parameters, start, window, long_run, guess, settings, solution.name)
    return gap_from(again.path, solution, settings) if again.outcome.converged else float("nan")
