"""Quadratic programmes, first-order conditions and searches against answers that can be written down."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize

from model.policy.finish import NoAnswer, finish
from model.policy.quadratic import least
from model.policy.search import best_policy, starting_points
from model.policy.several import Several, together
from model.policy.task import Trial


class Written:
    """A task made of functions of the controls."""

    def __init__(self, criteria, slopes, low, high, scale=1.0):
        self._criteria, self._slopes = criteria, slopes
        self.low, self.high = np.asarray(low, float), np.asarray(high, float)
        self.scale = np.full(len(self.low), scale)

    def trials(self, points):
        return [Trial(np.asarray(p, float), np.asarray(self._criteria(np.asarray(p, float)), float)) for p in points]

    def slopes(self, trial):
        return np.asarray(self._slopes(trial.point), float)


def split(worth, budget=1.0):
    """The most of `sum worth log(1 + x)` with `sum x <= budget`: water filling."""
    worth = np.asarray(worth)
    return Written(
        lambda x: [-(worth @ np.log1p(x)), x.sum() - budget],
        lambda x: [-worth / (1 + x), np.ones(len(x))],
        np.zeros(len(worth)),
        np.full(len(worth), 2.0),
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_least_of_a_quadratic_form_is_where_another_solver_has_it(seed):
    generator = np.random.default_rng(seed)
    count, rows = generator.integers(1, 6), generator.integers(0, 9)
    root = generator.normal(size=(count, count))
    curvature, slope = root @ root.T + 0.1 * np.eye(count), generator.normal(size=count)
    sides, ends = generator.normal(size=(rows, count)), generator.uniform(0, 1, rows)
    found = least(curvature, slope, sides, ends)
    other = minimize(
        lambda x: x @ curvature @ x / 2 + slope @ x,
        np.zeros(count),
        jac=lambda x: curvature @ x + slope,
        constraints=[{"type": "ineq", "fun": lambda x: ends - sides @ x, "jac": lambda x: -sides}] if rows else (),
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 500},
    )
    np.testing.assert_allclose(found.point, other.x, atol=1e-6)
    np.testing.assert_allclose(curvature @ found.point + slope + sides.T @ found.multipliers, 0, atol=1e-9)


def test_rows_that_exclude_each_other_have_no_least():
    assert least(np.eye(1), np.zeros(1), np.array([[1.0], [-1.0]]), np.array([-1.0, -1.0])) is None


def test_a_sum_is_split_as_water_filling_has_it():
    """worth / (1 + x) is the same where x is above 0, and less elsewhere; the multiplier is that worth of a further unit."""
    task = split([4.0, 2.0, 1.0])
    found = best_policy(task, np.zeros(3), 8)
    best = found.best
    assert (found.starts, found.agree) == (8, 8)
    level = (4.0 + 2.0) / (1.0 + 2.0)
    np.testing.assert_allclose(best.trial.point, [4.0 / level - 1, 2.0 / level - 1, 0.0], atol=1e-9)
    np.testing.assert_allclose(best.conditions.multipliers, [level], rtol=1e-8)
    np.testing.assert_allclose(best.conditions.at_low, [0, 0, level - 1.0], atol=1e-8)
    assert best.conditions.residual < 1e-8
    assert best.conditions.met


def test_a_corner_is_known_by_its_multiplier():
    task = Written(lambda x: [-x[0] + x[1] ** 2], lambda x: [[-1.0, 2 * x[1]]], [0, -1], [0.5, 1])
    best = best_policy(task, np.array([0.1, 0.3]), 4).best
    np.testing.assert_allclose(best.trial.point, [0.5, 0.0], atol=1e-9)
    np.testing.assert_allclose(best.conditions.at_high, [1.0, 0.0], atol=1e-9)


def test_starts_lie_within_bounds_and_limits():
    task = split([1.0, 1.0, 1.0])
    (first,) = task.trials(np.zeros((1, 3)))
    points = starting_points(task, first, 16)
    assert points.shape == (16, 3)
    assert (points >= 0).all()
    assert (points.sum(1) <= 1 + 1e-12).all()


def test_a_loss_that_falls_without_end_is_refused():
    task = Written(lambda x: [-x.sum()], lambda x: [-np.ones(2)], [-np.inf] * 2, [np.inf] * 2)
    with pytest.raises(NoAnswer, match="falls without end: give the controls bounds"):
        finish(task, task.trials(np.zeros((1, 2)))[0])


def test_a_loss_that_falls_as_far_as_there_are_paths_is_refused():
    def criteria(x):
        return [-x[0] if x[0] < 3 else np.nan]

    task = Written(criteria, lambda x: [[-1.0]], [0], [np.inf])
    with pytest.raises(NoAnswer, match="falls without end, as far as the economy can be solved"):
        finish(task, task.trials(np.zeros((1, 1)))[0])


def test_limits_that_exclude_each_other_are_refused():
    task = Written(lambda x: [x[0] ** 2, x[0] - 1, 2 - x[0]], lambda x: [[2 * x[0]], [1.0], [-1.0]], [-5], [5])
    with pytest.raises(NoAnswer, match="no point was found at which all limits are kept"):
        finish(task, task.trials(np.zeros((1, 1)))[0])


@pytest.mark.parametrize("slack", [1.0, 100.0])
def test_a_limit_that_nothing_moves_and_that_is_kept_changes_nothing(slack):
    task = Written(
        lambda x: [(x[0] - 0.1) ** 2 + x[1] ** 2, -slack],
        lambda x: [[2 * (x[0] - 0.1), 2 * x[1]], [0, 0]],
        [-2] * 2,
        [2] * 2,
    )
    best = best_policy(task, np.ones(2), 4).best
    np.testing.assert_allclose(best.trial.point, [0.1, 0.0], atol=1e-9)
    assert best.conditions.multipliers.tolist() == [0.0]


@pytest.mark.parametrize("over", [0.1, 1e-6])
def test_a_limit_that_nothing_moves_and_that_is_passed_is_refused(over):
    task = Written(lambda x: [x[0] ** 2, over], lambda x: [[2 * x[0]], [0.0]], [-2], [2])
    with pytest.raises(NoAnswer, match="no point was found at which all limits are kept"):
        best_policy(task, np.zeros(1), 4)


def test_around_a_hole_in_what_limits_allow_other_starts_find_the_way():
    """The least of (x - 0.1)^2 + z^2 with x^2 >= 1 is at (1, 0); at the origin no way leads out to first order."""
    task = Written(
        lambda x: [(x[0] - 0.1) ** 2 + x[1] ** 2, 1 - x[0] ** 2],
        lambda x: [[2 * (x[0] - 0.1), 2 * x[1]], [-2 * x[0], 0.0]],
        [-2, -2],
        [2, 2],
    )
    best = best_policy(task, np.zeros(2), 8).best
    np.testing.assert_allclose(best.trial.point, [1.0, 0.0], atol=1e-8)
    np.testing.assert_allclose(best.conditions.multipliers, [0.9], rtol=1e-7)


@pytest.mark.parametrize("starts", [1, 8])
def test_a_saddle_is_left(starts):
    task = Written(lambda x: [x[1] ** 2 - x[0] ** 2], lambda x: [[-2 * x[0], 2 * x[1]]], [-1, -1], [1, 1])
    best = best_policy(task, np.zeros(2), starts).best
    assert best.conditions.met
    np.testing.assert_allclose(np.abs(best.trial.point), [1.0, 0.0], atol=1e-9)


@pytest.mark.parametrize("control", [0, 1])
@pytest.mark.parametrize("centre", [-6, 6])
def test_starts_reach_a_deeper_valley_that_is_many_usual_changes_away(control, centre):
    def loss(x):
        return x[1 - control] ** 2 / 100 - np.exp(-(x[control] ** 2)) - 2 * np.exp(-((x[control] - centre) ** 2))

    def slope(x):
        found, z = x / 50, x[control]
        found[control] = 2 * z * np.exp(-(z**2)) + 4 * (z - centre) * np.exp(-((z - centre) ** 2))
        return found

    task = Written(lambda x: [loss(x)], lambda x: [slope(x)], [-10, -10], [10, 10], 0.5)
    best = best_policy(task, np.zeros(2), 32).best
    np.testing.assert_allclose(best.trial.point, np.eye(2)[control] * centre, atol=1e-6)


def test_curvatures_of_another_problem_do_not_make_a_crest_an_optimum():
    """x^4 / 4 + x^2 / 2 is least at 0; with the other sign of the square there is a crest at 0 and the least at 1 and -1."""

    def task(a):
        return Written(lambda x: [x[0] ** 4 / 4 - a * x[0] ** 2 / 2], lambda x: [[x[0] ** 3 - a * x[0]]], [-3], [3])

    one, other = task(-1), task(1)
    found = finish(one, one.trials(np.array([[0.5]]))[0])
    again = finish(other, other.trials(np.zeros((1, 1)))[0], found.curvatures)
    np.testing.assert_allclose(np.abs(again.trial.point), [1.0], atol=1e-8)


def test_a_crest_is_left_within_the_limits():
    """-x^2 + z^2 with |x| at most one half."""
    task = Written(
        lambda x: [x[1] ** 2 - x[0] ** 2, np.tanh(10 * (x[0] ** 2 - 0.25))],
        lambda x: [[-2 * x[0], 2 * x[1]], [20 * x[0] / np.cosh(10 * (x[0] ** 2 - 0.25)) ** 2, 0.0]],
        [-3, -3],
        [3, 3],
    )
    best = best_policy(task, np.zeros(2), 1).best
    np.testing.assert_allclose(np.abs(best.trial.point), [0.5, 0.0], atol=1e-7)


def test_rounding_in_a_limit_that_nothing_moves_is_not_a_limit_that_is_passed():
    task = Written(lambda x: [(x[0] - 0.1) ** 2, 1e-14], lambda x: [[2 * (x[0] - 0.1)], [1e-19]], [-2], [2])
    np.testing.assert_allclose(best_policy(task, np.zeros(1), 4).best.trial.point, [0.1], atol=1e-9)


def test_conditions_that_hold_early_on_a_steep_start_are_made_sharper():
    """The least of exp(-9 x) + (x - 3)^2 / 1e3, whose slope at the start is a million times its curvature at the end."""
    task = Written(
        lambda x: [np.exp(-9 * x[0]) + (x[0] - 3) ** 2 / 1e3],
        lambda x: [[-9 * np.exp(-9 * x[0]) + 2 * (x[0] - 3) / 1e3]],
        [-np.inf],
        [np.inf],
    )
    exact = brentq(lambda x: -9 * np.exp(-9 * x) + 2 * (x - 3) / 1e3, 0, 4, xtol=1e-14)
    found = best_policy(task, np.array([-1.0]), 8)
    np.testing.assert_allclose(found.best.trial.point, [exact], atol=1e-9)
    assert (found.starts, found.agree) == (8, 8)


def test_where_there_is_no_solution_starts_are_drawn_nearer():
    task = Written(lambda x: [x[0] ** 2 if x[0] < 1 else np.nan], lambda x: [[2 * x[0]]], [-1], [9])
    assert best_policy(task, np.full(1, 0.5), 8).starts == 8


def test_a_search_can_begin_where_the_origin_has_no_loss():
    task = Written(lambda x: [x[0] - np.log(x[0]) if x[0] > 0 else np.nan], lambda x: [[1 - 1 / x[0]]], [0], [9])
    np.testing.assert_allclose(best_policy(task, np.zeros(1), 8).best.trial.point, [1.0], atol=1e-8)


def test_of_several_valleys_the_deepest_is_found_from_enough_starts():
    """The least of (x^2 - 1)^2 + x / 5 lies near -1, another valley near 1."""
    task = Written(
        lambda x: [(x[0] ** 2 - 1) ** 2 + x[0] / 5], lambda x: [[4 * x[0] * (x[0] ** 2 - 1) + 0.2]], [-2], [2], 2.0
    )
    found = best_policy(task, np.array([1.5]), 8)
    np.testing.assert_allclose(found.best.trial.point, np.sort(np.roots([4, 0, -4, 0.2]).real)[:1], atol=1e-8)
    assert found.agree < found.starts


def test_a_search_that_begins_at_the_best_knows_it():
    """What is left of the slope there, rounding, is all that is met."""
    centre, rounding = 0.02985, 1e-11

    def slope(x):
        return [[60 * (x[0] - centre) + rounding * np.sign(np.sin(1e5 * x[0]))]]

    task = Written(lambda x: [30 * (x[0] - centre) ** 2 - 103], slope, [0], [0.2], 0.2)
    found = best_policy(task, np.array([centre]), 1).best
    again = finish(task, found.trial, found.curvatures)
    for optimum in (found, again):
        assert optimum.conditions.met and optimum.conditions.residual < 1e-9
        np.testing.assert_allclose(optimum.trial.point, [centre], atol=1e-9)


@pytest.mark.parametrize("starts", [1, 8])
def test_what_nothing_moves_has_no_best(starts):
    task = Written(lambda x: [3.0], lambda x: [[0.0]], [-1], [1])
    with pytest.raises(NoAnswer, match="nothing that may be set moves what is judged"):
        best_policy(task, np.zeros(1), starts)


def squares(centres):
    return [Written(lambda x, c=c: [(x[0] - c) ** 2], lambda x, c=c: [[2 * (x[0] - c)]], [-9], [9]) for c in centres]


def test_the_best_for_all_is_the_mean_and_for_the_worst_the_middle():
    tasks = squares([0.0, 1.0, 5.0])
    floor = np.zeros(3)
    np.testing.assert_allclose(together(Several(tasks, floor), np.array([0.3])).trial.point, [2.0], atol=1e-8)
    worst = together(Several(tasks, floor, ceiling=1.0), np.array([0.3]))
    np.testing.assert_allclose(worst.trial.point, [2.5, 6.25], atol=1e-7)


def test_the_best_for_the_worst_is_found_where_losses_are_small():
    """Losses of a ten-millionth whose ceilings cross at the least of none: -x + x^2 and x + x^2, with the worst at nothing."""
    tiny = 1e-7
    tasks = [
        Written(lambda x, s=s: [tiny * (s * x[0] + x[0] ** 2)], lambda x, s=s: [[tiny * (s + 2 * x[0])]], [-9], [9])
        for s in (-1.0, 1.0)
    ]
    own = [2 * tiny * np.ones((1, 1, 1))] * 2
    best = together(Several(tasks, np.zeros(2), ceiling=tiny), np.array([0.32]), own)
    assert best.conditions.met
    np.testing.assert_allclose(best.trial.point, [0.0, 0.0], atol=1e-8)


@pytest.mark.parametrize("ceiling", [None, 1.0])
def test_curvatures_of_several_are_made_of_those_of_each(ceiling):
    """Quadratic losses and limits, whose second derivatives are known."""
    bent = [np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([[4.0, -1.0], [-1.0, 3.0]])]
    tasks = [
        Written(lambda x, b=b: [x @ b @ x / 2, x @ x / 2 - 9], lambda x, b=b: [b @ x, x], [-9, -9], [9, 9], 2.0)
        for b in bent
    ]
    several = Several(tasks, np.zeros(2), ceiling)
    own = [4.0 * np.array([b, np.eye(2)]) for b in bent]
    found = several.curvatures(own)
    start = several.start(np.array([0.3, -0.2]))
    differences = []
    for way in np.eye(len(several.scale)) * several.scale:
        (other,) = several.trials([start.point + 1e-3 * way])
        differences.append((several.slopes(other) - several.slopes(start)) * several.scale / 1e-3)
    np.testing.assert_allclose(found, np.moveaxis(differences, 0, 2), atol=1e-9)
    best = together(several, np.array([0.3, -0.2]), own)
    np.testing.assert_allclose(best.trial.point[:2], 0, atol=1e-8)
