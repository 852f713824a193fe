"""Derivatives of path moments by every number that a calibration starts from, and by every instrument in every quarter."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from calibration.calibrate import Calibrated, catch_up_from, labels_of
from calibration.inversion import invert
from model.compute.compile import compiled
from model.solvers.jacobian.implicit import compiled_reverse
from model.solvers.path import PathProblem
from model.transition.derivatives.gradients import (
    announcement_of,
    baseline_chain,
    came_true,
    ends,
    roots_of,
    scenario_chain,
    scenario_roots,
)
from model.transition.derivatives.path_gradient import by_moment, moment_derivatives
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Baseline, Solution

Moment = Callable[[PathProblem, Array], Array]


class InputGradient(NamedTuple):
    """Moments `(moments,)`, their derivatives `{name of input: (moments,)}` and by instruments.

    `by_instrument` is `(moments, T + 2, instruments)`: an instrument in one of the quarters -1 to T; those of the last
    quarter are also the long run's in a scenario with permanent changes.
    """

    values: np.ndarray
    by_input: dict
    by_instrument: np.ndarray


def baseline_gradient(calibrated: Calibrated, baseline: Baseline, moment: Moment) -> InputGradient:
    """`InputGradient` of `moment(problem, path)`, a number or a vector, on the baseline of a calibrated economy.

    Targets and parameters work through the inversion, both steady states, the saddle path's rule, the natural rate and
    the path; names are those of `Inputs`. `moment` is traced once for each function object: define it outside of loops.
    """

    def chain(tree, shift):
        return _baseline(tree, shift, calibrated, baseline)

    return _gradient(chain, calibrated.inputs, baseline, moment)


def scenario_gradient(
    calibrated: Calibrated, baseline: Baseline, scenario: Scenario, solution: Solution, moment: Moment
) -> InputGradient:
    """The same on a `solution` of `model.transition.solve.solve_scenario`; inputs move the baseline that the scenario starts from.

    The moment's problem and path begin with the announcement, instruments are counted as in the baseline.
    """
    announced = announcement_of(scenario, baseline.economy.instruments, baseline.solution.exogenous.shape)
    roots = scenario_roots(baseline, solution)

    def chain(tree, shift):
        base = _baseline(tree, jnp.zeros_like(shift), calibrated, baseline)
        return scenario_chain(calibrated.economy, base, announced, shift, roots, baseline.settings)

    return _gradient(chain, calibrated.inputs, baseline, moment)


def _gradient(chain, inputs, baseline, moment):
    tree, shift = jax.tree.map(jnp.asarray, inputs.tree()), jnp.zeros(baseline.solution.exogenous.shape)
    solved, back = jax.vjp(lambda *given: came_true(chain(*given), baseline.settings)[:2], tree, shift)
    values, weights = moment_derivatives(moment)(*solved)
    by_tree, by_shift = by_moment(back, weights)
    return InputGradient(np.asarray(values), inputs.named(by_tree), np.asarray(by_shift))


def _baseline(tree, shift, calibrated, baseline):
    smoothing = baseline.solution.problem.smoothing
    found = _ends(calibrated.economy, labels_of(calibrated.inputs), baseline.settings)(tree, smoothing[-1])
    roots = [roots_of(s.solution, s.twin) for s in baseline.segments]
    quarters = [s.quarter for s in baseline.segments]
    return baseline_chain(calibrated.economy, found, shift, smoothing, quarters, roots, baseline.settings)


@cache
def _ends(economy, labels, settings):
    """`ends` from the arrays of `Inputs.tree`; `labels` are those of each part of the catch-up."""

    def calibrated(tree, smoothing):
        tree = dict(tree)
        catch_up = catch_up_from(economy, tree.pop("catch_up"), labels)
        return ends(economy, *invert(economy, tree, smoothing), catch_up, settings)

    return compiled_reverse(calibrated, compiled(calibrated))
