"""Paths solved together are the paths solved one by one, whatever becomes of their neighbours."""

import jax
import numpy as np
import pytest

from model.examples.economy import MOST_ITERATIONS
from model.examples.growth import GROWTH, Parameters, steady_state
from model.solvers.batch.groups import Group, Limits, group_solver, in_rows
from model.solvers.batch.lanes import lane_of, stacked
from model.solvers.outcome import Code
from model.solvers.path import PathProblem, Terminal, no_factor, path_solver
from tests.tolerances import LANES

HORIZON, TOLERANCE, LANES_IN_ALL = 60, 1e-11, 21
PARAMETERS = Parameters(capital_share=0.33, depreciation=0.025, discount_factor=0.99, trend_growth=1.0)
STEADY = np.asarray(GROWTH.variables.pack(steady_state(PARAMETERS)))


def problem(productivity=0.0, capital=0.0):
    """A shock of productivity in quarters 0 to 9, from a capital stock off its steady state by `capital` (logs)."""
    exogenous = np.zeros((HORIZON + 2, 1))
    exogenous[1:11] = productivity
    start = STEADY[GROWTH.carried] + capital
    rule = np.zeros((len(STEADY), len(GROWTH.carried)))
    return jax.tree.map(np.asarray, PathProblem(PARAMETERS, start, exogenous, Terminal(STEADY, rule), np.zeros(1)))


def together(companions, anchor=None, width=None, devices=None):
    """Answers of the companions of one anchor, and of a second group without any."""
    devices = devices or tuple(jax.devices()[:1])
    anchor = problem() if anchor is None else anchor
    guess = np.tile(STEADY, (HORIZON, 1))
    offsets = np.zeros((len(companions), *guess.shape))
    shares = np.ones(len(companions))
    group = Group(anchor, guess, in_rows(stacked(companions)), offsets, shares, np.int64(len(companions)))
    groups = stacked([group, group._replace(meant=np.int64(0))] * len(devices))
    limits = Limits(np.float64(TOLERANCE), np.int64(MOST_ITERATIONS))
    return jax.device_get(group_solver(GROWTH, devices, width)(limits, groups))


def alone(one):
    guess = np.tile(STEADY, (HORIZON, 1))
    return path_solver(GROWTH)(one, guess, no_factor(GROWTH, HORIZON), TOLERANCE, MOST_ITERATIONS)


@pytest.fixture(scope="module")
def companions():
    sizes = np.linspace(-0.05, 0.05, LANES_IN_ALL)
    return [problem(size, capital) for size, capital in zip(sizes, sizes[::-1], strict=True)]


def assert_as_alone(answers, companions, which):
    for i in which:
        single = alone(companions[i])
        assert answers.code[i] == Code.CONVERGED == int(single.code)
        np.testing.assert_allclose(answers.path[i], single.x, atol=LANES, rtol=0)


def test_more_lanes_than_slots_are_each_solved_as_alone(companions):
    answers = lane_of(together(companions).companions, 0)
    assert_as_alone(answers, companions, range(LANES_IN_ALL))
    assert answers.factorisations.sum() == 0
    assert answers.largest.max() <= TOLERANCE


def test_lanes_side_by_side_and_on_several_devices_are_the_same(companions):
    one_by_one = together(companions).companions.path
    np.testing.assert_allclose(together(companions, width=2).companions.path, one_by_one, atol=LANES, rtol=0)
    spread = together(companions, devices=tuple(jax.devices())).companions.path
    np.testing.assert_allclose(spread[:2], one_by_one, atol=LANES, rtol=0)


@pytest.mark.parametrize("width", [None, 2])
def test_a_broken_lane_is_refused_and_harms_no_other(companions, width):
    broken = [*companions]
    broken[3] = problem(np.nan)
    broken[9] = problem(capital=np.nan)
    broken[10] = problem(30.0)
    answers = lane_of(together(broken, width=width).companions, 0)
    assert [answers.code[i] == Code.CONVERGED for i in (3, 9, 10)] == [False, False, False]
    assert_as_alone(answers, companions, set(range(LANES_IN_ALL)) - {3, 9, 10})


def test_companions_of_an_anchor_without_a_path_are_not_tried(companions):
    answers = together(companions, anchor=problem(np.nan))
    assert answers.anchor.code[0] != Code.CONVERGED
    assert (answers.companions.code[0] == Code.RUNNING).all()
