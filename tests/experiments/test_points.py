"""A batch gives every point the answer of a run of its own; points without an answer are refused for the same reason."""

from itertools import product

import numpy as np
import pytest

from calibration import Calibrated, calibrate, economies
from calibration.calibrate import _between, gradually
from calibration.inputs import draws_of, load_inputs
from experiments.batch import batch as sweep_of_points
from experiments.batch.batch import Batch, Point, _programs_ahead, _report_program
from experiments.request.draws import read_draws
from model.compute.store import store
from model.solvers.batch.groups import group_solver
from model.solvers.outcome import Code, Outcome
from model.solvers.path import path_solver
from model.transition.batch.course import Course, solve_courses
from model.transition.batch.sweep import Answer, Memory, solve_lanes, sweep_devices
from model.transition.calendar import checking, on_calendar
from model.transition.lower_bound import at_lower_bound
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import NotSolved, Settings
from model.transition.solve import horizon_gap, solve_scenario
from tests.economy import VARIABLES
from tests.tolerances import ACCOUNTS, LANES

SETTINGS = Settings()
INPUTS = load_inputs()
SUBSIDIES = np.linspace(0.0, 0.1, 6)
# three times the legacy output is more than all demand: no fuel price clears the market for electricity
IMPOSSIBLE = Scenario("impossible", "", (Change("Eleg", "scale", (3.0,), 0, 19),))
INDETERMINATE = INPUTS.with_values({"central_bank.inflation_response": 0.9})
ELASTIC = INPUTS.with_values({"energy.interconnection_supply_elasticity": 0.3})
ESTIMATED = load_inputs(name="us_2026q1")
LOST = 19  # of the stored draws
EXPLODING = INPUTS.with_values({"government.debt_response": 0.01})


def subsidy(size, announced=0):
    return Scenario("subsidy", "", (Change("sA", "add", (size,), announced, announced + 19),), announced)


def point(inputs, scenario, x):
    return Point(inputs, scenario, (x,), (0.0,))


POINTS = [
    *(point(INPUTS, subsidy(size), size / 0.1) for size in SUBSIDIES),
    point(INPUTS, IMPOSSIBLE, 0.5),
    point(INPUTS, None, 0.0),
    point(INPUTS, subsidy(0.02, announced=7), 0.2),
    point(ELASTIC, None, 0.0),
    point(ELASTIC, subsidy(0.02), 0.2),
    point(INDETERMINATE, subsidy(0.02), 0.2),
    point(EXPLODING, None, 0.0),
    point(ESTIMATED, subsidy(0.02), 0.2),
]


@pytest.fixture(scope="module")
def answers():
    _, solved = Batch(INPUTS, SETTINGS, 1).solve(POINTS)
    return solved


@pytest.fixture(scope="module")
def baselines():
    return {inputs.numbers: calibrate(inputs=inputs).baseline(SETTINGS) for inputs in (INPUTS, ELASTIC, ESTIMATED)}


def alone(baseline, scenario):
    solution = solve_scenario(baseline, scenario)
    return solution, np.asarray(VARIABLES.to_coordinates(VARIABLES.to_levels(on_calendar(baseline, solution)[1])))


@pytest.mark.slow
def test_what_is_made_ahead_is_what_is_called(answers):
    _programs_ahead(INPUTS, SETTINGS, True)
    calibrate(inputs=INPUTS).baseline(SETTINGS)
    economy, (devices, width) = INPUTS.economy, sweep_devices()
    used = group_solver(economy, devices, width), _report_program(economy, True, devices, width), path_solver(economy)
    assert store() is not None
    assert [program._begun for program in used] == [{}, {}, {}]
    assert all(program._ready for program in used)


@pytest.mark.slow
@pytest.mark.parametrize("i", [i for i, p in enumerate(POINTS) if i not in (6, 11, 12)])
def test_a_point_of_a_batch_is_the_single_solve(i, answers, baselines):
    point, answer = POINTS[i], answers[i]
    baseline = baselines[point.economy]
    assert answer.certified, answer.certificate["reason"]
    path = alone(baseline, point.scenario)[1] if point.scenario else baseline.solution.path
    np.testing.assert_allclose(VARIABLES.to_coordinates(answer.unknowns), path, atol=LANES, rtol=0)
    assert max(answer.certificate[k] for k in ("walras", "gdp_identity", "flow_of_funds")) < ACCOUNTS
    assert answer.certificate["max_residual"] <= SETTINGS.tolerance
    assert answer.certificate["stable_roots"] == answer.certificate["predetermined"] == len(VARIABLES)


@pytest.mark.slow
def test_points_without_an_answer_are_refused_as_a_single_solve_refuses_them(answers, baselines):
    single, _ = alone(baselines[INPUTS.numbers], IMPOSSIBLE)
    assert not answers[6].certified
    assert f"{IMPOSSIBLE.name}: {answers[6].certificate['reason']}" == single.outcome.reason
    with pytest.raises(NotSolved) as refusal:
        calibrate(inputs=EXPLODING).baseline(SETTINGS)
    assert answers[12].certificate["reason"] == str(refusal.value)
    assert "raise government.debt_response" in answers[12].certificate["reason"]
    assert answers[11].certificate["reason"].startswith("the baseline it starts from is not solved: ")
    assert "inflation_response" in answers[11].certificate["reason"]


@pytest.mark.slow
def test_economies_around_one_without_an_answer_have_their_own(baselines):
    found = economies.Economies(EXPLODING, SETTINGS).solve([EXPLODING, INPUTS])
    assert isinstance(found[0], NotSolved) and "raise government.debt_response" in str(found[0])
    np.testing.assert_allclose(found[1].solution.path, baselines[INPUTS.numbers].solution.path, atol=LANES, rtol=0)


@pytest.mark.slow
def test_no_neighbour_leads_an_economy_into_the_liquidity_trap():
    us, names = load_inputs(name="us_2026q1"), ("catch_up.multiplier.zA", "catch_up.multiplier.tL")
    grid = [us.with_values(dict(zip(names, v, strict=True))) for v in product((1.3, 3.18, 5.0), (1.0, 3.5, 6.0))]
    answers = economies.Economies(us, SETTINGS).solve(grid)
    solved = [a.solution for a in answers if not isinstance(a, NotSolved)]
    assert len(solved) >= len(grid) - 1  # the first, of hardly any AI, has no answer when it is solved alone either
    for found in solved:
        assert not at_lower_bound(found.economy, found.problem.parameters, found.path).any()
    alone = calibrate(inputs=grid[5]).baseline(SETTINGS).solution.path  # a trap before, with unemployment at 29 %
    np.testing.assert_allclose(answers[5].solution.path, alone, atol=LANES, rtol=0)


@pytest.mark.slow
def test_economies_around_one_that_the_batch_cannot_solve_are_solved_alone(monkeypatch, baselines):
    monkeypatch.setattr(economies, "_courses", lambda calibrated, places, settings: {})
    (found,) = economies.Economies(INPUTS, SETTINGS).solve([ELASTIC])
    np.testing.assert_allclose(found.solution.path, baselines[ELASTIC.numbers].solution.path, atol=LANES, rtol=0)


@pytest.mark.slow
def test_an_economy_that_the_batch_loses_goes_on_from_where_it_was_lost(monkeypatch, baselines):
    """The piece of news that the batch cannot follow is solved alone, not the whole economy."""
    around = economies.Economies(INPUTS, SETTINGS)
    around.solve([INPUTS])
    monkeypatch.setattr(economies, "_alone", None)
    monkeypatch.setattr(
        economies,
        "solve_lanes",
        lambda economy, lanes, *_: [Answer(lane.prior, Code.OUT_OF_STEPS, 1.0, 1.0, 0, 40, 1) for lane in lanes],
    )
    (found,) = around.solve([ELASTIC])
    np.testing.assert_allclose(found.solution.path, baselines[ELASTIC.numbers].solution.path, atol=LANES, rtol=0)


@pytest.mark.slow
def test_a_path_whose_guess_has_no_value_starts_from_its_prior(baselines):
    baseline, scenario = baselines[INPUTS.numbers], subsidy(0.02)
    course = Course(baseline, scenario, (0.2,), (0.0,))
    lane, memory = course.lane(0, course.hearing(0)), Memory(1)
    memory.add(lane, lane.prior - 1e3)  # its neighbour's quantities, in logarithms, are nothing
    (answer,) = solve_lanes(baseline.economy, [lane], SETTINGS, memory)
    assert answer.converged
    np.testing.assert_allclose(answer.path, solve_scenario(baseline, scenario).path, atol=LANES, rtol=0)


@pytest.mark.slow
def test_changes_for_ever_in_a_batch_are_the_single_solves():
    """Each with a long run and a natural rate of its own, after every piece of news."""
    inputs = load_inputs(name="us_2022q4")
    first = inputs.economy.units.first_shown

    def spending(size, announced):
        return Scenario("spending", "", (Change("Gov", "add", (size,), announced, None),), announced)

    given = [(0.02, 0), (0.04, 0), (-0.03, 5)]
    points = [point(inputs, spending(size, announced), size / 0.04) for size, announced in given]
    batch = Batch(inputs, SETTINGS, 1)
    _, answers = batch.solve(points)
    baseline = calibrate(inputs=inputs).baseline(SETTINGS)
    assert len(baseline.segments) > 1
    for (size, announced), answer in zip(given, answers, strict=True):
        assert answer.certified, answer.certificate["reason"]
        single = solve_scenario(baseline, spending(size, announced).later(first))
        levels = inputs.economy.variables.to_levels(on_calendar(baseline, single)[1])[first:]
        np.testing.assert_allclose(answer.unknowns, levels, rtol=LANES, atol=LANES)
    course = Course(baseline, points[0].scenario.later(first), (0.5,), (0.0,))
    assert solve_courses({0: course}, {})[0].twin is not None


@pytest.mark.slow
def test_the_way_over_other_economies_leads_to_the_same_path(baselines):
    found = gradually(INPUTS, baselines[INPUTS.numbers], ELASTIC, SETTINGS)
    np.testing.assert_allclose(found.solution.path, baselines[ELASTIC.numbers].solution.path, atol=LANES, rtol=0)


@pytest.mark.slow
def test_a_draw_that_is_not_found_at_once_is_found_over_other_economies():
    """The natural rate of this one of the stored draws was found from no usual guess."""
    drawn = read_draws(draws_of("us_2022q4"), load_inputs(name="us_2022q4"), 24).economies[LOST]
    calibrated = calibrate(inputs=drawn)
    solution = calibrated.baseline(SETTINGS).solution
    assert solution.outcome.max_residual <= SETTINGS.tolerance
    assert not at_lower_bound(solution.economy, solution.problem.parameters, solution.path).any()


def test_economies_on_the_way_lie_between():
    """In logarithms where both ends are positive, for what either end has moved."""
    name = "energy.interconnection_supply_elasticity"
    there = INPUTS.with_values({name: 4 * INPUTS.value(name)})
    assert _between(INPUTS, there, 0.5).value(name) == pytest.approx(2 * INPUTS.value(name))
    assert _between(there, INPUTS, 0.5).value(name) == pytest.approx(2 * INPUTS.value(name))


@pytest.mark.slow
def test_the_second_half_of_a_path_whose_natural_rate_is_not_found_is_solved_alone(monkeypatch, baselines):
    """A batch that loses it must not judge the path by a rate that is none."""
    baseline, settings = baselines[INPUTS.numbers], checking(SETTINGS)
    path = sweep_of_points._Path(baseline, baseline.solution, "baseline", "", (0.0,))
    calls = []

    def lost_at_first(economy, lanes, *given):
        calls.append(len(lanes))
        if len(calls) == 1:
            return [Answer(lane.prior + 0.01, Code.OUT_OF_STEPS, 1.0, 1.0, 0, 40, 1) for lane in lanes]
        return solve_lanes(economy, lanes, *given)

    monkeypatch.setattr(sweep_of_points, "solve_lanes", lost_at_first)
    (gap,) = sweep_of_points._horizon_gaps(baseline.economy, [path], SETTINGS, (Memory(1), Memory(1)))
    assert calls == [1, 0]
    assert gap == pytest.approx(horizon_gap(baseline.solution, settings), abs=LANES)


@pytest.mark.parametrize(("name", "tried"), [("us_2022q4", 2), ("reference", 1)])
def test_an_economy_without_a_path_is_refused_after_the_sets_own_is_tried(monkeypatch, name, tried):
    """Where no news comes there is nothing to go by, and no search begins again for ever."""
    calls = []

    def nothing(*given):
        calls.append(given)
        raise NotSolved(Outcome(Code.OUT_OF_STEPS, "no path"))

    monkeypatch.setitem(Calibrated.baseline.__globals__, "solve_baseline", nothing)
    moved = calibrate(inputs=load_inputs(name=name).with_values({"energy.interconnection_supply_elasticity": 0.3}))
    with pytest.raises(NotSolved, match="no path"):
        moved.baseline(SETTINGS)
    assert len(calls) == tried


@pytest.mark.slow
def test_a_few_points_are_solved_one_by_one_while_the_program_for_many_is_made(monkeypatch, answers):
    def none(*given):
        raise AssertionError("solved together")

    monkeypatch.setattr(sweep_of_points, "sweep_in_making", lambda economy: True)
    monkeypatch.setattr(sweep_of_points, "solve_courses", none)
    monkeypatch.setattr(sweep_of_points, "solve_lanes", none)
    _, solved = Batch(INPUTS, SETTINGS, 1).solve(POINTS[:3])
    for answer, expected in zip(solved, answers[:3], strict=True):
        assert answer.certified and answer.certificate["horizon_gap"] < 1e-2
        np.testing.assert_allclose(answer.unknowns, expected.unknowns, rtol=LANES, atol=LANES)
