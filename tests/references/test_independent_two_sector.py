"""The equations of the two-sector economy against an independent implementation in plain numpy.

It was written from the equations alone, by someone who did not read this package: its initial steady state and two segments
with news, solved by Newton's method. `independent_two_sector.csv` has its paths in levels, quarters 0 to 59 of each segment,
between the quarter before (-1, of the first segment its initial steady state, of the second quarter 3 of the first) and the one
after (60, given), with the instruments that move, `e.SYMBOL`; the JSON has the parameters by symbol.
"""

import csv
import dataclasses
import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from model.core.fields import ByName
from model.equilibrium.economy import two_sector

ECONOMY, FOLDER = two_sector(), Path(__file__).parent
AGREED = 1e-13  # of any equation
PARAMETERS = json.loads((FOLDER / "independent_two_sector_parameters.json").read_text())
ROWS = list(csv.DictReader((FOLDER / "independent_two_sector.csv").read_text().splitlines()))


def parameters():
    blocks = {name: _filled(block.parameters) for name, block in ECONOMY.blocks_by_name.items()}
    return ByName(**blocks, smoothing=jnp.asarray(PARAMETERS["eps"]))


def _filled(fields):
    return fields(**{f.name: _value(f.metadata["symbols"]) for f in dataclasses.fields(fields)})


def _value(symbols):
    values = [jnp.asarray(PARAMETERS[s]) for s in symbols]
    return values[0] if len(values) == 1 else jnp.stack(values)


def segment(number):
    """Instruments and unknowns (solver coordinates) of quarters -1 to 60."""
    rows = [row for row in ROWS if int(row["segment"]) == number]
    instruments = np.tile(ECONOMY.at_rest, (len(rows), 1))
    for symbol in (key.removeprefix("e.") for key in rows[0] if key.startswith("e.")):
        instruments[:, ECONOMY.instruments.index(symbol)] = [float(row[f"e.{symbol}"]) for row in rows]
    levels = np.array([[float(row[s]) for s in ECONOMY.variables.symbols] for row in rows])
    return jnp.asarray(instruments), jnp.asarray(ECONOMY.variables.to_coordinates(levels))


@pytest.fixture(scope="module")
def residuals():
    p = parameters()

    @jax.jit
    @jax.vmap
    def of_quarter(before_e, e, next_e, before, x, following):
        now = ECONOMY.quarter(p, before_e, e, before[ECONOMY.carried], x)
        ahead = ECONOMY.quarter(p, e, next_e, x[ECONOMY.carried], following)
        return ECONOMY.residual(p, now, ECONOMY.expectations(p, ahead))

    return of_quarter


def test_its_initial_steady_state_solves_the_equations(residuals):
    rest, x = np.asarray(ECONOMY.at_rest)[None], segment(1)[1][:1]
    found = np.abs(residuals(rest, rest, rest, x, x, x))[0]
    assert found.max() < AGREED, ECONOMY.rows[found.argmax()]


@pytest.mark.parametrize("number", [1, 2])
def test_its_paths_solve_the_equations(number, residuals):
    e, x = segment(number)
    found = np.abs(residuals(e[:-2], e[1:-1], e[2:], x[:-2], x[1:-1], x[2:]))
    quarter, row = np.unravel_index(found.argmax(), found.shape)
    assert found.max() < AGREED, f"{ECONOMY.rows[row]} in quarter {quarter}"


def test_a_path_that_is_off_by_a_millionth_does_not(residuals):
    e, x = segment(1)
    off = x.at[30].add(1e-6)
    assert np.abs(residuals(e[:-2], e[1:-1], e[2:], off[:-2], off[1:-1], off[2:])).max() > 100 * AGREED
