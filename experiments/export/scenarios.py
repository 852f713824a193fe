"""From a solved scenario to what is exported of it."""

import numpy as np

from experiments.export.dynare import Export
from model.equilibrium.economy import reference
from model.transition.scenarios.catch_up import logistic


def export_of(calibrated, baseline, solution, description, calibration):
    """Export of a Solution that converged; nothing of its path is in it but the state that it starts from."""
    settings, announced = baseline.settings, solution.first_quarter
    before = np.array(baseline.initial)
    before[reference().carried] = solution.problem.start
    midpoint, width = calibrated.catch_up["midpoint"]["technology"], calibrated.catch_up["width"]
    weight = logistic(settings.horizon, midpoint, width, settings.catch_up_complete)
    return Export(
        name=solution.name,
        description=" ".join(description.split()),
        calibration=calibration,
        first_quarter=announced,
        parameters=reference().with_smoothing(solution.problem.parameters, settings.smoothing),
        before=before,
        terminal=np.asarray(solution.long_run.steady.x),
        guess_from=np.asarray(baseline.initial),
        guess_weight=np.append(weight[announced:], np.ones(announced)),
        instruments=solution.exogenous,
    )
