"""What sliders mean: the same scenarios as those that are shipped, and files that the runner takes."""

import shlex

import pytest
import yaml

from calibration.inputs import load_inputs
from experiments.claims.files import read_claims
from experiments.entry import configured
from experiments.explore.view import (
    NAME,
    POLICY,
    PRESETS,
    SLIDERS,
    knots,
    moved_numbers,
    presets_of,
    read_view,
    scenario_body,
    scenario_file,
    schema_of,
    stops_of,
)
from experiments.request.build import prepare
from experiments.request.errors import InputError
from experiments.request.ranges import out_of_range
from experiments.request.scenarios import build_scenario, scenario_problems, shipped
from model.transition.solutions import Settings

INPUTS = load_inputs(name="us_2026q1")
STOPS = stops_of(INPUTS)
SCHEMA = schema_of(STOPS)


def view(**moved):
    return read_view(SCHEMA, {name: str(value) for name, value in moved.items()})


@pytest.mark.parametrize(
    ("moved", "name"),
    [
        ({"bill_share": 3}, "bill_tilt"),
        ({"bill_share": -3}, "bond_tilt"),
        ({"treasury_account": -0.15}, "tga_rundown"),
        ({"ai_subsidy": 10}, "ai_subsidy"),
        ({"grid": 1.5}, "grid_expansion"),
        ({"interconnection": 2}, "interconnection_fast_track"),
        ({"gas": 1.5, "nuclear": 3}, "nuclear_gas_build"),
        ({"politics": 0}, "politics_off"),
    ],
)
def test_a_slider_is_the_scenario_of_its_name(moved, name):
    mine = build_scenario(NAME, scenario_body(view(**moved)), inputs=INPUTS)
    theirs = build_scenario(name, shipped(name, ""), inputs=INPUTS)
    assert sorted(mine.changes, key=str) == sorted(theirs.changes, key=str)
    assert mine.announced == theirs.announced


@pytest.mark.parametrize("slider", SLIDERS, ids=lambda slider: slider.name)
def test_ends_of_every_slider_make_a_scenario(slider):
    for value in {slider.low, slider.high} - {slider.default}:
        scenario = build_scenario(NAME, scenario_body(view(**{slider.name: value})), inputs=INPUTS)
        assert scenario_problems(scenario, INPUTS, Settings()) == [] and not scenario.permanent


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_a_preset_is_a_setting_of_a_claim_or_a_policy(preset):
    assert scenario_body(view(**preset.settings)) or moved_numbers(view(**preset.settings), STOPS)
    assert preset.of in {POLICY, *(claim.number for claim in read_claims())}


def test_titles_of_presets_tell_what_they_move():
    """The numbers are those of the economy; where it stands there already, there is no preset."""

    def titles(**moved):
        stops = stops_of(INPUTS.with_values({f"rest_of_world.{name}": value for name, value in moved.items()}))
        return [preset.title for preset in presets_of(stops) if "import_share" in preset.settings]

    assert titles() == ["What AI spending adds at home: 15 % of AI equipment imported, not 55"]
    assert titles(import_share=0.5) == ["What AI spending adds at home: 10 % of AI equipment imported, not 50"]
    assert titles(import_share=0.1) == []


def test_knots_are_within_the_slider_and_leave_its_default_out():
    for slider in SLIDERS:
        assert {slider.low, slider.high} - {slider.default} <= set(knots(slider))
        assert slider.default not in knots(slider) and all(slider.low <= v <= slider.high for v in knots(slider))


def test_nothing_moved_is_the_baseline():
    assert scenario_body(view()) is None
    assert moved_numbers(view(), STOPS) == {}


def test_stops_have_the_estimate_in_the_middle():
    for stop in STOPS:
        assert stop.values[stop.middle] == pytest.approx(INPUTS.value(stop.number))
        assert len(set(stop.values)) == len(stop.values)


def test_stops_stay_within_the_range_of_their_number():
    moved = INPUTS.with_values({"rest_of_world.import_share": 0.3, "energy.interconnection_supply_elasticity": 8.0})
    for stop in stops_of(moved):
        assert list(out_of_range(moved, dict.fromkeys([stop.number], min(stop.values)))) == []
        assert list(out_of_range(moved, dict.fromkeys([stop.number], max(stop.values)))) == []
        assert stop.values[stop.middle] == moved.value(stop.number)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"ai_subsidy": "31"}, "less than or equal to 30"),
        ({"ai_subsidy": "nan"}, "finite number"),
        ({"ai_subsidy": "lots"}, "got .lots.; expected a number"),
        ({"supply_elasticity": "9"}, "less than or equal to 4"),
        ({"supply_elasticity": "1.5"}, "expected a whole number"),
        ({"subsidy": "1"}, "setting.subsidy: no such key; the nearest is ai_subsidy"),
    ],
)
def test_a_setting_out_of_its_range_is_refused_in_words(query, words):
    with pytest.raises(InputError, match=words):
        read_view(SCHEMA, query)


def test_the_scenario_file_is_taken_by_the_runner(tmp_path):
    moved = view(ai_subsidy=12, bill_share=1.5, supply_elasticity=0)
    text = scenario_file(moved, STOPS, ["calibration=us_2026q1"])
    path = tmp_path / "two_economies_view.yaml"
    path.write_text(text)
    command = shlex.split(text.splitlines()[0].removeprefix("# "))
    assert command[:3] == ["python", "-m", "experiments.run"]
    overrides = [o.replace("two_economies_view.yaml", str(path)) for o in command[3:]]
    job = prepare(configured("config", overrides))
    assert job.inputs.moved == moved_numbers(moved, STOPS)
    assert [s.name for s in job.scenarios] == [NAME]
    assert job.scenarios[0].changes == build_scenario(NAME, scenario_body(moved), inputs=INPUTS).changes


def test_the_file_of_the_baseline_has_no_scenario():
    assert yaml.safe_load(scenario_file(view(), STOPS, [])) == {}
