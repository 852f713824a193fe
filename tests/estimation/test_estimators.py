"""Estimators on linear models, where everything is known in closed form."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
import scipy.stats

from calibration.estimators.identification import flat_directions, identification, opposed
from calibration.estimators.minimum_distance import Fit, fit, fit_many, objective, rough_points
from calibration.estimators.posterior import fitted, sample, truncated_normal
from model.solvers.outcome import Code, Outcome
from model.transition.solutions import NotSolved
from tests.estimation.linear_model import LinearEstimation, linear_estimation


def test_search_ends_at_the_ridge_regression():
    estimation = linear_estimation()
    found = fit(estimation, np.array([2.0, -2.0, 1.0]))
    assert found.converged
    np.testing.assert_allclose(found.u, estimation.mode, atol=2e-3)
    exact = objective(estimation, estimation.mode, estimation.measure(estimation.mode))
    assert found.objective - exact < 1e-5


def test_search_stops_at_the_bounds():
    estimation = linear_estimation(reach=0.1)
    found = fit(estimation, np.zeros(3))
    assert np.abs(found.u).max() == pytest.approx(0.1)
    low = np.clip(found.u + 1e-3 * np.sign(-found.u), -0.1, 0.1)
    assert objective(estimation, low, estimation.measure(low)) > found.objective


def test_a_search_that_cannot_descend_says_so():
    class Stubborn(type(linear_estimation())):
        def jacobian(self, _, u):
            return -self.slope  # the wrong way

    base = linear_estimation()
    found = fit(Stubborn(base.slope, base.intercept, base.data, base.errors), np.zeros(3))
    assert not found.converged
    assert found.reason in ("no step lowers the objective", "60 steps were not enough")


@dataclass(frozen=True)
class Kinked(LinearEstimation):
    """Moments also rise with the distance of the first number from .2, as where a constraint begins to bind."""

    def measure(self, u):
        return super().measure(u) + 5 * abs(u[0] - 0.2)

    def jacobian(self, _, u):
        return self.slope + 5 * np.sign(u[0] - 0.2) * np.eye(self.slope.shape[1])[0]


@dataclass(frozen=True)
class Walled(LinearEstimation):
    """No path where a number is larger than the wall."""

    wall: float = 0.2

    def solved(self, u):
        if np.abs(u).max() > self.wall:
            raise NotSolved(Outcome(Code.INFEASIBLE, "no path behind the wall"))
        return super().solved(u)


def as_(kind, base, **rest):
    return kind(base.slope, base.intercept, base.data, base.errors, **rest)


def test_a_search_ends_at_a_kink_and_says_so():
    base = replace(linear_estimation(), data=linear_estimation().intercept - 1)
    estimation = as_(Kinked, base)
    found = fit(estimation, np.array([1.0, 0.5, -0.5]))
    assert found.converged and found.reason.startswith("the objective falls no further")
    assert found.u[0] == pytest.approx(0.2, abs=1e-3)


def test_a_search_goes_back_from_where_there_is_no_path_and_says_so():
    said = []
    found = fit(as_(Walled, linear_estimation(), wall=1.0), np.array([0.9, -0.9, 0.9]), said.append)
    estimation = linear_estimation()
    assert np.abs(estimation.mode).max() < 1 and found.converged
    assert any("no path behind the wall" in line for line in said)
    np.testing.assert_allclose(found.u, estimation.mode, atol=2e-3)
    assert found.objective == pytest.approx(float(objective(estimation, found.u, found.moments)))


def test_a_search_that_ends_where_there_is_no_path_has_not_converged():
    said = []
    found = fit(as_(Walled, linear_estimation()), np.zeros(3), said.append)
    assert not found.converged
    assert found.reason == "no step lowers the objective: further on there is no path"
    assert any("no path behind the wall" in line for line in said)
    assert np.abs(found.u).max() <= 0.2


def test_a_start_without_a_path_is_refused():
    with pytest.raises(NotSolved, match="behind the wall"):
        fit(as_(Walled, linear_estimation()), np.ones(3))


def test_what_a_fit_returns_belongs_together():
    estimation = linear_estimation()
    found = fit(estimation, np.zeros(3))
    assert len(estimation.solves) == found.steps + 1
    np.testing.assert_allclose(found.moments, estimation.measure(found.u))
    scaled = found.jacobian / estimation.errors[:, None]
    np.testing.assert_allclose(found.gradient, scaled.T @ estimation.distances(found.moments) + found.u, atol=1e-9)


def test_many_estimations_in_batches_end_where_each_does():
    first = linear_estimation()
    data = np.random.default_rng(1).standard_normal((4, 5))
    many = [replace(first, data=row) for row in data]
    u, jacobians = fit_many(many, np.zeros((4, 3)), np.zeros((4, 3)), steps=3)
    np.testing.assert_allclose(u, [e.mode for e in many], atol=1e-10)
    np.testing.assert_allclose(jacobians, [first.slope] * 4)


def test_the_rough_stage_starts_at_the_prior_median_and_stays_inside():
    estimation = linear_estimation(reach=0.5)
    points = rough_points(estimation, 16, seed=3)
    assert points.shape == (16, 3)
    assert (points[0] == 0).all()
    assert np.abs(points).max() <= 0.5


def test_covariance_and_sensitivity_are_those_of_the_normal_model():
    estimation = linear_estimation()
    told = identification(estimation.slope, estimation.errors)
    scaled = estimation.slope / estimation.errors[:, None]
    np.testing.assert_allclose(told.covariance, np.linalg.inv(scaled.T @ scaled + np.eye(3)), atol=1e-12)
    moved = replace(estimation, data=estimation.data + np.array([0.7, 0, 0, 0, 0]))
    np.testing.assert_allclose(
        moved.mode - estimation.mode, told.sensitivity[:, 0] * 0.7 / estimation.errors[0], atol=1e-12
    )
    np.testing.assert_allclose(told.learned, 1 - np.diag(told.covariance))


def test_a_direction_without_data_is_named():
    slope = np.random.default_rng(2).standard_normal((4, 3))
    slope[:, 1] = 0.0
    told = identification(slope, np.ones(4))
    (sentence,) = flat_directions(told, ("speed", "depth", "length"))
    assert "no target informs depth:" in sentence


def test_the_target_that_stands_against_another_is_named():
    estimation = replace(
        linear_estimation(2, 1), slope=np.array([[1.0], [1.0]]), intercept=np.zeros(2), data=np.array([2.0, -2.0]),
        errors=np.array([1.0, 0.1]),
    )  # fmt: skip
    found = fit(estimation, np.zeros(1))
    assert opposed(found, estimation, 0)[0] == "datum_1"


def test_the_surrogate_has_the_curvature_that_solved_points_show():
    generator = np.random.default_rng(0)
    slope, curvature = generator.standard_normal((2, 3)), generator.standard_normal((2, 3, 3))

    def moments(u):
        return slope @ u + np.einsum("mij,i,j->m", curvature, u, u)

    points = generator.standard_normal((60, 3))
    zero = Fit(np.zeros(3), np.zeros(2), slope, 0.0, np.zeros(3), 0, True, "")
    surrogate = fitted(zero, points, np.array([moments(u) for u in points]))
    for u in 0.5 * generator.standard_normal((5, 3)):
        np.testing.assert_allclose(surrogate(u), moments(u), atol=0.05)


@pytest.mark.slow
def test_posterior_of_a_linear_model_is_the_normal_one():
    estimation = linear_estimation()
    found = fit(estimation, np.zeros(3))
    posterior = sample(estimation, found, (64, 400), seed=1)
    assert not list(posterior.problems)
    told = identification(estimation.slope, estimation.errors)
    spread = np.sqrt(np.diag(told.covariance))
    np.testing.assert_allclose(posterior.draws.mean(0), estimation.mode, atol=0.25 * spread.max())
    np.testing.assert_allclose(posterior.draws.std(0), spread, rtol=0.25)
    np.testing.assert_allclose(posterior.moments, estimation.batch(posterior.draws))
    assert posterior.worth > 350


def test_draws_at_a_bound_are_truncated_and_not_put_on_it(rng):
    """Mean and deviation of a standard normal above -0.5 (scipy), and nothing on the bound itself."""
    far = np.array([np.inf, np.inf])
    points = truncated_normal(rng, np.zeros(2), np.diag([1.0, 4.0]), np.array([-0.5, -np.inf]), far, 40_000)
    truth = scipy.stats.truncnorm(-0.5, np.inf)
    assert points[:, 0].min() > -0.5
    assert points[:, 0].mean() == pytest.approx(truth.mean(), abs=0.02)
    assert points[:, 0].std() == pytest.approx(truth.std(), abs=0.02)
    assert points[:, 1].std() == pytest.approx(2.0, abs=0.04)
