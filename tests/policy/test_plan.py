"""A planner's problem on the default economy: slopes against differences, forward against reverse, the best of all policies."""

import jax.numpy as jnp
import numpy as np
import pytest

from calibration import calibrate
from model.households.groups import heads
from model.policy.controls import Control, Controls
from model.policy.criteria import Judged, Limit, Mean, Square, Welfare
from model.policy.finish import finish
from model.policy.plan import Plan
from model.policy.readings import reading_weights
from model.transition.calendar import on_calendar
from model.transition.targets.small_changes import Factors, pulled, responses

pytestmark = pytest.mark.slow

SPENT = 0.1  # % of GDP a year


WANTED = 2.0


@pytest.fixture(scope="module")
def first(baseline):
    return baseline.economy.units.first_shown


def control(name, instruments, first, high, last=39, **more):
    last = None if last is None else first + last
    return Control(name, instruments, first, last, more.pop("every", None), 0.0, high, high, **more)


def plan_of(calibrated, baseline, first, *controls, losses=None, limits=None):
    people = np.asarray(heads(calibrated.parameters.households)).ravel()
    losses = losses or (Welfare(first, tuple(people)),)
    return Plan(baseline, first, Controls(controls), Judged(tuple(losses), tuple(limits or ())))


def outlays_without(baseline, first):
    from model.equilibrium.outcomes.report import reporter

    report = reporter(baseline.economy)(
        *on_calendar(baseline, baseline.solution), baseline.initial, baseline.economy.at_rest
    )
    return tuple(np.asarray(report.values["programme_outlays"])[first : first + 40] + SPENT)


@pytest.fixture(scope="module")
def split(calibrated, baseline, first):
    chosen = (
        control("AI", ("sA",), first, 0.05),
        control("grid", ("sG",), first, 0.2),
        control("low", ("trL",), first, 0.01),
    )
    limit = Limit("programme_outlays", None, outlays_without(baseline, first), first, mean=True)
    return plan_of(calibrated, baseline, first, *chosen, limits=[limit])


def along(plan, trial, way, step):
    above, below = (plan.trials((trial.point + h * way)[None])[0].criteria for h in (step, -step))
    return (above - below) / (2 * step)


def test_slopes_along_a_way_agree_with_differences(split, rng):
    (trial,) = split.trials((0.1 * split.scale)[None])
    way = rng.normal(size=3) * split.scale
    np.testing.assert_allclose(split.slopes(trial) @ way, along(split, trial, way, 3e-3), rtol=1e-5)


def test_slopes_of_losses_costs_of_change_and_limits_by_quarter(calibrated, baseline, first, rng):
    rate = Control("rate", ("epsi",), first, first + 5, 2, -0.01, 0.01, 0.01, 3000.0)
    losses = [Square("inflation_annual", None, (2.0,) * 8, first, 1.0, 0.98), Mean("unemployment", None, first, 4)]
    limits = [Limit("inflation_annual", None, (2.05,) * 3, first)]
    plan = plan_of(calibrated, baseline, first, rate, losses=losses, limits=limits)
    (trial,) = plan.trials([np.array([1e-3, -5e-4, 2e-4])])
    way = rng.normal(size=3) * 1e-3
    np.testing.assert_allclose(plan.slopes(trial) @ way, along(plan, trial, way, 1e-2), rtol=1e-5)


@pytest.mark.parametrize("point", [0.0, 0.05])
def test_slopes_of_a_permanent_policy_go_through_its_long_run(calibrated, baseline, first, point):
    """Where it stands at nothing too."""
    plan = plan_of(calibrated, baseline, first, control("childcare", ("scc",), first, 0.3, last=None))
    (trial,) = plan.trials([np.array([point])])
    np.testing.assert_allclose(plan.slopes(trial)[0], along(plan, trial, np.ones(1), 5e-4)[0], rtol=1e-5)


def test_slopes_of_a_permanent_policy_in_an_economy_without_news():
    calibrated = calibrate()
    plan = plan_of(calibrated, calibrated.baseline(), 0, control("AI", ("sA",), 0, 0.3, last=None))
    (trial,) = plan.trials([np.zeros(1)])
    np.testing.assert_allclose(plan.slopes(trial)[0], along(plan, trial, np.ones(1), 5e-4)[0], rtol=1e-5)


def lasting(directions):
    """The first of them, to the end from where it begins."""
    return np.maximum.accumulate(directions[:1], axis=1)


def test_forward_and_reverse_derivatives_agree(split, baseline, rng):
    (trial,) = split.trials((0.1 * split.scale)[None])
    solution, directions = trial.held.solution, split.controls.directions(baseline.economy.instruments, 242)
    weights = rng.normal(size=(2, *trial.held.path.shape))
    directions = np.concatenate([directions, lasting(directions)])
    forward = np.tensordot(weights, responses(solution, directions), ((1, 2), (1, 2)))
    reverse = np.tensordot(pulled(solution, weights), directions, ((1, 2), (1, 2)))
    np.testing.assert_allclose(reverse, forward, rtol=1e-8)


def test_a_factor_of_a_path_nearby_gives_the_same_derivatives(split, rng):
    """And one of a path far away is left for one of its own."""
    trials = split.trials(split.scale * np.array([[0.05, 0.1, 0.1], [0.2, 0.0, 0.05], [3.0, 3.0, 3.0]]))
    directions = split.controls.directions(split.baseline.economy.instruments, 242)
    for trial in trials[1:]:
        weights, factors = rng.normal(size=(2, *trial.held.path.shape)), Factors()
        responses(trials[0].held.solution, directions, factors)
        for derivative, along in ((responses, directions), (pulled, weights)):
            own, borrowed = (derivative(trial.held.solution, along, kept) for kept in (None, factors))
            np.testing.assert_allclose(borrowed, own, atol=1e-8 * np.abs(own).max())


def test_points_solved_together_are_those_solved_alone(split):
    points = split.scale * np.array([[0.05, 0.1, 0.1], [0.2, 0.0, 0.05]])
    for one, other in zip(split.trials(points), (split.trials(p[None])[0] for p in points), strict=True):
        np.testing.assert_allclose(one.criteria, other.criteria, atol=1e-8)


def test_points_close_to_one_just_solved_are_those_of_a_batch(split, monkeypatch):
    (start,) = split.trials((0.1 * split.scale)[None])
    points = start.point + 1e-3 * np.diag(split.scale)
    assert split._close(list(points)) and not split._close(list(points + split.scale))
    alone = split.trials(points)
    monkeypatch.setattr("model.policy.plan.CLOSE", 0.0)
    for one, other in zip(alone, split.trials(points), strict=True):
        np.testing.assert_array_equal(one.point, other.point)
        np.testing.assert_allclose(one.criteria, other.criteria, atol=1e-8)


def test_what_outlays_follow_directly_is_a_programme(baseline):
    """The switches multiply responses to what is not there in the baseline."""
    economy = baseline.economy
    given = *on_calendar(baseline, baseline.solution), jnp.asarray(baseline.initial), jnp.asarray(economy.at_rest)
    ones = {"programme_outlays": jnp.ones(len(baseline.solution.path))}
    moved = np.abs(np.asarray(reading_weights(economy, "programme_outlays")(*given, ones).by_exogenous)).max(0) > 1e-9
    entries = economy.instruments.entries
    moving = {entry.symbol for entry, moves in zip(entries, moved, strict=True) if moves}
    programmes = {entry.symbol for entry in entries if entry.metadata["spends"]}
    assert moving <= programmes
    assert programmes - moving <= {"pol", "sAon"}


def test_the_best_split_meets_its_conditions_and_gains_more_than_each_control_alone(split):
    (nothing,) = split.trials(np.zeros((1, 3)))
    best = finish(split, nothing)
    assert best.conditions.met
    assert best.conditions.residual <= 1e-6
    assert best.conditions.multipliers[0] > 0
    for k in range(3):
        alone = Controls([split.controls.each[k]])
        other = Plan(split.baseline, split.announced, alone, split.judged)
        found = finish(other, other.trials(np.zeros((1, 1)))[0])
        assert best.trial.criteria[0] <= found.trial.criteria[0] + 1e-9


@pytest.mark.parametrize(
    "loss", [Square("inflation_annual", None, (WANTED,) * 8, 3, 0.7, 0.9), Mean("inflation_annual", None, 3, 8, -1.0)]
)
def test_what_is_left_of_a_loss_weighs_what_it_did(loss, rng):
    """A loss is what its first five quarters add and what is left of it for a planner who thinks again in the sixth."""
    values = {"inflation_annual": rng.normal(size=20)}
    early = {"inflation_annual": np.where(np.arange(20) < 8, values["inflation_annual"], WANTED)}
    whole, left = float(loss(values, {})[0]), float(loss.since(8)(values, {})[0])
    nothing = float(loss({"inflation_annual": np.full(20, WANTED)}, {})[0])
    after = 0.0 if isinstance(loss, Square) else -3 * WANTED / 8
    assert whole - left == pytest.approx(float(loss(early, {})[0]) - after)
    assert nothing == pytest.approx(0.0 if isinstance(loss, Square) else -WANTED)
