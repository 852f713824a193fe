"""The public verbs: solve the baseline, solve a scenario on top of it, and check a horizon."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from jaxtyping import Float

from model.core.fields import ByName
from model.core.namespace import namespace
from model.core.types import Real
from model.equilibrium.economy import Economy
from model.transition.batch.ahead import path_ahead
from model.transition.calendar import announcement, checking, gap_from, instruments_from, path_from, second_half
from model.transition.long_run.natural_rate import nearly_flexible, twin_beyond, with_natural_rate
from model.transition.long_run.steady_states import check_initial, determinate_saddle
from model.transition.lower_bound import led_to_lower_bound
from model.transition.news import scenario_segments, solve_segments
from model.transition.scenarios.catch_up import logistic, views_of
from model.transition.scenarios.scenario import Scenario
from model.transition.segments import baseline_of, heard_by, held_after, joined
from model.transition.solutions import (
    Baseline,
    KeptAtLowerBound,
    NotSolved,
    Segment,
    Settings,
    Solution,
    counted_from,
    known_by,
    solve_path,
    solve_patiently,
    without_factors,
)
from model.transition.targets.solving import conditioned, hits, moved_by, possible, solve_targets

SOON = 25  # iterations
STOCKS = {
    "UX": "interconnection",
    "UG": "grid",
    "U_gas": "gas",
    "U_vre": "renewable",
    "KA": "ai_capital",
    "X": "connections",
}


def solve_baseline(
    economy: Economy,
    parameters: ByName,
    initial: ByName,
    catch_up: Mapping[str, Any],
    settings: Settings,
    wedge: Float[Real, "periods instruments"] | float = 0.0,
    near: Sequence[Segment] = (),
) -> Baseline:
    """Baseline path of a calibrated economy.

    `parameters` and `initial` (levels) come from the inversion, `catch_up` holds the multipliers and timing of AI's
    catch-up and the initial pipelines; `wedge` comes on top of it and fades. The segments of a baseline `near` serve as guesses
    as far as they lead to a solution. Raises NotSolved with the step and the equation that failed.
    """
    path_ahead(economy, parameters, initial, settings)
    x0 = np.asarray(economy.variables.pack(initial))
    check_initial(economy, parameters, x0)
    start = np.asarray(with_pipelines(economy, x0, catch_up["pipeline"]))[economy.carried]
    initial_saddle = determinate_saddle(economy, parameters, economy.at_rest, x0, "initial steady state")
    views = views_of(economy, catch_up, settings.horizon, settings.catch_up_complete)
    views = [view._replace(exogenous=view.exogenous + wedge) for view in views]
    weights = catch_up_weights(catch_up, settings.horizon)
    given = economy, parameters, x0, start, views, weights, settings
    try:
        segments = solve_segments(*given, near)
    except NotSolved:
        if not near:
            raise
        segments = solve_segments(*given)
    return baseline_of(segments, x0, initial_saddle, settings)


def catch_up_weights(catch_up: Mapping[str, Any], horizon: int) -> Float[Real, "quarters 1"]:
    """How much of AI's catch-up has happened in each quarter, 0 to 1."""
    return logistic(horizon, catch_up["midpoint"]["technology"], catch_up["width"])[:, None]


def between(
    initial: Float[Real, "numbers"], terminal: Float[Real, "numbers"], catch_up: Mapping[str, Any], horizon: int
) -> Float[Real, "quarters numbers"]:
    """Path that leads from `initial` to `terminal` as AI catches up."""
    weight = catch_up_weights(catch_up, horizon)
    return (1 - weight) * initial + weight * terminal


def with_pipelines(
    economy: Economy, x0: Float[Real, "unknowns"], pipeline: Mapping[str, Any]
) -> Float[Real, "unknowns"]:
    """Initial unknowns (solver coordinates) with the stocks that `pipeline` names multiplied by its values."""
    factor = [pipeline.get(STOCKS.get(s, ""), 1.0) for s in economy.variables.symbols]
    factor = namespace(*factor).stack(factor)
    return economy.variables.to_coordinates(economy.variables.to_levels(x0) * factor)


def solve_scenario(baseline: Baseline, scenario: Scenario, near: Solution | None = None) -> Solution:
    """Path of a scenario announced in quarter `scenario.announced`; its rows before that are the baseline's.

    A solution `near`, announced then too, serves as guess where there are no targets, unless that leads to no path or the lower
    bound is in the way. Where it is used, the solution keeps factors for the next one: see `solutions.without_factors`.
    """
    if scenario.targets:
        return _with_targets(baseline, scenario)
    if near is not None and _leads_on(baseline, scenario, near):
        with suppress(NotSolved):
            return _found(_hurried(baseline), scenario, near)
    return _answered(baseline, scenario)


def _with_targets(baseline, scenario):
    """What moves is found as if no news came after the last target, which changes nothing until then; then all news is heard."""
    # a permanent change has a natural rate of its own, on which all that moves has a part
    exact = not scenario.permanent
    short = heard_by(baseline, scenario.last_pinned)
    found = solve_targets(short, scenario, partial(_tried, short), exact)
    if short is baseline or not found.outcome.converged:
        return found
    moved = solve_scenario(baseline, moved_by(scenario, found), found)
    if hits(baseline, scenario, moved) and possible(baseline, scenario, found):
        return replace(without_factors(moved), found=found.found)
    return solve_targets(baseline, scenario, partial(_tried, baseline), exact)


def _tried(baseline, scenario, near):
    """As `solve_scenario`; what a solution near it does not soon lead to is given up, as a smaller step will be tried next."""
    if near is None or not _leads_on(baseline, scenario, near):
        return _answered(baseline, scenario)
    try:
        return _found(_hurried(baseline, min(SOON, baseline.settings.iterations)), scenario, near)
    except KeptAtLowerBound:
        return _answered(baseline, scenario)
    except NotSolved as failure:
        return _unsolved(baseline, scenario, failure)


def _leads_on(baseline, scenario, near):
    """Is `near` a path over the same quarters that is nowhere at the lower bound where the baseline is not?

    From there a search may not find back.
    """
    if not near.outcome.converged or near.first_quarter != scenario.announced:
        return False
    held = held_after(baseline, near.first_quarter)
    solutions = [segment.solution for segment in near.segments] or [near]
    pairs = [
        (s, path_from(h.solution.path, s.first_quarter - h.quarter)) for h, s in zip(held, solutions, strict=False)
    ]
    return not any(led_to_lower_bound(s.economy, s.problem.parameters, s.path, prior) for s, prior in pairs)


def _hurried(baseline, iterations=None):
    settings = baseline.settings
    return replace(baseline, settings=replace(settings, iterations=iterations or settings.iterations, patient=False))


def _answered(baseline, scenario):
    """What is found with patience, or why nothing is."""
    try:
        return _found(baseline, scenario)
    except NotSolved as failure:
        return _unsolved(baseline, scenario, failure)


def _found(baseline, scenario, near=None):
    if len(baseline.segments) > 1 or scenario.permanent:
        return _through_news(baseline, scenario, near)
    with counted_from(scenario.announced):
        return replace(_as_one_view(baseline, scenario, near), first_quarter=scenario.announced)


def _as_one_view(baseline, scenario, near):
    """A path of people who hear nothing after the announcement of changes that end."""
    settings, base = baseline.settings, baseline.solution
    start, window, guess = announcement(baseline, scenario)
    before = instruments_from(base.exogenous, scenario.announced)
    guess, factor = (guess, None) if near is None else (near.path, known_by(base.economy, settings, near))
    given = base.economy, base.problem.parameters, start, before, window, base.long_run, guess, settings, scenario.name
    return solve_patiently(*given, factor)


def solve_conditions(baseline: Baseline, conditions: Scenario) -> Baseline:
    """The baseline that hits the targets of `conditions`, as people expect from their announcement on; raises NotSolved."""
    solution = solve_scenario(baseline, conditions)
    if not solution.outcome.converged:
        raise NotSolved(replace(solution.outcome, reason=f"conditions {conditions.name}: {solution.outcome.reason}"))
    return conditioned(baseline, solution)


def _through_news(baseline, scenario, near):
    """Path of a scenario whose people hear the news of the baseline too."""
    segments = scenario_segments(baseline, scenario, () if near is None else near.segments)
    solution, twin = joined(scenario.name, segments, scenario.announced, baseline.settings)
    return replace(solution, twin=twin if scenario.permanent else None)


def _unsolved(baseline, scenario, failure):
    base = baseline.solution
    nothing = base.path * np.nan
    return Solution(
        scenario.name, base.economy, base.problem, nothing, failure.outcome, base.long_run, scenario.announced
    )


def horizon_gap(solution: Solution, settings: Settings) -> float:
    """Largest change of any unknown when the horizon moves out by half; not a number if there is no such path.

    A natural rate of the solution's own is found anew too, but where all is made to arrive at the horizon: there the rate
    has its long run in the last quarter by construction.
    """
    settings, economy = checking(settings), solution.economy
    parameters, long_run = solution.problem.parameters, solution.long_run
    start, window, guess = second_half(solution, settings)
    if solution.twin is not None and settings.saddle:
        flexible, twin_run = nearly_flexible(economy, parameters, long_run, settings)
        twin_start, twin = twin_beyond(solution, settings)
        again = solve_path(economy, flexible, twin_start, window, twin_run, twin, settings, solution.name)
        if not again.outcome.converged:
            return float("nan")
        window = with_natural_rate(economy, window, parameters, again.path, long_run.steady, settings.saddle)
    again = solve_path(economy, parameters, start, window, long_run, guess, settings, solution.name)
    return gap_from(again.path, solution, settings) if again.outcome.converged else float("nan")
