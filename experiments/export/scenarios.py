"""From a solved scenario to what is exported of it."""

from dataclasses import replace

import numpy as np

from experiments.export.dynare import Export
from model.transition.scenarios.catch_up import logistic


def segments_of(solution):
    """The perfect-foresight problems of a solution: itself, or one `Solution` for each piece of news that its people hear."""
    if len(solution.segments) < 2:
        return [solution]
    label = solution.economy.units.quarter_label
    return [replace(s.solution, name=f"{solution.name}_{label(s.quarter)}") for s in solution.segments]


def export_of(calibrated, baseline, solution, description, calibration):
    """Export of a Solution that converged; nothing of its path is in it but the state that it starts from."""
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
        terminal=np.asarray(solution.long_run.steady.x),
        guess_from=np.asarray(baseline.initial),
        guess_weight=np.append(weight[announced:], np.ones(announced)),
        instruments=solution.exogenous,
    )
