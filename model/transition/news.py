"""Paths with news: between its dates all comes as expected, at each of them people expect another long run.

Each piece of news starts a segment, an ordinary path from the state that was reached. The flexible-price economy behind the
natural rate has a state of its own, so that news of nothing changes nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from model.core.fields import ByName
from model.core.types import Real
from model.equilibrium.economy import Economy
from model.transition.calendar import instruments_from, path_from, state_at
from model.transition.long_run.natural_rate import learned_rate, natural_rate_twin, with_intercept
from model.transition.long_run.steady_states import onward_long_run, solve_long_run, stages_from_rest
from model.transition.scenarios.catch_up import View
from model.transition.scenarios.scenario import Scenario
from model.transition.segments import held_after
from model.transition.solutions import (
    BASELINE,
    Baseline,
    LongRun,
    NotSolved,
    Segment,
    Settings,
    Solution,
    counted_from,
    known_by,
    required,
    solve_path,
    solve_patiently,
)

STARTS = 4  # paths on the way to a start far from the steady state
ARRIVAL = 60  # quarters over which a guess moves from one long run to another


def solve_segments(
    economy: Economy,
    parameters: ByName,
    initial: Float[np.ndarray, "unknowns"],
    start: Float[np.ndarray, "carried"],
    views: Sequence[View],
    guess_weights: Float[Real, "quarters 1"],
    settings: Settings,
    near: Sequence[Segment] = (),
) -> tuple[Segment, ...]:
    """`Segment`s of the `views`, the first of which is held from quarter 0 on; raises NotSolved.

    `initial` is the steady state before all news, `start` what is carried into the first quarter; the first guess leads to
    the long run at the `guess_weights`. Guesses are the paths of segments `near`, where there are some.
    """
    guesses = [*near, *[None] * (len(views) - len(near))]
    segments: tuple[Segment, ...] = ()
    for view, guess in zip(views, guesses, strict=True):
        given = economy, parameters, initial, start, view, guess_weights, settings
        segments = (*segments, next_segment(*given, segments, guess))
    return segments


def next_segment(
    economy: Economy,
    parameters: ByName,
    initial: Float[np.ndarray, "unknowns"],
    start: Float[np.ndarray, "carried"],
    view: View,
    guess_weights: Float[Real, "quarters 1"],
    settings: Settings,
    told: Sequence[Segment] = (),
    near: Segment | None = None,
) -> Segment:
    """The `Segment` that a `view` begins after those `told`, all else as of `solve_segments`; raises NotSolved."""
    if told:
        return _after(told[-1], view, settings, near)
    return _opening(economy, parameters, initial, start, view, guess_weights, settings, near)


def _opening(economy, parameters, initial, start, view, guess_weights, settings, near):
    """The first segment; where it cannot be found at once, from paths that start ever farther from the steady state."""
    window = np.asarray(view.exogenous)
    stages = stages_from_rest(economy, window[-1])
    long_run = solve_long_run(economy, parameters, economy.at_rest, stages, initial, settings)
    guess = (1 - guess_weights) * initial + guess_weights * np.asarray(long_run.steady.x)

    def segment(guess, twin=None):
        given = guess if twin is None else twin
        return _segment(economy, parameters, view, window, long_run, start, start, guess, given, settings, near=near)

    if near is not None:
        return segment(near.solution.path, near.twin)
    try:
        return segment(guess)
    except NotSolved:
        rest = initial[economy.carried]
        for k in range(1, STARTS + 1):
            here = rest + (start - rest) * k / STARTS
            found = solve_path(economy, parameters, here, window, long_run, guess, settings, BASELINE)
            guess = required(found).path
        return segment(guess)


def _after(last, view, settings, near):
    """The segment that news begins after the `last` one."""
    window = instruments_from(np.asarray(view.exogenous), view.quarter)
    elapsed, base = view.quarter - last.quarter, last.solution
    economy, parameters = base.economy, base.problem.parameters
    long_run = onward_long_run(economy, parameters, last.solution.long_run, window[-1], settings)
    shift = _toward(long_run, base.long_run, settings)
    return _segment(
        economy,
        parameters,
        view,
        window,
        long_run,
        state_at(base, elapsed),
        carried_by_twin(economy, last, view.quarter),
        path_from(base.path, elapsed) + shift if near is None else near.solution.path,
        path_from(last.twin, elapsed) + shift if near is None else near.twin,
        settings,
        last,
    )


def arrival(settings: Settings) -> Float[np.ndarray, "quarters 1"]:
    """How far a guess has moved from one long run to another."""
    return np.minimum(1.0, np.arange(settings.horizon) / ARRIVAL)[:, None]


def _toward(long_run, before, settings):
    return arrival(settings) * (np.asarray(long_run.steady.x) - np.asarray(before.steady.x))


def _segment(
    economy, parameters, view, window, long_run, start, twin_start, guess, twin_guess, settings, last=None, near=None
):  # fmt: skip
    """`Segment` from `start`, its natural rate that of the flexible-price economy from `twin_start`."""
    rate = float(long_run.steady.exogenous[economy.pinned.instrument])
    learned = learned_rate(None if last is None else last.learned, view.quarter, rate, settings)
    ahead = with_learned_rate(economy, window, learned, view.quarter)
    before = ahead if last is None else instruments_from(last.solution.exogenous, view.quarter - last.quarter)
    known = None if last is None and near is None else before
    with counted_from(view.quarter):
        exogenous, twin = natural_rate_twin(
            economy, parameters, twin_start, ahead, long_run, twin_guess, settings, known
        )
        if last is None:
            given = twin if near is None else guess
            solution = required(solve_path(economy, parameters, start, exogenous, long_run, given, settings, BASELINE))
        else:
            solution = solve_patiently(
                economy, parameters, start, before, exogenous, long_run, guess, settings, BASELINE
            )
    return Segment(view.quarter, replace(solution, first_quarter=view.quarter), twin, learned)


def with_learned_rate(
    economy: Economy,
    window: Float[Real, "periods instruments"],
    learned: Float[Real, "learned"],
    quarter: int,
) -> Float[Real, "periods instruments"]:
    """Instruments from a quarter on with the natural rate `learned` of quarters 0 to T in the policy rule."""
    return with_intercept(economy, window, np.concatenate([learned[quarter:], np.repeat(learned[-1:], quarter)]))


def scenario_segments(baseline: Baseline, scenario: Scenario, near: Sequence[Segment] = ()) -> tuple[Segment, ...]:
    """`Segment`s of a scenario from its announcement on, one for each view that people hold after it; raises NotSolved.

    Changes that end leave the natural rate of the baseline in the policy rule, permanent ones have their own. The segments of a
    scenario `near`, announced in the same quarter, serve as guesses, as far as there are some.
    """
    found: list[Segment] = []
    for k, held in enumerate(held_after(baseline, scenario.announced)):
        with counted_from(max(held.quarter, scenario.announced)):
            last, guess = found[-1] if found else None, near[k] if k < len(near) else None
            found.append(_changed(baseline, held, scenario, last, guess))
    return tuple(found)


class Hearing(NamedTuple):
    """A scenario from the first quarter on in which its people hold one view of the baseline's."""

    quarter: int
    start: Float[np.ndarray, "carried"]
    before: Float[np.ndarray, "periods instruments"]  # without the scenario
    exogenous: Float[np.ndarray, "periods instruments"]
    prior: Float[np.ndarray, "quarters unknowns"]  # a path nearby
    long_run: LongRun
    twin: Float[np.ndarray, "quarters unknowns"]  # as of `Segment`
    learned: Float[Real, "learned"]


def hearing(baseline: Baseline, held: Segment, scenario: Scenario, last: Segment | None) -> Hearing:
    """`Hearing` of a scenario under the view of the segment `held`, after its own segment `last` if there is one.

    Long run and natural rate are the baseline's, as where changes end.
    """
    quarter = max(held.quarter, scenario.announced)
    calendar = np.concatenate([baseline.solution.exogenous[: held.quarter + 1], held.solution.exogenous[1:]])
    changed = scenario.apply(baseline.economy.instruments, calendar)
    before, ahead = (instruments_from(rows, quarter)[: baseline.settings.horizon + 2] for rows in (calendar, changed))
    start = state_at(baseline.solution, quarter) if last is None else state_at(last.solution, quarter - last.quarter)
    prior, twin = (path_from(path, quarter - held.quarter) for path in (held.solution.path, held.twin))
    return Hearing(quarter, start, before, ahead, prior, held.solution.long_run, twin, held.learned)


def lasting(baseline: Baseline, held: Segment, here: Hearing, last: Segment | None, long_run: LongRun) -> Hearing:
    """The `Hearing` of a permanent change with its own `long_run` and the natural rate that is learned on the way there.

    Its twin is a guess as yet.
    """
    economy, settings = baseline.economy, baseline.settings
    rate = float(long_run.steady.exogenous[economy.pinned.instrument])
    learned = learned_rate((last or held).learned if here.quarter else None, here.quarter, rate, settings)
    shift = _toward(long_run, here.long_run, settings)
    return here._replace(
        exogenous=with_learned_rate(economy, here.exogenous, learned, here.quarter),
        prior=here.prior + shift,
        long_run=long_run,
        twin=here.twin + shift,
        learned=learned,
    )


def heard(here: Hearing, solution: Solution) -> Segment:
    """`Segment` of a scenario from the `solution` of its `Hearing`."""
    return Segment(here.quarter, replace(solution, first_quarter=here.quarter), here.twin, here.learned)


def _changed(baseline, held, scenario, last, near):
    """The scenario's segment under the view of the segment `held`."""
    economy, settings, parameters = baseline.economy, baseline.settings, held.solution.problem.parameters
    here = hearing(baseline, held, scenario, last)
    before = here.before
    if scenario.permanent:
        long_run = onward_long_run(economy, parameters, here.long_run, here.exogenous[-1], settings)
        here = lasting(baseline, held, here, last, long_run)
        here = here if near is None else here._replace(twin=near.twin)
        start = twin_state(baseline, here.quarter, last)
        given = economy, parameters, start, here.exogenous, here.long_run, here.twin, settings, before
        exogenous, twin = natural_rate_twin(*given)
        here = here._replace(exogenous=exogenous, twin=twin)
    guess = here.prior if near is None else near.solution.path
    known = None if near is None else known_by(economy, settings, near.solution)
    given = economy, parameters, here.start, before, here.exogenous, here.long_run, guess, settings, scenario.name
    return heard(here, solve_patiently(*given, known))


def carried_by_twin(economy: Economy, last: Segment, quarter: int) -> Float[np.ndarray, "carried"]:
    """What the flexible-price economy carries out of the `last` segment into a later quarter."""
    return last.twin[quarter - last.quarter - 1][economy.carried]


def twin_state(baseline: Baseline, quarter: int, last: Segment | None) -> Float[np.ndarray, "carried"]:
    """What the flexible-price economy carries into a quarter of a scenario, after its segment `last` if there is one."""
    if last is not None:
        return carried_by_twin(baseline.economy, last, quarter)
    if quarter == 0:
        return np.asarray(baseline.solution.problem.start)
    return baseline.twin[quarter - 1][baseline.economy.carried]
