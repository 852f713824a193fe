"""Segments put together: what came true as one solution, what people hear and expect from a quarter on."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from model.core.types import Real
from model.solvers.first_order.saddle_path import SaddlePath
from model.transition.calendar import instruments_from, path_from, state_at
from model.transition.solutions import BASELINE, Baseline, Segment, Settings, Solution


def baseline_of(
    segments: tuple[Segment, ...],
    initial: Float[np.ndarray, "unknowns"],
    initial_saddle: SaddlePath,
    settings: Settings,
) -> Baseline:
    """`Baseline` of solved segments, the first of which begins in quarter 0."""
    solution, twin = joined(BASELINE, segments, 0, settings)
    return Baseline(replace(solution, twin=twin), initial, initial_saddle, twin, settings)


def joined(
    name: str, segments: Sequence[Segment], first: int, settings: Settings
) -> tuple[Solution, Float[np.ndarray, "quarters unknowns"]]:
    """What came true from quarter `first` on as one `Solution`, and the path of the flexible-price economy beside it.

    Its outcome is that of the segment with the largest residual, its long run that of the last segment.
    """
    if len(segments) == 1:
        return replace(segments[0].solution, name=name, segments=tuple(segments)), segments[0].twin
    path, twin, exogenous = (list[Real]() for _ in range(3))
    ends = [*(s.quarter for s in segments[1:]), first + settings.horizon]
    for segment, end in zip(segments, ends, strict=True):
        length = end - segment.quarter
        path.append(segment.solution.path[:length])
        twin.append(segment.twin[:length])
        exogenous.append(segment.solution.exogenous[1 : length + 1])
    last, opening = segments[-1].solution, segments[0].solution
    rows = np.concatenate([opening.exogenous[:1], *exogenous, last.exogenous[-1:]])
    worst = max(segments, key=lambda s: s.solution.outcome.max_residual)
    late = worst.quarter - first
    outcome = replace(
        worst.solution.outcome,
        worst_quarter=(worst.solution.outcome.worst_quarter or 0) + late,
        iterations=sum(s.solution.outcome.iterations for s in segments),
    )
    problem = last.problem._replace(start=opening.problem.start, exogenous=rows)
    solution = replace(
        last,
        name=name,
        problem=problem,
        path=np.concatenate(path),
        outcome=outcome,
        first_quarter=first,
        residual=None,
        segments=tuple(segments),
    )
    return solution, np.concatenate(twin)


def heard_by(baseline: Baseline, quarter: int) -> Baseline:
    """The baseline of people who hear no news after a quarter; until then it is the same."""
    told = tuple(s for s in baseline.segments if s.quarter <= quarter)
    if len(told) == len(baseline.segments):
        return baseline
    return baseline_of(told, baseline.initial, baseline.initial_saddle, baseline.settings)


def held_after(baseline: Baseline, quarter: int) -> tuple[Segment, ...]:
    """`Segment`s of the baseline whose view people hold in or after a quarter."""
    base = baseline.segments
    return tuple(s for k, s in enumerate(base) if k + 1 == len(base) or base[k + 1].quarter > quarter)


def expected(baseline: Baseline, solution: Solution, quarter: int) -> Solution:
    """What people expect from a quarter on in the baseline or in a scenario on it that is announced then or later.

    News that comes after the announcement is not in it.
    """
    held = held_after(baseline, quarter)[0]
    seen, elapsed = held.solution, quarter - held.quarter
    path, exogenous = path_from(seen.path, elapsed), instruments_from(seen.exogenous, elapsed)
    if solution.segments is not baseline.segments:
        seen = solution.segments[0].solution if solution.segments else solution
        wait = seen.first_quarter - quarter
        path = np.concatenate([path[:wait], seen.path])[: len(path)]
        exogenous = np.concatenate([exogenous[: wait + 1], seen.exogenous[1:]])[: len(exogenous)]
    problem = seen.problem._replace(start=state_at(baseline.solution, quarter), exogenous=exogenous)
    return replace(seen, name=solution.name, problem=problem, path=path, first_quarter=quarter)
