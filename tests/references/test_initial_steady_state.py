"""The inversion against an independent implementation, and its identities away from the shipped numbers."""

import dataclasses
import json
import re

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

from calibration import calibrate
from calibration.economies import _sound
from experiments.verify.independent import FILE
from model.core.axes import AGE, GROUP, SKILL, WORKING_AGE
from model.equilibrium.accounts import accounts
from model.transition.long_run.steady_states import check_initial
from model.transition.solutions import NotSolved
from tests.economy import ECONOMY, VARIABLES, at_rest

REFERENCE = json.loads(FILE.read_text(encoding="utf-8"))
RENAMED = {"Gamma": "Gam"}
IDLE = {"RbustA"}  # without a crash hazard no equation holds it
LABELS = {9: GROUP.symbols, 3: SKILL.symbols, 2: WORKING_AGE.symbols}


def allowed(expected):
    return 1e-12 + 1e-10 * np.abs(expected)


def reference_value(symbol):
    """A symbol such as `psi_gas`, `muS_L` or `alpha` in the reference file."""
    numbers = REFERENCE["parameters"]
    if RENAMED.get(symbol, symbol) in numbers:
        return numbers[RENAMED.get(symbol, symbol)]
    stem, _, label = symbol.rpartition("_")
    inner = numbers[stem]
    if isinstance(inner, dict):
        return inner[label]
    labels = AGE.symbols if label in AGE.symbols and len(inner) == 3 and label != "M" else LABELS[len(inner)]
    return inner[(AGE.symbols if stem in {"phi", "psiA", "ncc"} else labels).index(label)]


def parameter_cases():
    calibrated = calibrate(smoothing=REFERENCE["parameters"]["eps"]).parameters
    for name, module in vars(calibrated).items():
        if name in ("smoothing", "distribution"):  # measurement is not in the reference
            continue
        for field in dataclasses.fields(module):
            got = np.asarray(getattr(module, field.name))
            if field.metadata["axis"] is None:
                yield field.metadata["symbols"][0], got
            else:
                yield from zip(field.metadata["symbols"], got, strict=True)


def test_every_parameter_agrees():
    compared = 0
    for symbol, got in parameter_cases():
        if symbol in IDLE:
            continue
        expected = np.asarray(reference_value(symbol))
        assert np.all(np.abs(got - expected) <= allowed(expected)), symbol
        compared += got.size
    assert compared >= 240


def steady_residual_and_books(values, smoothing=1e-3):
    calibrated = calibrate(values, smoothing=smoothing)
    x, e = VARIABLES.pack(calibrated.initial), jnp.asarray(at_rest())
    now = ECONOMY.quarter(calibrated.parameters, e, e, x[ECONOMY.carried], x)
    residual = ECONOMY.residual(calibrated.parameters, now, ECONOMY.expectations(calibrated.parameters, now))
    return np.asarray(residual), accounts(calibrated.parameters, now)


def moved_targets():
    inputs = calibrate().inputs
    movable = [name for name, row in inputs.targets.items() if row.value != 0]
    draw = np.random.default_rng(7)
    for _ in range(6):
        chosen = draw.choice(movable, 5, replace=False)
        yield {f"targets.{n}": inputs.targets[n].value * draw.uniform(0.95, 1.05) for n in chosen}


@pytest.mark.parametrize(
    "values", [*moved_targets(), {"government.ai_subsidy": 0.1, "targets.ai_task_purchases.high": 0.001}], ids=str
)
def test_identities_hold_after_targets_are_moved(values):
    residual, books = steady_residual_and_books(values)
    assert np.abs(residual).max() <= 1e-10
    for name in ("goods_market", "gdp_gap", "flow_of_funds", "electricity_gap", "wealth_conserved"):
        assert abs(float(getattr(books, name))) <= 1e-9, name
    assert abs(float(books.gdp) - 1) <= 1e-12


def test_a_wrong_parameter_is_noticed():
    calibrated = calibrate(smoothing=1e-3)
    wrong = eqx.tree_at(
        lambda p: p.production.ai_weight, calibrated.parameters, replace_fn=lambda weight: weight * 1.001
    )
    x, e = VARIABLES.pack(calibrated.initial), jnp.asarray(at_rest())
    now = ECONOMY.quarter(wrong, e, e, x[ECONOMY.carried], x)
    assert np.abs(ECONOMY.residual(wrong, now, ECONOMY.expectations(wrong, now))).max() > 1e-6


@pytest.mark.parametrize(
    "values",
    [{}, {"targets.ai_capex_share": 0.012}, {"households.discount_factor": 0.985}],
    ids=["shipped", "ai", "patience"],
)
def test_an_initial_steady_state_that_solves_the_equations_is_taken(values):
    c = calibrate(values)
    check_initial(c.economy, c.parameters, np.asarray(VARIABLES.pack(c.initial)))


@pytest.mark.parametrize(
    ("symbol", "worst"), [("pi", "premium[ai_equity] = 1.0e-06"), ("VA", "asset_market[ai_equity] = ")]
)
def test_one_that_does_not_is_refused_and_names_the_worst_equation(symbol, worst):
    c = calibrate()
    x0 = np.asarray(VARIABLES.pack(c.initial)).copy()
    x0[VARIABLES.index(symbol)] += 1e-6
    said = f"initial steady state: it does not solve the equations; worst: E.[0-9]+ {re.escape(worst)}"
    with pytest.raises(NotSolved, match=said):
        check_initial(c.economy, c.parameters, x0)


def test_groups_that_hold_less_than_nothing_are_refused():
    """Foreigners hold 0.75 x 0.30 of annual GDP in bonds, the public 0.22 x 0.95 of it: less than nothing is left."""
    c = calibrate({"government.bond_share": 0.22})
    with pytest.raises(NotSolved, match="households hold less than nothing of bonds"):
        check_initial(c.economy, c.parameters, np.asarray(VARIABLES.pack(c.initial)))


def test_the_batch_leaves_out_what_the_single_solve_refuses():
    c = calibrate()
    x0 = np.asarray(VARIABLES.pack(c.initial))
    assert _sound(c.economy, c.parameters, x0) and not _sound(c.economy, c.parameters, x0 + 1e-6)
