"""Shipped scenarios: complete, applicable, of the size they say."""

import numpy as np
import pytest

from calibration import calibrate
from calibration.inputs import load_inputs
from experiments.entry import configured
from experiments.request.build import prepare
from experiments.request.errors import InputError
from experiments.request.scenarios import SCENARIO_FOLDER, build_scenario, scenario_problems, shipped
from experiments.request.strict_yaml import as_yaml, read_yaml
from model.core.units import quarter_index, quarter_label
from model.transition.scenarios.catch_up import catch_up_path, logistic
from model.transition.scenarios.public_balance_sheet import reserve_scarcity_spread
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import Settings
from tests.economy import ECONOMY, INSTRUMENTS, at_rest

NAMES = sorted(path.stem for path in SCENARIO_FOLDER.glob("*.yaml"))
PROMISED = """bill_tilt bond_tilt tga_rundown reserve_scarcity qe_equivalent ai_subsidy generation_subsidy grid_subsidy
interconnection_subsidy grid_expansion interconnection_fast_track permitting_freeze nuclear_gas_build efficient_cooling
ai_capex_freeze gpu_expansion gpu_squeeze ai_bust young_transfer childcare_support
liquidity_wave_2026 crypto_adoption stablecoin_growth
politics_off income_distribution_2010 asset_boom rate_cut ai_competition white_collar_automation return_gap_narrowed""".split()


def test_every_promised_scenario_is_there():
    assert set(PROMISED) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_can_be_applied_and_says_where_its_size_comes_from(name):
    inputs = load_inputs(name="us_2022q4")
    scenario = build_scenario(name, shipped(name), inputs=inputs)
    assert scenario_problems(scenario, inputs, Settings()) == []
    assert "Size:" in scenario.description
    assert {"description", "announced"} < set(shipped(name)) <= {"description", "announced", "changes", "operations"}


def test_the_spread_is_half_way_up_its_kink_at_adequate_reserves():
    # softplus by hand: 5 basis points a year times ln 2
    assert reserve_scarcity_spread(0.09) == pytest.approx(0.0005 / 4 * np.log(2), rel=1e-12)


def test_the_surprise_is_announced_when_it_happens():
    scenario = build_scenario("ai_bust", shipped("ai_bust"))
    assert quarter_label(scenario.announced) == "2027Q4"
    assert scenario.permanent
    assert build_scenario("ai_bust", shipped("ai_bust"), perfect_foresight=True).announced == 0


@pytest.mark.parametrize(
    "name, symbol",
    [
        ("sA", "sA"),
        ("AI subsidy", "sA"),
        ("government.ai_subsidy", "sA"),
        ("government: generation subsidy, gas", "sGas"),
        ("government.generation_subsidy[gas]", "sGas"),
    ],
)
def test_an_instrument_may_be_named_as_it_is_listed(name, symbol):
    row = {"instrument": name, "operation": "add", "value": 0.1, "from": "2027Q1", "to": "2028Q4"}
    (change,) = build_scenario("own", {"changes": [row]}, inputs=load_inputs(name="us_2022q4")).changes
    assert change.instrument == symbol


def column(changed, symbol):
    return changed[:, INSTRUMENTS.index(symbol)]


def test_windows_are_closed_and_operations_do_what_they_say():
    base = np.tile(at_rest(), (12, 1))  # quarters -1 to 10
    rows = (
        Change("zX", "scale", (2.0,), 2, 4),
        Change("zX", "add", (0.5,), 4, 5),
        Change("Gov", "set", (1.1, 1.2), 0, 1),
        Change("sA", "add", (0.1,), 8, None),
    )
    changed = Scenario("s", "", rows).apply(INSTRUMENTS, base)
    np.testing.assert_allclose(column(changed, "zX"), [1, 1, 1, 2, 2, 2.5, 1.5, 1, 1, 1, 1, 1])
    np.testing.assert_allclose(column(changed, "Gov"), [1, 1.1, 1.2, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    np.testing.assert_allclose(column(changed, "sA"), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0.1, 0.1, 0.1])


def test_what_is_held_stays_where_it_was_before_and_half_held_goes_half_as_far():
    base = np.tile(at_rest(), (8, 1))
    base[:, INSTRUMENTS.index("zA")] = [1, 1.1, 1.2, 1.4, 1.8, 2, 2, 2]
    held, half = (
        Scenario("s", "", (Change("zA", "hold", (share,), 2, 5),)).apply(INSTRUMENTS, base) for share in (1, 0.5)
    )
    np.testing.assert_allclose(column(held, "zA"), [1, 1.1, 1.2, 1.2, 1.2, 1.2, 1.2, 2])
    np.testing.assert_allclose(column(half, "zA"), [1, 1.1, 1.2, 1.3, 1.5, 1.6, 1.6, 2])


def test_quarters_and_labels():
    assert quarter_index("2026Q1") == 0
    assert quarter_index("2036Q4") == 43
    assert [quarter_label(t) for t in (0, 3, 4)] == ["2026Q1", "2026Q4", "2027Q1"]


def test_catch_up_is_constant_over_the_last_fifth_and_starts_at_rest():
    weights = logistic(240, 14, 6)
    assert weights[0] == 0
    assert np.all(weights[192:] == 1)
    assert np.all(np.diff(weights) >= 0)
    # the published formula at its midpoint, by hand
    s0 = 1 / (1 + np.exp(14 / 6))
    floor = 1 / (1 + np.exp(-(192 - 14) / 6))
    assert weights[14] == pytest.approx((0.5 - s0) / (floor - s0), rel=1e-12)
    path = catch_up_path(
        ECONOMY, {"multiplier": {"zA": 1.9}, "midpoint": {"technology": 14, "gpu": 10}, "width": 6}, 240
    )
    assert path.shape == (242, len(INSTRUMENTS))
    assert column(path, "zA")[0] == 1
    assert column(path, "zA")[-1] == pytest.approx(1.9, rel=1e-15)


def test_the_calendar_of_the_catch_up_does_not_depend_on_where_a_path_ends():
    slow = {"multiplier": {"zA": 1.9}, "midpoint": {"technology": 60, "gpu": 10}, "width": 30}
    short, usual, long = (catch_up_path(ECONOMY, slow, horizon) for horizon in (100, 240, 480))
    np.testing.assert_array_equal(short[:101], usual[:101])
    np.testing.assert_array_equal(long[:242], usual)
    np.testing.assert_array_equal(short[-1], usual[-1])  # the long run has all of it
    assert Settings(horizon=160).catch_up_complete == 192
    assert Settings(horizon=160, terminal="steady").catch_up_complete == 128  # the published recipe


@pytest.mark.parametrize("name", ["reference", "us_2026q1"])
def test_the_freeze_holds_ai_equipment_at_its_level_of_2025(name):
    inputs = load_inputs(name=name)
    freeze = build_scenario("freeze", shipped("ai_capex_freeze"), inputs=inputs)
    production = calibrate(inputs=inputs).parameters.production
    limit = float(production.gpu_limit) * freeze.changes[0].values[0]
    assert limit == pytest.approx(inputs.value("targets.ai_capex_share"), rel=1e-6)


def test_a_divisor_that_is_no_number_is_refused():
    row = {"instrument": "Ibar", "operation": "set", "value": 1, "divided_by": "targets.headroom", "from": "2026Q1"}
    with pytest.raises(InputError, match=r"no number 'targets.headroom'; the nearest is targets.gpu_headroom"):
        build_scenario("x", {"changes": [row]})


@pytest.mark.parametrize(
    ("name", "beside", "said"),
    [
        ("baseline", [], "scenario baseline: the name is taken"),
        ("bill_tilt", ["scenarios=[bill_tilt]"], "scenario bill_tilt: given 2 times"),
        ("custom", ["changes=[{instrument: sA, operation: add, value: 0.2, from: 2026Q1}]"], "custom: given 2 times"),
    ],
)
def test_no_scenario_takes_the_name_of_another_or_of_a_column(name, beside, said, tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(f"{name}:\n  - {{instrument: sA, operation: add, value: 0.1, from: 2026Q1}}\n")
    with pytest.raises(InputError, match=said):
        prepare(configured("config", [f"scenarios_file={file}", *beside]))


def test_names_of_a_file_that_are_one_text_are_refused(tmp_path):
    file = tmp_path / "own.yaml"
    row = "[{instrument: sA, operation: add, value: 0.1, from: 2026Q1}]"
    file.write_text(f'1: {row}\n"1": {row}\n')
    with pytest.raises(InputError, match="scenario 1: given 2 times"):
        prepare(configured("config", [f"scenarios_file={file}"]))


def test_what_an_instrument_becomes_is_counted_from_the_baseline():
    """By 2030 the supply of chips is several times that of the start: what takes the start away leaves some."""
    inputs, settings = load_inputs(name="us_2022q4"), Settings()
    less = Change("Ibar", "add", (-1.2,), 16, 19)
    assert scenario_problems(Scenario("less", "", (less,)), inputs, settings) == []
    (said,) = scenario_problems(Scenario("none", "", (Change("Ibar", "add", (-12.0,), 16, 19),)), inputs, settings)
    assert said.startswith("scenario none, instrument Ibar: becomes -")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change("epsi", "hold", (1.0,), 4, 7), "instrument epsi: hold on an instrument that stays where it is"),
        (Change("zA", "hold", (5.0,), 4, 7), "instrument zA: got hold (5.0,); expected shares above 0, at most 1"),
    ],
)
def test_a_hold_that_means_nothing_is_refused(change, said):
    (sentence,) = scenario_problems(Scenario("held", "", (change,)), load_inputs(name="us_2022q4"), Settings())
    assert said in sentence


def test_what_is_written_is_read_again_though_it_stands_twice():
    row = {"instrument": "sA", "value": [0.1, 0.2]}
    content = {"first": {"changes": [row]}, "second": {"changes": [row, row]}}
    assert read_yaml(as_yaml(content)) == content


def test_a_list_that_is_longer_than_the_horizon_is_refused():
    long = Change("sA", "add", (0.1,) * 400, 4, None)
    (sentence,) = scenario_problems(Scenario("long", "", (long,)), load_inputs(name="us_2022q4"), Settings())
    assert "2126Q4 is past the horizon" in sentence


@pytest.mark.parametrize(
    "operation, values, last, permanent",
    [
        ("scale", (1.01, 1.01, 1.0), None, False),
        ("add", (0.1, 0.0), None, False),
        ("hold", (0.0,), None, False),
        ("scale", (1.01,), None, True),
        ("set", (1.0,), None, True),
        ("add", (0.1,), 20, False),
    ],
)
def test_what_comes_back_to_where_it_was_is_not_for_ever(operation, values, last, permanent):
    scenario = Scenario("mine", "", (Change("Gov", operation, values, 0, last),))
    assert scenario.permanent == permanent
