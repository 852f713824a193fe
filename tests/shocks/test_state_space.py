"""The likelihood and the smoother against textbook recursions, and data that give back their shocks."""

import jax.numpy as jnp
import numpy as np
import pytest
import scipy.linalg
from scipy.stats import multivariate_normal

from calibration.shocks.likelihood import log_likelihood
from calibration.shocks.scoring import diebold_mariano
from calibration.shocks.smoothing import smooth
from calibration.shocks.state_space import StateSpace
from model.solvers.first_order.variances import variance_at_rest

QUARTERS, SHOCKS, OBSERVED = 40, 2, 2
CORE = np.array([[0.8, 0.1], [-0.2, 0.6]])
IMPACT = np.array([[1.0, 0.3], [0.2, 0.7]])


@pytest.fixture
def space():
    """Two states that remember, and two observables that are sums of them."""
    seen = np.array([[1.0, 0.5], [0.0, 1.0]])
    transition = np.block([[CORE, np.zeros((2, 2))], [seen @ CORE, np.zeros((2, 2))]])
    return StateSpace(transition, np.concatenate([IMPACT, seen @ IMPACT]))


@pytest.fixture
def data(space, rng):
    state, found = np.zeros(4), []
    for _ in range(QUARTERS):
        state = space.transition @ state + space.impact @ (SIZES * rng.normal(size=SHOCKS))
        found.append(state[-OBSERVED:] + NOISE * rng.normal(size=OBSERVED))
    return np.array(found)


SIZES, NOISE = np.array([0.5, 0.3]), np.array([0.0, 0.4])


def covariance_of_all(space):
    """Variance of all observables of all quarters, `(quarters * observables, ...)`, from its definition."""
    pushed = space.impact * SIZES
    rest = scipy.linalg.solve_discrete_lyapunov(space.transition, pushed @ pushed.T)
    powers = [np.linalg.matrix_power(space.transition, k) for k in range(QUARTERS)]
    whole = np.zeros((QUARTERS, OBSERVED, QUARTERS, OBSERVED))
    for t in range(QUARTERS):
        for s in range(t + 1):
            block = (powers[t - s] @ rest)[-OBSERVED:, -OBSERVED:]
            whole[t, :, s], whole[s, :, t] = block, block.T
        whole[t, :, t] += np.diag(NOISE**2)
    return whole.reshape(QUARTERS * OBSERVED, -1)


def test_the_variance_at_rest_solves_the_lyapunov_equation(space):
    pushed = space.impact * SIZES
    exact = scipy.linalg.solve_discrete_lyapunov(space.transition, pushed @ pushed.T)
    np.testing.assert_allclose(variance_at_rest(space.transition, pushed @ pushed.T), exact, rtol=1e-12)


@pytest.mark.parametrize("root", [0.999, 0.99999])
def test_the_variance_at_rest_of_what_hardly_fades(root):
    np.testing.assert_allclose(variance_at_rest(np.array([[root]]), np.ones((1, 1))), 1 / (1 - root**2), rtol=1e-9)


@pytest.mark.parametrize("missing", [0, 15])
def test_the_likelihood_is_the_normal_density_of_what_is_known(space, data, missing, rng):
    known = np.ones(data.shape, bool)
    known.flat[rng.choice(data.size, missing, replace=False)] = False
    sizes = jnp.tile(jnp.asarray(SIZES), (QUARTERS, 1))
    got = log_likelihood(StateSpace(*map(jnp.asarray, space)), sizes, jnp.asarray(NOISE), data, jnp.asarray(known))
    at = np.flatnonzero(known.ravel())
    exact = multivariate_normal.logpdf(data.ravel()[at], cov=covariance_of_all(space)[np.ix_(at, at)])
    np.testing.assert_allclose(got, exact, rtol=1e-10)


def smoothed(space, data, noise, rest):
    tiled = StateSpace(*(np.tile(part, (QUARTERS, 1, 1)) for part in space))
    return smooth(tiled, np.tile(SIZES, (QUARTERS, 1)), noise, data, rest)


def test_the_smoother_has_the_same_likelihood_and_adds_up(space, data):
    values = data.copy()
    values[3, 1] = values[20] = np.nan
    pushed = space.impact * SIZES
    rest = scipy.linalg.solve_discrete_lyapunov(space.transition, pushed @ pushed.T)
    found = smoothed(space, values, NOISE, rest)
    known, sizes = np.isfinite(values), jnp.tile(jnp.asarray(SIZES), (QUARTERS, 1))
    exact = log_likelihood(
        StateSpace(*map(jnp.asarray, space)), sizes, jnp.asarray(NOISE), np.nan_to_num(values), known
    )
    np.testing.assert_allclose(found.log_likelihood, exact, rtol=1e-10)
    onward = found.states[:-1] @ space.transition.T + found.shocks @ (space.impact * SIZES).T
    np.testing.assert_allclose(found.states[1:], onward, atol=1e-11)
    np.testing.assert_allclose((found.states[:, -OBSERVED:] + found.noise)[known], values[known], atol=1e-12)


def test_data_without_noise_give_back_their_shocks(space, rng):
    shocks = rng.normal(size=(QUARTERS - 1, SHOCKS))
    states = [np.zeros(4)]
    for eps in shocks:
        states.append(space.transition @ states[-1] + space.impact @ (SIZES * eps))
    found = smoothed(space, np.array(states)[:, -OBSERVED:], np.zeros(OBSERVED), np.zeros((4, 4)))
    np.testing.assert_allclose(found.shocks, shocks, atol=1e-8)


def test_a_mean_of_losses_is_tested_as_by_hand():
    """One step ahead the statistic is that of a mean, times sqrt((n - 1) / n); Harvey, Leybourne and Newbold (1997)."""
    losses = np.array([1.0, -0.5, 2.0, 0.5, -1.0, 1.5])
    n, mean = len(losses), losses.mean()
    by_hand = mean / np.sqrt(losses.var() / n) * np.sqrt((n - 1) / n)
    np.testing.assert_allclose(diebold_mariano(losses, 1)[0], by_hand, rtol=1e-12)
