"""From a solved scenario to what is exported of it."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from experiments.export.dynare import Export
from model.solvers.path import with_ends
from model.transition.scenarios.catch_up import logistic


def segments_of(solution, description):
    """The perfect-foresight problems of a solution with their descriptions: itself, or one `Solution` for each piece of news that its people hear."""
    if len(solution.segments) < 2:
        return [(solution, description)]
    label = solution.economy.units.quarter_label
    quarters = [s.quarter for s in solution.segments]
    ends = [f"It comes true until {label(q)}, when people hear more: the next file." for q in quarters[1:]]
    told = zip(solution.segments, [*ends, "It comes true."], strict=True)
    return [
        (
            replace(s.solution, name=f"{solution.name}_{label(s.quarter)}"),
            f"{description} What people expect from {label(s.quarter)} on. {end}",
        )
        for s, end in told
    ]


def export_of(calibrated, baseline, solution, description, calibration):
    """Export of a Solution that converged; nothing of its path is in it but the state that it starts from and the quarter after its last."""
    settings, announced, economy = baseline.settings, solution.first_quarter, baseline.economy
    before = np.array(baseline.initial)
    before[economy.carried] = solution.problem.start
    midpoint, width = calibrated.catch_up["midpoint"]["technology"], calibrated.catch_up["width"]
    weight = logistic(settings.horizon, midpoint, width, settings.catch_up_complete)
    return Export(
        economy=economy,
        name=solution.name,
        description=" ".join(description.split()),
        calibration=calibration,
        first_quarter=announced,
        parameters=economy.with_smoothing(solution.problem.parameters, settings.smoothing),
        before=before,
        terminal=np.asarray(with_ends(economy, solution.problem, jnp.asarray(solution.path))[1][-1]),
        long_run=np.asarray(solution.long_run.steady.x),
        guess_from=np.asarray(baseline.initial),
        guess_weight=np.append(weight[announced:], np.ones(announced)),
        instruments=solution.exogenous,
    )
