"""First-order laws of shocks against closed forms, and against paths that are solved anew with a small shock."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.linalg

from model.examples.growth import GROWTH, Parameters, steady_state
from model.examples.new_keynesian import NEW_KEYNESIAN
from model.examples.new_keynesian import Parameters as NewKeynesian
from model.solvers.first_order.law import Shocks, path_law_solver, steady_law_solver
from model.solvers.first_order.saddle_path import saddle_path
from model.solvers.path import PathProblem, Terminal, no_factor, path_solver

ALPHA, BETA, RHO, HORIZON = 0.33, 0.99, 0.9, 120
FULL_DEPRECIATION = Parameters(ALPHA, 1.0, BETA, 1.0)
ORDINARY = Parameters(ALPHA, 0.025, BETA, 1.004)
TECHNOLOGY = Shocks(np.ones((1, 1)), np.array([RHO]))


def law_at_rest(economy, p, x, shocks):
    e = np.zeros(len(economy.instruments))
    rule = saddle_path(economy, p, jnp.asarray(e), jnp.asarray(x)).rule
    return jax.tree.map(np.asarray, steady_law_solver(economy)(p, e, x, rule, shocks)), rule


def at_rest(p):
    return np.asarray(GROWTH.variables.pack(steady_state(p)))


def path_from(p, start, exogenous):
    """Problem and solved path of the growth economy."""
    x = jnp.asarray(at_rest(p))
    rule = saddle_path(GROWTH, p, jnp.zeros(1), x).rule
    problem = PathProblem(p, jnp.asarray(start), jnp.asarray(exogenous), Terminal(x, rule), jnp.zeros(1))
    result = path_solver(GROWTH)(problem, jnp.tile(x, (HORIZON, 1)), no_factor(GROWTH, HORIZON), 1e-13, 100)
    assert int(result.code) == 1
    return problem, result.x


def test_growth_with_full_depreciation_has_the_closed_form_of_brock_and_mirman():
    """c = (1 - alpha beta) e^z k(-1)^alpha and k = alpha beta e^z k(-1)^alpha, whatever the persistence of z."""
    law, _ = law_at_rest(GROWTH, FULL_DEPRECIATION, at_rest(FULL_DEPRECIATION), TECHNOLOGY)
    np.testing.assert_allclose(law.by_state[:, 0], [ALPHA, ALPHA], atol=1e-12)
    np.testing.assert_allclose(law.by_shock[:, 0], [1.0, 1.0], atol=1e-12)
    np.testing.assert_allclose(law.by_lagged, 0.0, atol=1e-14)


def test_a_policy_shock_in_the_three_equations_has_the_closed_form_of_gali():
    """Gali (2015), ch. 3: y = -(1 - beta rho) Lam v and pi = -kappa Lam v; here v moves the natural rate, with the sign turned."""
    sigma, kappa, phi_pi, phi_y, rho = 1.0, 0.17, 1.5, 0.125, 0.5
    p = NewKeynesian(BETA, sigma, kappa, phi_pi, phi_y, 0.0, -1.0, 0.0, 0.0, 0.0)
    direction = np.zeros((len(NEW_KEYNESIAN.instruments), 1))
    direction[NEW_KEYNESIAN.instruments.index("r")] = 1.0
    law, _ = law_at_rest(NEW_KEYNESIAN, p, np.zeros(5), Shocks(direction, np.array([rho])))
    scale = 1 / ((1 - BETA * rho) * (sigma * (1 - rho) + phi_y) + kappa * (phi_pi - rho))
    np.testing.assert_allclose(law.by_shock[:2, 0], [(1 - BETA * rho) * scale, kappa * scale], atol=1e-12)


def test_along_a_path_at_rest_the_law_is_that_of_the_steady_state():
    x = at_rest(ORDINARY)
    still, rule = law_at_rest(GROWTH, ORDINARY, x, TECHNOLOGY)
    problem, path = path_from(ORDINARY, x[GROWTH.carried], np.zeros((HORIZON + 2, 1)))
    law = path_law_solver(GROWTH)(problem, path, still, TECHNOLOGY)
    np.testing.assert_allclose(law.by_state, np.broadcast_to(rule, law.by_state.shape), atol=1e-10)
    np.testing.assert_allclose(law.by_shock, np.broadcast_to(still.by_shock, law.by_shock.shape), atol=1e-10)


def response_to(eps, p=ORDINARY, quarter=10):
    """Difference that a shock in one quarter makes on a path far from rest, solved anew and by its law: `(quarters, 2)` each."""
    x = at_rest(p)
    rising = 0.3 / (1 + np.exp(-(np.arange(-1, HORIZON + 1) - 20) / 4))[:, None]
    end = np.asarray(GROWTH.variables.pack(steady_state(p, float(rising[-1, 0]))))
    rule = saddle_path(GROWTH, p, jnp.asarray(rising[-1]), jnp.asarray(end)).rule
    problem = PathProblem(
        p, jnp.asarray(x[GROWTH.carried]), jnp.asarray(rising), Terminal(jnp.asarray(end), rule), jnp.zeros(1)
    )
    guess = jnp.tile(jnp.asarray(end), (HORIZON, 1))
    base = path_solver(GROWTH)(problem, guess, no_factor(GROWTH, len(guess)), 1e-13, 100).x
    beyond = steady_law_solver(GROWTH)(p, rising[-1], end, rule, TECHNOLOGY)
    law = jax.tree.map(np.asarray, path_law_solver(GROWTH)(problem, base, beyond, TECHNOLOGY))
    left = HORIZON - quarter
    shock = np.concatenate([[0.0], eps * RHO ** np.arange(left + 1)])[:, None]
    later = problem._replace(
        start=base[quarter - 1][GROWTH.carried],
        exogenous=jnp.asarray(rising[quarter:] + shock),
    )
    there = base[quarter:]
    anew = path_solver(GROWTH)(later, there, no_factor(GROWTH, len(there)), 1e-13, 100).x - there
    state, z, found = np.zeros(1), eps, []
    for t in range(quarter, HORIZON):
        found.append(law.by_state[t] @ state + law.by_shock[t, :, 0] * z)
        state, z = found[-1][GROWTH.carried], z * RHO
    return np.asarray(anew), np.array(found)


def test_the_error_of_the_law_along_a_path_falls_with_the_square_of_the_shock():
    gaps = [np.abs(np.subtract(*response_to(eps)))[:60].max() for eps in (0.02, 0.01, 0.005)]
    np.testing.assert_allclose(np.array(gaps[:-1]) / gaps[1:], 4.0, rtol=0.1)
    anew, linear = response_to(1e-6)
    np.testing.assert_allclose(linear[:60], anew[:60], atol=2e-11)


def test_simulated_moments_are_those_of_the_lyapunov_equation(rng):
    law, _ = law_at_rest(GROWTH, ORDINARY, at_rest(ORDINARY), TECHNOLOGY)
    transition = np.array([[law.by_state[1, 0], law.by_shock[1, 0] * RHO], [0.0, RHO]])
    impact = np.array([law.by_shock[1, 0], 1.0])
    exact = scipy.linalg.solve_discrete_lyapunov(transition, np.outer(impact, impact))
    states, samples = np.zeros((4000, 2)), []
    for t in range(700):
        states = states @ transition.T + rng.normal(size=(4000, 1)) * impact
        if t >= 600 and t % 20 == 0:
            samples.append(np.cov(states.T, bias=True))
    np.testing.assert_allclose(np.mean(samples, 0), exact, rtol=0.05)


@pytest.mark.parametrize("persistence", [0.0, 0.97])
def test_two_shocks_are_the_sum_of_each(persistence):
    x, both = at_rest(ORDINARY), Shocks(np.ones((1, 2)), np.array([RHO, persistence]))
    law, _ = law_at_rest(GROWTH, ORDINARY, x, both)
    alone, _ = law_at_rest(GROWTH, ORDINARY, x, Shocks(np.ones((1, 1)), np.array([persistence])))
    np.testing.assert_allclose(law.by_shock[:, 1], alone.by_shock[:, 0], atol=1e-13)
