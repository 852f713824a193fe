"""Best coefficients of simple rules against closed forms and the Riccati equation."""

import equinox as eqx
import numpy as np
import pytest
import scipy.linalg

from model.examples.new_keynesian import NEW_KEYNESIAN
from model.examples.new_keynesian import Parameters as NewKeynesian
from model.policy.finish import NoAnswer, finish
from model.policy.rules import Rest, RuleTask
from model.policy.search import best_policy
from model.solvers.first_order.law import Shocks
from model.solvers.first_order.variances import covariances, every_unknown
from tests.policy.backward_looking import CAUTION, MEMORY, ON_OUTPUT, ON_RATE, SIZES, SLOPE, ball_task


def best_of_all_rules():
    """Feedback from output and inflation that no rule beats, by the Riccati equation, and its loss."""
    A, B = np.array([[MEMORY, 0.0], [SLOPE, 1.0]]), np.array([[-CAUTION], [0.0]])
    Q, R = np.diag([ON_OUTPUT, 1.0]), np.array([[ON_RATE]])
    value = scipy.linalg.solve_discrete_are(A, B, Q, R)
    feedback = np.linalg.solve(R + B.T @ value @ B, B.T @ value @ A)[0]
    return -feedback, float(np.trace(value @ np.diag(SIZES**2)))


def test_a_rule_on_all_that_matters_is_the_one_of_the_riccati_equation():
    task = ball_task()
    best = finish(task, task.trials([np.array([0.8, 0.5])])[0])
    wanted, loss = best_of_all_rules()
    assert best.conditions.met
    np.testing.assert_allclose(best.trial.point, wanted, atol=1e-8)
    np.testing.assert_allclose(best.trial.criteria[0], loss, rtol=1e-12)


def test_searches_from_many_starts_end_at_the_same_rule():
    found = best_policy(ball_task(low=-0.5 * np.ones(2), high=2 * np.ones(2)), np.array([0.8, 0.5]), 8)
    assert found.agree == found.starts >= 2
    np.testing.assert_allclose(found.best.trial.point, best_of_all_rules()[0], atol=1e-7)


def test_slopes_are_those_of_differences():
    task, at, h = ball_task(), np.array([0.9, 0.4]), 1e-4
    slopes = task.slopes(task.trials([at])[0])[0]
    for k, unit in enumerate(np.eye(2)):
        below, low, high, above = (t.criteria[0] for t in task.trials([at + j * h * unit for j in (-2, -1, 1, 2)]))
        np.testing.assert_allclose(slopes[k], (8 * (high - low) - (above - below)) / (12 * h), rtol=1e-9)


def test_a_corner_is_named_with_what_its_bound_costs():
    task = ball_task(low=np.array([0.0, 0.0]), high=np.array([2.0, 0.2]))
    best = finish(task, task.trials([np.array([0.8, 0.1])])[0])
    assert best.conditions.met
    assert best.trial.point[1] == 0.2
    assert best.conditions.at_high[1] > 0


QUIET, KAPPA, CURVATURE, LASTING = 0.99, 0.17, 1.0, 0.5


def test_without_a_cost_of_moving_the_rate_demand_is_offset_as_far_as_a_bound_allows():
    """Gali (2015), ch. 4: under shocks to demand alone, inflation falls without end in its coefficient."""
    p = NewKeynesian(QUIET, CURVATURE, KAPPA, 1.5, 0.1, 0.0, -1.0, 0.0, 0.0, 0.0)
    direction = np.zeros((len(NEW_KEYNESIAN.instruments), 1))
    direction[NEW_KEYNESIAN.instruments.index("r")] = 1.0
    shocks, rest = Shocks(direction, np.array([LASTING])), Rest(p, np.zeros(4), np.zeros(5))

    def with_rule(p, point):
        return eqx.tree_at(lambda p: p.inflation_response, p, point[0])

    def judged(law, deviation):
        varied = covariances(law, every_unknown(law), np.array([LASTING]), deviation, NEW_KEYNESIAN.carried)
        return varied.levels[1, 1]

    task = RuleTask(NEW_KEYNESIAN, with_rule, rest, shocks, judged, np.ones(1), 0.0, 5.0, np.ones(1))
    best = finish(task, task.trials([np.array([1.5])])[0])
    scale = KAPPA / ((1 - QUIET * LASTING) * (CURVATURE * (1 - LASTING) + 0.1) + KAPPA * (5.0 - LASTING))
    assert best.conditions.met
    assert best.trial.point[0] == 5.0
    np.testing.assert_allclose(best.trial.criteria[0], scale**2 / (1 - LASTING**2), rtol=1e-10)
    assert not task.trials([np.array([0.8])])[0].solved  # many stable paths


def test_coefficients_that_move_the_steady_state_are_refused():
    p = NewKeynesian(QUIET, CURVATURE, KAPPA, 1.5, 0.1, 0.0, -1.0, 0.0, 0.0, 0.0)

    def with_intercept(p, point):
        return eqx.tree_at(lambda p: p.intercept, p, point[0])

    shocks, rest = Shocks(np.ones((4, 1)), np.zeros(1)), Rest(p, np.zeros(4), np.zeros(5))
    task = RuleTask(
        NEW_KEYNESIAN, with_intercept, rest, shocks, lambda law, _: law.by_shock[0, 0], (), 0.0, 1.0, np.ones(1)
    )
    with pytest.raises(NoAnswer, match="move the steady state"):
        task.trials([np.array([0.5])])


def test_the_same_program_answers_at_other_sizes_of_shocks():
    task = ball_task()
    near = task.elsewhere(given=2 * SIZES)
    (here,), (there,) = task.trials([np.array([0.9, 0.4])]), near.trials([np.array([0.9, 0.4])])
    np.testing.assert_allclose(there.criteria, 4 * here.criteria, rtol=1e-12)
