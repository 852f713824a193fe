"""Targets that are moments of the path: what rows may say, and that the number is the reported one."""

import csv

import jax.numpy as jnp
import numpy as np
import pytest

from calibration import calibrate
from calibration.estimators.problem import estimation_of, load_estimated
from calibration.inputs import SETS, TARGETS_FILE, load_inputs, set_names
from calibration.measures.moments import measured, moment_of, parsed, path_moments
from calibration.numbers.tables import TARGET_COLUMNS, TableError
from model.equilibrium.outcomes.report import reporter
from model.transition.calendar import on_calendar
from model.transition.solutions import Settings
from tests.economy import ECONOMY, at_rest

SETTINGS = Settings(smoothing=1e-3)


def rows_of(path, change):
    with TARGETS_FILE.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    change({row["name"]: row for row in rows})
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, TARGET_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    "text, expected",
    [
        ("ai_capex_share 2026Q1", "expected OUTCOME[LABEL] FIRST to LAST"),
        ("ai_capex 2026Q1 to 2026Q4", "expected an outcome; there are"),
        ("capacity[coal] 2026Q1 to 2026Q4", "capacity with one of the labels gas, nuclear, renewable"),
        ("capacity 2026Q1 to 2026Q4", "capacity with one of the labels"),
        ("gdp_real[low] 2026Q1 to 2026Q4", "gdp_real with no label"),
        ("gdp_real 2025Q1 to 2026Q4", "a window from 2026Q1 on"),
        ("gdp_real 2027Q1 to 2026Q4", "a window from 2026Q1 on"),
    ],
)
def test_a_measure_that_is_none_is_refused(text, expected):
    with pytest.raises(TableError, match="measured is") as caught:
        parsed(text)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    "key, value, expected",
    [
        ("kind", "moment", "kind is 'moment'; expected one of level, path, response, assumption"),
        ("low", "5", "low is 5, high 2.3; expected low <= high"),
        ("standard_error", "", "standard_error is ''; expected a finite number"),
    ],
)
def test_a_path_row_with_a_fault_names_its_line(key, value, expected, tmp_path):
    path = rows_of(tmp_path / "targets.csv", lambda rows: rows["path.ai_capex_2026"].update({key: value}))
    with pytest.raises(TableError) as caught:
        load_inputs(path)
    assert expected in str(caught.value)
    assert f"{path}, line 96" in str(caught.value)


def test_every_shipped_path_row_measures_something():
    moments = [moment_of(row) for row in load_inputs().moments.values() if row.kind == "path"]
    assert len(moments) >= 12
    assert all(m.last < 40 for m in moments)


@pytest.mark.slow
def test_the_moment_is_the_mean_of_the_reported_outcome():
    calibrated = calibrate(smoothing=SETTINGS.smoothing)
    baseline = calibrated.baseline(SETTINGS)
    problem, path = on_calendar(baseline, baseline.solution)
    values = reporter(ECONOMY)(problem, path, baseline.initial, at_rest()).values
    texts = (
        "ai_capex_share 2026Q1 to 2026Q4",
        "wholesale_price 2028Q1 to 2028Q4",
        "capacity[renewable] 2026Q4 to 2026Q4",
    )
    moments = tuple(parsed(t) for t in texts)
    found = path_moments(ECONOMY, moments)(baseline.solution.problem, jnp.asarray(baseline.solution.path))
    expected = [
        np.mean(values["ai_capex_share"][:4]),
        np.mean(values["wholesale_price"][8:12]),
        values["capacity"][3, 2],
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    np.testing.assert_allclose([measured(values, m) for m in moments], expected, rtol=1e-12)


def test_a_set_takes_the_place_of_the_tables_and_users_come_after():
    inputs = load_inputs(name="us_2026q1")
    shipped = csv.DictReader((SETS / "us_2026q1.csv").read_text().splitlines())
    (written,) = [float(row["value"]) for row in shipped if row["name"] == "catch_up.multiplier.zA"]
    assert inputs.value("catch_up.multiplier.zA") == written != 1.9
    assert inputs.with_values({"catch_up.multiplier.zA": 2.0}).value("catch_up.multiplier.zA") == 2.0
    assert load_inputs().value("catch_up.multiplier.zA") == 1.9
    with pytest.raises(TableError, match="no such set; expected one of reference"):
        load_inputs(name="slow")
    assert {"reference", "fast"} <= set(set_names())


@pytest.mark.parametrize(
    "row, expected",
    [
        ("energy.nothing,1,0.3,x", "no such number"),
        ("catch_up.multiplier.zA,one,0.3,x", "prior is 'one'"),
        ("catch_up.multiplier.zA,-1,0.3,x", "prior -1"),
        ("catch_up.multiplier.zA,1.9,0.3,x\ncatch_up.multiplier.zA,1.9,0.3,x", "stands twice"),
        ("catch_up.multiplier.zA,1.9,0,x", "nothing to estimate"),
    ],
)
def test_a_bad_table_of_estimated_numbers_is_refused(row, expected, tmp_path):
    path = tmp_path / "estimated.csv"
    path.write_text(f"name,prior,spread,meaning\n{row}\n")
    with pytest.raises(TableError, match=expected):
        load_estimated(load_inputs(), path)


@pytest.mark.slow
def test_derivatives_along_ways_that_move_every_estimated_number_agree_with_differences(rng):
    estimation = estimation_of(load_inputs(), Settings(smoothing=1e-3, tolerance=2e-13))
    start = np.full(len(estimation.estimated), 0.1)
    exact = estimation.jacobian(*estimation.solved(start)) / estimation.errors[:, None]
    for way in rng.choice([-1.0, 1.0], (3, len(start))):
        step = 1e-4 * way
        ends = [estimation.measure(estimation.solved(start + s * step)[1]) / estimation.errors for s in (2, 1, -1, -2)]
        difference = (-ends[0] + 8 * ends[1] - 8 * ends[2] + ends[3]) / (12 * 1e-4)
        np.testing.assert_allclose(exact @ way, difference, rtol=1e-5, atol=2e-6)


def test_changes_compare_two_windows():
    series = {"unemployment": np.arange(1.0, 41.0)}
    less = parsed("unemployment 2027Q1 to 2027Q4 less 2026Q1 to 2026Q4")
    over = parsed("unemployment 2026Q2 to 2026Q2 over 2026Q1 to 2026Q1")
    assert measured(series, less) == pytest.approx(4.0)
    assert measured(series, over) == pytest.approx(100.0)
    with pytest.raises(TableError, match="with less or over FIRST to LAST"):
        parsed("unemployment 2026Q2 to 2026Q2 under 2026Q1 to 2026Q1")
