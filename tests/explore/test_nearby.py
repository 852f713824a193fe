"""What the page knows beforehand: the stored file is of the default economy and equals what is solved."""

import gzip
import json

import numpy as np
import pytest

from calibration.inputs import load_inputs
from experiments.explore.messages import changes_of, charts, lines_of, response_of
from experiments.explore.nearby import STORED, Nearby, stored_for, wanted
from experiments.explore.solver import Solver
from experiments.explore.view import PRESETS, schema_of, stops_of
from model.transition.solutions import Settings

INPUTS = load_inputs(name="us_2022q4")
STOPS = stops_of(INPUTS)


def test_the_stored_file_is_of_the_default_calibration_and_of_no_other():
    assert stored_for(INPUTS, Settings()) is not None
    assert stored_for(INPUTS.with_values({"rest_of_world.import_share": 0.4}), Settings()) is None
    assert stored_for(INPUTS, Settings(horizon=320)) is None


def test_the_stored_file_has_every_control_and_every_line():
    told = json.loads(gzip.decompress(STORED.read_bytes()))
    keys = {line["key"] for chart in charts() for line in chart["lines"]}
    assert set(told["message"]["lines"]) == keys
    for name, values in wanted(STOPS).items():
        known = told["responses"][name]
        assert [value for value, _ in known] == sorted(values), name
        assert all(set(response) == keys for _, response in known)
    assert told["message"]["certificate"]["horizon_gap"] < 1e-2


def test_bands_of_draws_hold_the_estimate_nearly_everywhere():
    told = json.loads(gzip.decompress(STORED.read_bytes()))
    lines, levels = told["message"]["lines"], told["bands"][0]["levels"]
    inside = [(low <= np.array(lines[key])) & (np.array(lines[key]) <= high) for key, (low, high) in levels.items()]
    assert levels.keys() == lines.keys() and np.mean(inside) > 0.8


def test_every_preset_of_policies_has_a_band_of_what_it_changes():
    told = json.loads(gzip.decompress(STORED.read_bytes()))
    presets = [preset.settings for preset in PRESETS if not preset.settings.keys() & {stop.name for stop in STOPS}]
    assert [band["settings"] for band in told["bands"]] == [{}, *presets]
    for band in told["bands"][1:]:
        assert band["changes"].keys() == told["message"]["lines"].keys()
        assert all(np.less_equal(low, high).all() for low, high in band["changes"].values())


@pytest.mark.slow
def test_bands_of_presets_are_around_what_the_page_solves():
    """Bills for bonds, whose effect hardly depends on what is drawn, lie within and near their band."""
    schema, solver, settings = schema_of(STOPS), Solver(INPUTS, Settings(), STOPS), {"bill_share": 3}
    told = json.loads(gzip.decompress(STORED.read_bytes()))
    band = next(band["changes"] for band in told["bands"] if band["settings"] == settings)
    base, solved = (solver.solve(schema(**given)).solved for given in ({}, settings))
    low, high = map(np.array, band["gdp_real"])
    here = changes_of(solved, base)["gdp_real"]
    np.testing.assert_allclose(here, 100 * (solved.values["gdp_real"] / base.values["gdp_real"] - 1)[:80], atol=1e-3)
    assert (here >= low - 0.02).all() and (here <= high + 0.02).all()


@pytest.mark.slow
def test_what_is_stored_is_what_is_solved():
    schema, solver = schema_of(STOPS), Solver(INPUTS, Settings(), STOPS)
    told = stored_for(INPUTS, Settings())
    solved = solver.solve(schema()).solved
    for key, line in lines_of(solved).items():
        np.testing.assert_allclose(told["message"]["lines"][key], line, rtol=2e-5, atol=1e-6, err_msg=key)
    value, response = told["responses"]["ai_subsidy"][-1]
    again = response_of(solver.solve(schema(ai_subsidy=value)).solved, lines_of(solved))
    for key, line in again.items():
        np.testing.assert_allclose(response[key], line, rtol=1e-3, atol=1e-3, err_msg=key)


@pytest.mark.slow
def test_another_economy_finds_its_responses_one_by_one():
    inputs = load_inputs(name="us_2026q1")
    stops = stops_of(inputs)
    nearby = Nearby(Solver(inputs, Settings(), stops), schema_of(stops), inputs, Settings())
    assert nearby.as_message() == {"responses": {}, "message": None, "bands": []}
    nearby.find("bill_share", 5.0)
    nearby.find("bill_share", -5.0)
    known = nearby.as_message()["responses"]["bill_share"]
    assert [value for value, _ in known] == [-5.0, 5.0]
    assert known[1][1]["gdp_real"][0] > 0 > known[0][1]["gdp_real"][0]
