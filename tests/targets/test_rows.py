"""Rows of targets: what is wrong is said with its place and what was expected."""

import pytest

from calibration.inputs import load_inputs
from experiments.request.errors import InputError
from experiments.request.scenarios import build_scenario, scenario_problems
from experiments.request.targets import build_conditions, shipped_conditions
from model.transition.solutions import Settings

INPUTS = load_inputs(name="us_2022q4")
ROW = {"outcome": "unemployment", "values": [4.2, None, 4.3], "from": "2027Q1", "moves": "policy_rate"}


def built(*rows):
    return build_scenario("mine", {"targets": list(rows)}, inputs=INPUTS)


def sentences(*rows):
    with pytest.raises(InputError) as failure:
        built(*rows)
    return "\n".join(failure.value.sentences)


def test_a_row_is_a_target_with_its_mover():
    (target,) = built(ROW).targets
    assert target.pinned == ((4, 4.2), (6, 4.3))
    (mover,) = target.movers
    assert mover.instruments == ("epsi",)
    assert 0 < mover.persistence < 1
    assert mover.deviation is not None


def test_an_instrument_without_a_shock_moves_in_its_quarter_alone():
    (target,) = built(ROW | {"moves": "zG"}).targets
    assert (target.movers[0].persistence, target.movers[0].deviation) == (0.0, None)


def test_one_value_may_stand_until_a_quarter_over_the_baseline_and_at_the_size_of_the_economy():
    """2027Q1 is the seventeenth quarter after 2022Q4."""
    row = {"outcome": "programme_outlays_dollars", "values": 20, "from": "2027Q1", "to": "2027Q4", "over": "baseline"}
    (plain,) = built(row | {"moves": "grid subsidy"}).targets
    assert plain.over_baseline and plain.pinned == tuple((q, 20.0) for q in range(4, 8))
    (grown,) = built(row | {"moves": "sG", "unit": "billion dollars of 2025 a year, with trend"}).targets
    (same,) = built(row | {"values": [20], "moves": "sG"}).targets
    assert same.pinned == plain.pinned and row["values"] == 20
    trend = INPUTS.value("production.trend_growth")
    assert [v for _, v in grown.pinned] == pytest.approx([20 / trend ** (16 + k) for k in range(1, 5)])


def test_a_unit_that_the_outcome_has_changes_no_value_and_a_list_is_left_as_it_was_given():
    grows = {"outcome": "gdp_growth_annual", "values": [2.5], "unit": "% a year, with trend", "to": "2027Q2"}
    for _ in range(2):  # as in two economies
        (target,) = built(ROW | grows | {"moves": "technology"}).targets
        assert target.pinned == ((4, 2.5), (5, 2.5))
    assert grows["values"] == [2.5]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": "unemploymnt"}, "targets.0.outcome: no outcome 'unemploymnt' that can be a target; the nearest is unemployment"),
        ({"outcome": "gini"}, "got 'gini', which jumps at quantiles"),
        ({"label": "low"}, "targets.0.label: got 'low'; unemployment expects none"),
        ({"outcome": "wage"}, "targets.0.label: got None; wage expects one of low, middle, high"),
        ({"unit": "pp"}, "targets.0.unit: got 'pp'; unemployment is in '% of labour force'"),
        ({"values": [4.2, "much"]}, "targets.0.values: got [4.2, 'much']; expected finite numbers"),
        ({"moves": "epsilon"}, "targets.0.moves: no instrument or shock 'epsilon'"),
        ({"moves": None}, "targets.0.moves: no instrument or shock None"),
        ({"unit": ""}, "targets.0.unit: got ''; unemployment is in '%"),
        ({"moves": "patience", "persistence": 0.9}, "targets.0.persistence: got 0.9; shocks fade as they were estimated to (patience "),
        ({"to": "2027Q4"}, "targets.0.to: got 2027Q4; expected one value from 2027Q1 until a later quarter"),
        ({"values": 4.2, "to": "2026Q4"}, "targets.0.to: got 2026Q4; expected one value from 2027Q1"),
        ({"over": "trend"}, "targets.0.over: "),
        ({"from": 2027}, "targets.0.from: got 2027; expected a quarter such as 2027Q1"),
        ({"from": "soon"}, "targets.0.from: quarter: got 'soon'"),
    ],
)  # fmt: skip
def test_bad_rows_are_refused_in_words(change, said):
    assert said in sentences(ROW | change)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([ROW, ROW | {"moves": "patience"}], "one outcome is pinned twice in 2027Q1, 2027Q3"),
        ([ROW, ROW | {"outcome": "inflation_annual"}], "pinned values: 4, free to move: 2"),
        ([ROW | {"values": [None]}], "values has no number"),
        ([ROW | {"from": "2082Q4"}], "is past the horizon"),
        ([ROW | {"from": "2025Q1"}], "before it is announced, 2026Q1"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_solved(rows, said):
    assert said in "\n".join(scenario_problems(built(*rows), INPUTS, Settings()))


def test_the_projections_of_the_federal_reserve_are_the_published_ones():
    """Summary of Economic Projections of June 2026: growth 2.2 2.3 2.2, unemployment 4.3 4.3 4.2, core prices 3.3 2.5 2.1, rate 3.8 3.6 3.4."""
    read = build_conditions(shipped_conditions("fed_2026_06"), INPUTS)
    values = {target.outcome: target.values for target in read.targets}
    years = [slice(0, 4), slice(4, 8), slice(8, 12)]
    growth = [sum(values["gdp_measured_growth_annual"][y]) / 4 for y in years]
    assert growth == pytest.approx([2.2, 2.3, 2.2], abs=0.01)
    assert [values["unemployment"][k] for k in (3, 7, 11)] == [4.3, 4.3, 4.2]
    assert [values["policy_rate_annual"][k] for k in (3, 7, 11)] == [3.8, 3.6, 3.4]
    assert [sum(values["inflation_annual"][y]) / 4 for y in years] == pytest.approx([3.3, 2.5, 2.1], abs=0.03)
    assert scenario_problems(read, INPUTS, Settings()) == []


def test_the_projections_of_the_congressional_budget_office_are_the_published_ones():
    """January 2026: growth 2.2, then 1.8 a year; unemployment 4.6 4.5 4.4; PCE prices 2.7 in 2026, 2.1 in 2028; rate 3.4 at the end of 2028."""
    read = build_conditions(shipped_conditions("cbo_2026_01"), INPUTS)
    values = {target.outcome: target.values for target in read.targets}
    assert values["gdp_measured_growth_annual"] == (2.2,) * 4 + (1.8,) * 8
    assert [values["unemployment"][k] for k in (3, 7, 11)] == [4.6, 4.5, 4.4]
    assert values["inflation_annual"][:4] == (2.7,) * 4 and values["inflation_annual"][8:12] == (2.1,) * 4
    assert values["policy_rate_annual"][11] == 3.4
    assert scenario_problems(read, INPUTS, Settings()) == []
