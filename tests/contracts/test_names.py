"""Names, symbols and tables agree with one another."""

import csv
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import calibration.numbers.symbols as symbols
from calibration.inputs import load_inputs
from calibration.numbers.tables import TARGET_COLUMNS
from experiments.answer.tables.counterfactual import ROWS
from model.core.fields import entries
from model.equilibrium.outcomes.register import UNITS
from model.equilibrium.outcomes.report import report_on
from tests.economy import CARRIED, ECONOMY, INSTRUMENTS, VARIABLES, at_rest

INPUTS = load_inputs()
# The block field that holds each symbol; `smoothing` belongs to the solver and is no field of a block.
FIELDS = {e.symbol: e for name, b in ECONOMY.blocks_by_name.items() for e in entries(b.parameters, (name,))}
DESIGN_UNKNOWNS = (
    "pA wL wM wH D Lam EA pw KT qT KA qA VT VA VC Hs pH Qb "
    "m_YL m_YM m_YH m_ML m_MM m_MH m_OL m_OM m_OH k_YL k_YM k_YH k_ML k_MM k_MH k_OL k_OM k_OH "
    "K_gas K_nuc K_vre U_gas U_nuc U_vre qK_gas qK_nuc qK_vre qU_gas qU_nuc qU_vre "
    "G UG X UX qX qUX pcu NF muG muX muI pi inom xB xT xA xH xC rT rA rH rC Dbt tb Pol"
).split()
DESIGN_INSTRUMENTS = (
    "zA zT tL tM tH effA effT effH pue Ibar zG zX zQ nG nN nV sA sGas sNuc sVre sG sX scc varpi dspr epsi rstar "
    "fB fT fA fH fC fCY Gov trY trL dtar Eleg imp mA pol sAon"
).split()


SATELLITE_INSTRUMENTS = "fbY etaB hzA mine trE".split()  # of blocks that few scenarios use
SHOCKS = "cost_push wage_push_L wage_push_M wage_push_H invT patience fuel EXs".split()  # and add-factors


def test_unknowns_and_instruments_are_those_of_the_paper():
    assert sorted(VARIABLES.symbols) == sorted(DESIGN_UNKNOWNS)
    assert sorted(INSTRUMENTS.symbols) == sorted([*DESIGN_INSTRUMENTS, *SATELLITE_INSTRUMENTS, *SHOCKS])
    assert set(CARRIED.symbols) < set(VARIABLES.symbols)


def test_symbols_are_unique():
    for layout in (VARIABLES, INSTRUMENTS):
        assert len(set(layout.symbols)) == len(layout)


def test_primitive_parameters_have_the_symbol_and_unit_of_their_field():
    for name, row in INPUTS.parameters.items():
        if not name.startswith("catch_up."):
            entry = FIELDS[row.symbol]
            label = f".{entry.label}" if entry.label else ""
            assert name == ".".join(entry.path) + label
    units = {row.symbol: row.unit for row in INPUTS.parameters.values()}
    unequal = [s for s, unit in units.items() if s in FIELDS and FIELDS[s].unit != f"[{unit}]" and unit != "weight"]
    assert unequal == []


def test_every_parameter_is_primitive_or_moved_by_an_input():
    primitive = {row.symbol for row in INPUTS.parameters.values()}
    known = set(INPUTS.names)
    for mover in symbols.MOVED_BY.values():
        assert any(name == mover or name.startswith(f"{mover}.") for name in known), mover
    targets = {row.symbol for row in INPUTS.targets.values()}
    for symbol in set(FIELDS) - primitive - targets:
        stem = symbol if symbol in symbols.MOVED_BY else symbol.partition("_")[0]
        assert stem in symbols.MOVED_BY, symbol


def test_every_default_lies_in_its_range():
    for row in INPUTS.parameters.values():
        assert row.low <= row.value <= row.high, row.name


def test_every_target_names_its_publisher_and_period():
    with (Path(symbols.__file__).parents[1] / "targets.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert tuple(rows[0]) == TARGET_COLUMNS
    assert all(row["unit"] and row["period"] and row["publisher"] for row in rows)


@pytest.mark.parametrize("layout", [VARIABLES, CARRIED])
def test_packing_is_the_inverse_of_unpacking(layout, rng):
    vector = rng.normal(size=len(layout))
    np.testing.assert_allclose(layout.pack(layout.unpack(vector)), vector, rtol=1e-14, atol=1e-14)


def test_every_outcome_has_a_unit_and_a_label_a_column(reference_paths):
    solution = reference_paths["baseline"]
    initial = jnp.zeros(len(VARIABLES))
    report = jax.eval_shape(report_on(ECONOMY), solution.problem, solution.path, initial, at_rest())
    shapes = {name: (len(solution.path), *((len(axis),) if axis else ())) for name, (_, axis) in UNITS.items()}
    assert {name: value.shape for name, value in report.values.items()} == shapes
    assert {name: value.shape for name, value in report.initial.items()} == {n: s[1:] for n, s in shapes.items()}


def test_without_the_distribution_a_report_has_all_that_counterfactual_tables_show(reference_paths):
    solution, initial = reference_paths["baseline"], jnp.zeros(len(VARIABLES))
    report = jax.eval_shape(report_on(ECONOMY, False), solution.problem, solution.path, initial, at_rest())
    shown = {outcome for outcome, *_ in ROWS} | {"programme_outlays", "debt_service"}
    assert shown <= set(report.values) <= set(UNITS) - {"gini", "poverty", "top_wealth_share"}
