"""Packing of unknowns into solver coordinates and back."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from model.core.units import quarter_index, quarter_label
from model.examples.growth import GROWTH, Variables
from tests.economy import CARRIED, INSTRUMENTS, VARIABLES
from tests.tolerances import ROUNDING

LAYOUTS = {"unknowns": VARIABLES, "carried": CARRIED, "instruments": INSTRUMENTS, "growth": GROWTH.variables}


@pytest.mark.parametrize("name", LAYOUTS)
def test_round_trip(name, rng):
    layout = LAYOUTS[name]
    vector = jnp.asarray(rng.normal(size=len(layout)))
    by_module = jax.jit(lambda v: layout.pack(layout.unpack(v)))(vector)
    by_levels = jax.jit(lambda v: layout.to_coordinates(layout.to_levels(v)))(vector)
    assert jnp.abs(by_module - vector).max() <= ROUNDING
    assert jnp.abs(by_levels - vector).max() <= ROUNDING


def test_coordinates_are_logs_where_declared():
    packed = GROWTH.variables.pack(Variables(consumption=1.0, capital=np.e))
    assert np.abs(packed - np.array([0.0, 1.0])).max() <= ROUNDING
    levels = VARIABLES.to_levels(jnp.zeros(len(VARIABLES)))
    assert (levels == np.where(VARIABLES.log, 1.0, 0.0)).all()


def test_73_unknowns_with_a_symbol_each():
    assert len(VARIABLES) == len(set(VARIABLES.symbols)) == 73
    assert len(INSTRUMENTS) == len(set(INSTRUMENTS.symbols))
    assert set(CARRIED.symbols) < set(VARIABLES.symbols)


def test_negative_levels_where_logs_are_taken_are_not_numbers():
    levels = jnp.ones(len(VARIABLES)).at[VARIABLES.index("pA")].set(-1.0)
    assert np.isnan(VARIABLES.to_coordinates(levels)).sum() == 1


@pytest.mark.parametrize("t", [0, 1, 3, 4, 19, 239])
def test_quarters(t):
    assert quarter_index(quarter_label(t)) == t


@pytest.mark.parametrize("label", ["2026", "2026Q5", "26Q1", "2026-1", ""])
def test_wrong_quarter(label):
    with pytest.raises(ValueError, match="expected a form such as 2026Q1"):
        quarter_index(label)
