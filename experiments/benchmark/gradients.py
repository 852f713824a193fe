"""The gradient of a path moment by every instrument in every quarter, and by every number of the calibration."""

from functools import partial

from calibration import calibrate
from calibration.gradients import baseline_gradient
from experiments.benchmark.measure import Row, seconds_of
from experiments.benchmark.paths import straight_line
from model.equilibrium.economy import reference
from model.solvers.path import path_solver
from model.transition.path_gradient import path_gradient
from model.transition.solutions import Settings

RENT = reference().variables.index("muX")
QUARTER = 32


def interconnection_rent(problem, path):
    """Interconnection rent in 2034Q1, in the coordinates of the solver."""
    return path[QUARTER, RENT]


def gradient_cost():
    """One path's gradient by all its instruments against its solve; the whole economy's by all inputs against its solve."""
    settings = Settings()
    baseline, arguments = straight_line(settings)
    solve = seconds_of(partial(path_solver(reference()), *arguments))[1]
    solution = baseline.solution
    gradient = seconds_of(
        lambda: path_gradient(solution.economy, solution.problem, solution.path, interconnection_rent).values
    )[1]
    note = f"by {len(reference().instruments)} instruments in {settings.horizon + 2} quarters, start, terminal condition and parameters"
    yield Row("gradient of a path moment", gradient, "s", note)
    yield Row("gradient of a path moment over a solve of the path", gradient / solve, "times")
    calibrated = calibrate(smoothing=settings.smoothing)
    whole = seconds_of(lambda: calibrated.baseline(settings).solution.path, repeats=3)[1]
    inputs = seconds_of(lambda: baseline_gradient(calibrated, baseline, interconnection_rent).values, repeats=3)[1]
    note = "by every target, parameter and catch-up number through both steady states and the natural rate"
    yield Row("gradient by the calibration's inputs", inputs, "s", note)
    yield Row("gradient by the calibration's inputs over a solve of the baseline", inputs / whole, "times")
