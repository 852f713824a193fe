"""A lower bound under a linear law, against enumeration and against what Dynare's OccBin prints."""

import itertools

import jax.numpy as jnp
import numpy as np
import pytest

from model.examples.new_keynesian import NEW_KEYNESIAN, Parameters
from model.solvers.first_order.bound import additions
from model.solvers.first_order.law import Shocks, news_of, steady_law_solver
from model.solvers.first_order.saddle_path import saddle_path

AHEAD, SIZE = 30, -0.06
INSTRUMENTS = NEW_KEYNESIAN.instruments


def enumerated(gap, response):
    """The one solution, among all sets of quarters in which the bound holds."""
    for chosen in itertools.product([False, True], repeat=len(gap)):
        binding, found = np.array(chosen), np.zeros(len(gap))
        found[binding] = np.linalg.solve(response[np.ix_(binding, binding)], -gap[binding])
        if found.min() >= 0 and (gap + response @ found).min() >= -1e-12:
            return found
    raise AssertionError("no solution")


@pytest.mark.parametrize("seed", range(20))
def test_additions_are_those_of_an_enumeration(seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(7, 7))
    response = root @ root.T + 0.5 * np.eye(7) + 0.3 * np.triu(rng.normal(size=(7, 7)), 1) * 0.1
    gap = rng.normal(size=7)
    np.testing.assert_allclose(additions(gap, response), enumerated(gap, response), atol=1e-9)


def test_a_bound_that_nothing_holds_is_not_a_number():
    assert np.isnan(additions(np.array([-1.0]), np.array([[-1.0]]))).all()


def test_a_bound_held_by_news_is_that_of_occbin():
    """Demand falls by .06 and recovers at .8; i = max(1.5 pi + .125 y, -.01); Dynare 6.0 OccBin, printed with 12 decimals."""
    p = Parameters(0.99, 1.0, 0.1, 1.5, 0.125, 0.0, -0.01, 0.8, 0.0, 0.0)
    e, x = np.zeros(len(INSTRUMENTS)), np.zeros(5)
    rule = saddle_path(NEW_KEYNESIAN, p, jnp.asarray(e), jnp.asarray(x)).rule
    shock = Shocks(np.eye(len(INSTRUMENTS))[:, [INSTRUMENTS.index("e_g")]], np.zeros(1))
    fall = np.asarray(steady_law_solver(NEW_KEYNESIAN)(p, e, x, rule, shock).by_shock)[:, 0] * SIZE
    news = news_of(INSTRUMENTS.index("e_v"), len(INSTRUMENTS), AHEAD)
    known = np.asarray(steady_law_solver(NEW_KEYNESIAN)(p, e, x, rule, news).by_shock)
    output, rate = (NEW_KEYNESIAN.variables.index(name) for name in ("y", "i"))
    fading = 0.8 ** np.arange(AHEAD)
    # news of quarter j is news of quarter j - h after h quarters: nothing is carried beside demand, which it does not move
    response = np.array([np.append(np.zeros(h), known[rate, : AHEAD - h]) for h in range(AHEAD)])
    added = additions(0.01 + fall[rate] * fading, response)
    np.testing.assert_array_equal(np.flatnonzero(added) + 1, np.arange(1, 11))
    found = [fall[output] * fading[h] + known[output, : AHEAD - h] @ added[h:] for h in range(3)]
    np.testing.assert_allclose(found, [-0.496464036478, -0.342512400953, -0.234107961124], atol=1e-11)
