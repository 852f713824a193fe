"""Targets on the default economy: hit, the same as ordinary changes, with exact derivatives, refused where they cannot be."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from experiments.request.targets import build_conditions, shipped_conditions
from model.equilibrium.outcomes.register import UNITS
from model.equilibrium.outcomes.report import reporter
from model.transition import solutions
from model.transition.calendar import on_calendar
from model.transition.lower_bound import at_lower_bound
from model.transition.scenarios.scenario import Change, Mover, Scenario, Target
from model.transition.segments import heard_by
from model.transition.solve import _leads_on, solve_conditions, solve_scenario
from model.transition.targets.pinned import Pinned
from model.transition.targets.solving import by_targets, solve_targets

pytestmark = pytest.mark.slow

POLICY = Mover("policy_rate", ("epsi",), 0.45, 0.0009)
PATIENCE = Mover("patience", ("patience",), 0.97, 0.001)
PURCHASES = Mover("purchases", ("Gov",), 0.98, 0.008)
PRICES = Mover("cost_push", ("cost_push",), 0.5, 0.001)


def quarter(baseline, label):
    return baseline.economy.units.quarter_index(label)


def outcomes(baseline, solution):
    problem, path = on_calendar(baseline, solution)
    given = jnp.asarray(path), jnp.asarray(baseline.initial), baseline.economy.at_rest
    return {name: np.asarray(value) for name, value in reporter(baseline.economy)(problem, *given).values.items()}


def asked(baseline, *targets, changes=()):
    return Scenario("mine", "", changes, quarter(baseline, "2026Q1"), targets)


def unemployment(baseline, values=(4.4, 4.5, None, 4.5), movers=(PATIENCE,)):
    return Target("unemployment", None, values, quarter(baseline, "2027Q2"), movers)


def test_targets_are_hit_and_the_same_as_ordinary_changes(baseline):
    prices = Target("inflation_annual", None, (2.5, 2.5), quarter(baseline, "2027Q2"), (PRICES,))
    scenario = asked(baseline, unemployment(baseline), prices)
    solution = solve_scenario(baseline, scenario)
    found = outcomes(baseline, solution)
    for target in scenario.targets:
        got = [found[target.outcome][q] for q, _ in target.pinned]
        np.testing.assert_allclose(got, [value for _, value in target.pinned], atol=1e-8)
    again = solve_scenario(baseline, replace(scenario, targets=(), changes=solution.found.changes))
    np.testing.assert_allclose(again.path, solution.path, atol=1e-9)


def test_what_a_programme_costs_can_be_said_in_dollars(baseline):
    """Two billion a year more than in the baseline, of subsidies on connections."""
    first = quarter(baseline, "2027Q1")
    subsidy = Mover("sX", ("sX",), 0.0)
    target = Target("programme_outlays_dollars", None, (2.0, 2.0), first, (subsidy,), over_baseline=True)
    solution = solve_scenario(baseline, asked(baseline, target))
    after, before = (outcomes(baseline, s)[target.outcome] for s in (solution, baseline.solution))
    np.testing.assert_allclose((after - before)[first : first + 2], 2.0, atol=1e-5)
    assert all(0 < value < 1 for change in solution.found.changes for value in change.values)


def test_targets_on_top_of_a_permanent_change_are_hit_and_the_same_as_ordinary_changes(baseline):
    """The natural rate of a permanent change follows what is moved too."""
    forever = Change("zA", "scale", (0.9,), quarter(baseline, "2027Q1"), None)
    scenario = asked(baseline, unemployment(baseline, (4.5, 4.5)), changes=(forever,))
    solution = solve_scenario(baseline, scenario)
    found = outcomes(baseline, solution)["unemployment"]
    first = quarter(baseline, "2027Q2")
    np.testing.assert_allclose(found[first : first + 2], 4.5, atol=1e-8)
    again = solve_scenario(baseline, replace(scenario, targets=(), changes=(forever, *solution.found.changes)))
    np.testing.assert_allclose(again.path, solution.path, atol=1e-9)
    with pytest.raises(ValueError, match="got a permanent change"):
        by_targets(baseline, scenario, solution)


def test_news_after_the_last_target_has_no_part_in_what_moves(baseline):
    scenario = asked(baseline, unemployment(baseline))
    assert len(heard_by(baseline, scenario.last_pinned).segments) < len(baseline.segments)
    whole = solve_targets(baseline, scenario, lambda plain, near: solve_scenario(baseline, plain, near))
    solution = solve_scenario(baseline, scenario)
    np.testing.assert_allclose(solution.path, whole.path, atol=1e-9)
    assert [pin.without for pin in solution.found.pins] == pytest.approx([p.without for p in whole.found.pins])


def test_what_moves_most_cheaply_moves_when_more_can_move_than_is_pinned(baseline):
    """The least weighted sum of squares: both moves in proportion to their effect times their variance."""
    one = unemployment(baseline, (4.5,), (PATIENCE, POLICY))
    scenario = asked(baseline, one)
    solution = solve_scenario(baseline, scenario)
    sizes = {j.mover.name: j.size for j in solution.found.judgments}
    assert len(sizes) == 2
    step, effects = 1e-5, {}
    for mover in one.movers:
        course = tuple(step * mover.persistence ** np.arange(200))
        change = Change(mover.instruments[0], "add", course, one.first, one.first + 199)
        base = solve_scenario(baseline, replace(scenario, targets=(), changes=solution.found.changes))
        moved = solve_scenario(baseline, replace(scenario, targets=(), changes=(*solution.found.changes, change)))
        q = one.first
        effects[mover.name] = (
            outcomes(baseline, moved)["unemployment"][q] - outcomes(baseline, base)["unemployment"][q]
        ) / step
    ratio = {m.name: sizes[m.name] / (m.deviation**2 * effects[m.name]) for m in one.movers}
    np.testing.assert_allclose(ratio["patience"], ratio["policy_rate"], rtol=0.01)


def test_a_target_with_the_rate_at_its_lower_bound(baseline):
    """Prices fall so fast that the rate is at its bound in the first two quarters; purchases then hold unemployment lower still."""
    first = quarter(baseline, "2027Q1")
    fall = Change("cost_push", "add", tuple(-0.0105 * 0.85 ** np.arange(40)), first, first + 39)
    free = outcomes(baseline, solve_scenario(baseline, asked(baseline, changes=(fall,))))
    bound = 100 * ((1 + float(baseline.solution.problem.parameters.central_bank.lower_bound)) ** 4 - 1)
    near = (
        4 * 100 * float(baseline.solution.problem.parameters.central_bank.lower_bound_smoothing)
    )  # the bound is smooth
    np.testing.assert_allclose(free["policy_rate_annual"][first : first + 2], bound, atol=near)
    lower = unemployment(baseline, tuple(free["unemployment"][first + 1 : first + 3] - 0.2), (PURCHASES,))
    solution = solve_scenario(baseline, asked(baseline, lower, changes=(fall,)))
    found = outcomes(baseline, solution)
    np.testing.assert_allclose(found["unemployment"][first + 1 : first + 3], lower.values, atol=1e-8)
    np.testing.assert_allclose(found["policy_rate_annual"][first : first + 2], bound, atol=near)


def test_no_search_goes_on_from_a_path_at_the_lower_bound(baseline):
    first = quarter(baseline, "2027Q1")
    fall, less = (
        Change("cost_push", "add", tuple(-s * 0.85 ** np.arange(40)), first, first + 39) for s in (9e-3, 1e-4)
    )
    below, above = (asked(baseline, changes=(change,)) for change in (fall, less))
    slump = solve_scenario(baseline, below)
    assert slump.outcome.converged
    assert at_lower_bound(baseline.economy, slump.problem.parameters, slump.path).any()
    assert not _leads_on(baseline, above, slump)
    solution = solve_scenario(baseline, above)
    assert _leads_on(baseline, above, solution)
    assert not _leads_on(baseline, above, replace(solution, first_quarter=solution.first_quarter + 1))


def test_a_path_that_may_be_a_slump_is_looked_for_with_patience(baseline, monkeypatch):
    first, calls = quarter(baseline, "2027Q1"), []

    def kept(*given):
        calls.append(given)
        return len(calls) == 1

    scenario = asked(baseline, changes=(Change("cost_push", "add", (-1e-4,), first, first),))
    plain = solve_scenario(baseline, scenario)
    assert all(s.solution.known for s in solve_scenario(baseline, scenario, plain).segments)
    monkeypatch.setattr(solutions, "kept_at_lower_bound", kept)
    again = solve_scenario(baseline, scenario, plain)
    assert len(calls) > 1 and not any(s.solution.known for s in again.segments)
    np.testing.assert_allclose(again.path, plain.path, atol=1e-9)


def test_a_rate_below_its_bound_is_refused_in_words(baseline):
    below = Target("policy_rate_annual", None, (-1.0,), quarter(baseline, "2027Q1"), (POLICY,))
    solution = solve_scenario(baseline, asked(baseline, below))
    assert not solution.outcome.converged
    assert "targets:" in solution.outcome.reason
    assert "policy_rate" in solution.outcome.reason


def test_an_instrument_that_cannot_move_the_outcome_is_refused_in_words(baseline):
    idle = Mover("sAon", ("sAon",))
    solution = solve_scenario(baseline, asked(baseline, unemployment(baseline, (4.5,), (idle,))))
    assert not solution.outcome.converged
    assert "sAon cannot move unemployment in 2027Q2" in solution.outcome.reason


def test_a_target_that_takes_an_instrument_where_it_cannot_be_is_refused_in_words(baseline):
    """AI equity that is worth more because fewer busts are expected than none."""
    first = quarter(baseline, "2027Q1")
    column = UNITS["market_cap"][1].labels.index("ai_equity")
    worth = float(outcomes(baseline, baseline.solution)["market_cap"][first, column])
    more = Target("market_cap", column, (1.002 * worth,), first, (Mover("hzA", ("hzA",)),))
    solution = solve_scenario(baseline, asked(baseline, more))
    assert not solution.outcome.converged
    assert "instrument hzA: becomes -" in solution.outcome.reason


def test_derivatives_by_the_value_of_a_target_are_those_of_differences(baseline):
    def at(value):
        return asked(baseline, unemployment(baseline, (value, 4.5)))

    middle, step = 4.45, 0.01
    solution = solve_scenario(baseline, at(middle))
    slopes = by_targets(baseline, at(middle), solution)
    ends = [outcomes(baseline, solve_scenario(baseline, at(middle + h))) for h in (2 * step, step, -step, -2 * step)]
    shown = slice(12, 60)
    for name in ("gdp_real", "inflation_annual", "market_cap"):
        far, near, back, farther = (end[name][shown] for end in ends)
        exact = (8 * (near - back) - (far - farther)) / (12 * step)
        found = slopes[name][shown, ..., 0]
        np.testing.assert_allclose(found, exact, atol=1e-6 * np.abs(exact).max() + 1e-7, err_msg=name)


@pytest.mark.parametrize("name", ["fed_2026_06", "cbo_2026_01"])
def test_scenarios_go_on_top_of_conditions(calibrated, baseline, name):
    economy = calibrated.economy
    wanted = build_conditions(shipped_conditions(name), calibrated.inputs).later(economy.units.first_shown)
    conditioned = solve_conditions(baseline, wanted)
    found = outcomes(conditioned, conditioned.solution)
    for target in wanted.targets:
        got = [found[target.outcome][q] for q, _ in target.pinned]
        np.testing.assert_allclose(got, [value for _, value in target.pinned], atol=1e-8)
    nothing = Scenario("nothing", "", (Change("zG", "scale", (1.0,), 14, 20),), 14)
    np.testing.assert_allclose(
        solve_scenario(conditioned, nothing).path[:60], conditioned.solution.path[14:74], atol=1e-8
    )


def test_what_multiplies_stays_positive_however_far_it_is_moved_down(baseline):
    """Moves are as large as they say at first; where more can move than is pinned they are plain sums."""
    chips = Mover("Ibar", ("Ibar",))
    spending = Target("gdp_real", None, (1.0, 1.0), quarter(baseline, "2027Q1"), (chips,))

    def pinned(*targets):
        return Pinned(baseline, asked(baseline, *targets), solve_scenario, exact=True)

    one = pinned(spending)
    there = baseline.solution.exogenous[spending.first + 1 :, baseline.economy.instruments.index("Ibar")][:2]
    np.testing.assert_allclose(one.room, there)
    np.testing.assert_allclose(one.amounts(np.array([1e-9, -1e-9])), [1e-9, -1e-9])
    fallen = one.amounts(np.array([3.0, -1e3]))
    np.testing.assert_allclose(fallen, [3.0, -there[1]])
    either = pinned(replace(spending, movers=(chips, PATIENCE)))
    np.testing.assert_array_equal(either.amounts(np.array([-1e3] * 2 + [1.0] * 2))[:2], [-1e3] * 2)
