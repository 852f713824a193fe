"""Gradients: of a path moment by every instrument in every quarter and by every number of the calibration; of a policy's criteria."""

from functools import partial

import numpy as np
import yaml

from calibration import calibrate, load
from calibration.gradients import baseline_gradient
from experiments.benchmark.measure import REPEATS, Row, seconds_of
from experiments.benchmark.paths import straight_line
from experiments.policy.answer import people_of, planned
from experiments.request.policies import build_question
from experiments.request.question_file import QUESTIONS
from model.equilibrium.economy import reference
from model.solvers.path import path_solver
from model.transition.derivatives.path_gradient import path_gradient
from model.transition.solutions import Settings
from model.transition.solve import solve_scenario

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


def policy_slopes():
    """Slopes of loss and limit by eight controls against a solve through all news, for a point somewhere and for its neighbours."""
    calibrated, settings = load(), Settings()
    question = build_question(
        yaml.safe_load((QUESTIONS / "best_use_of_a_tenth.yaml").read_text()), calibrated.inputs, settings
    )
    plan = planned(question, calibrated.baseline(settings), people_of(calibrated.inputs, settings.smoothing))
    ways = np.random.default_rng(0).uniform(0.05, 0.1, (2 * REPEATS + 2, len(plan.scale)))
    near = iter(plan.scale * (0.05 + 0.1 * ways))

    def solved():
        return plan.trials([next(near)])[0]

    trial = solved()
    beside, gradient = (seconds_of(f)[1] for f in (solved, lambda: plan.slopes(trial)))
    alone = seconds_of(lambda: solve_scenario(plan.baseline, plan.scenario(trial.point)).path)[1]
    note = f"{len(trial.criteria)} criteria by {len(plan.scale)} controls"
    yield Row("slopes of a policy", gradient, "s", note)
    yield Row("slopes of a policy over a solve from the baseline", gradient / alone, "times", note)
    yield Row("slopes of a policy over a solve from a policy nearby", gradient / beside, "times", note)
