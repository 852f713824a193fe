"""Surprises in one compiled loop against truths of the growth model that know nothing of it."""

import jax.numpy as jnp
import numpy as np

from model.examples.growth import GROWTH, Parameters, steady_state
from model.solvers.extended_path import News, extended_path_solver
from model.solvers.path import PathProblem, Terminal, no_factor, path_solver

HORIZON, NEWS = 80, 6
LIMITS = (1e-12, 60)


def problem(p, exogenous, start):
    end = GROWTH.variables.pack(steady_state(p))
    terminal = Terminal(end, jnp.zeros((len(end), 1)))
    return PathProblem(p, jnp.asarray(start), jnp.asarray(exogenous), terminal, jnp.zeros(1))


def news_of(shocks, persistence):
    """News in quarters 0, 1, ...: productivity of that quarter, expected to fade."""
    quarters = np.arange(len(shocks))
    instruments = np.zeros((len(shocks), HORIZON + 2, 1))
    for q in quarters:
        instruments[q, 0, 0] = shocks[q - 1] if q else 0.0
        instruments[q, 1:, 0] = shocks[q] * persistence ** np.arange(HORIZON + 1)
    return News(quarters, instruments, np.asarray(len(shocks)))


def lived(p, shocks, persistence):
    start = np.log([float(steady_state(p).capital) * 0.8])
    guess = np.tile(np.asarray(GROWTH.variables.pack(steady_state(p))), (HORIZON, 1))
    first = problem(p, np.zeros((HORIZON + 2, 1)), start)
    return start, guess, extended_path_solver(GROWTH)(first, news_of(shocks, persistence), guess, *LIMITS)


def test_with_full_depreciation_savings_do_not_care_what_is_expected(rng):
    """Brock and Mirman (1972): k = alpha beta z k(-1)^alpha whatever comes, so surprises change nothing."""
    p = Parameters(capital_share=0.33, depreciation=1.0, discount_factor=0.96, trend_growth=1.0)
    shocks = 0.1 * rng.standard_normal(NEWS)
    start, _, found = lived(p, shocks, 0.5)
    assert int(found.done) == NEWS
    log_k = start[0]
    for q in range(NEWS):
        log_k = np.log(0.33 * 0.96) + shocks[q] + 0.33 * log_k
        np.testing.assert_allclose(found.path[q, 1], log_k, atol=1e-11)


def test_the_loop_is_a_chain_of_single_solves(rng):
    p = Parameters(capital_share=0.33, depreciation=0.05, discount_factor=0.98, trend_growth=1.0)
    shocks = 0.05 * rng.standard_normal(NEWS)
    start, guess, found = lived(p, shocks, 0.7)
    news = news_of(shocks, 0.7)
    for q in range(NEWS):
        alone = path_solver(GROWTH)(
            problem(p, news.instruments[q], start), guess, no_factor(GROWTH, len(guess)), *LIMITS
        )
        np.testing.assert_allclose(found.expected[q], alone.x, atol=1e-10)
        np.testing.assert_allclose(found.path[q], alone.x[0], atol=1e-10)
        start = np.asarray(alone.x[0][GROWTH.carried])
    assert np.abs(found.expected[1][0] - found.expected[0][1]).max() > 5e-4, "the news was news"


def test_it_stops_where_a_solve_fails():
    p = Parameters(capital_share=0.33, depreciation=0.05, discount_factor=0.98, trend_growth=1.0)
    _, _, found = lived(p, np.array([0.0, 0.1, np.nan, 0.1]), 0.7)
    assert int(found.done) == 2
    assert np.isfinite(found.path).all()
