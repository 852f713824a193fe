"""The calibrated initial steady state against the independent NumPy implementation of the same 73 equations."""

import json
from functools import cache
from pathlib import Path

import jax
import numpy as np

from experiments.verify.reference import initial_steady_state
from experiments.verify.rows import row
from experiments.verify.tolerances import SOLVED
from model.equilibrium.economy import reference

FILE = Path(__file__).with_name("initial_steady_state.json")
SMALLEST = 1e-6  # GPU and grid rents at rest
SOURCE = "independent implementation"


@cache
def _printed():
    return json.loads(FILE.read_text(encoding="utf-8"))


def unknowns():
    """All 73 unknowns that the inversion gives."""
    printed, levels = _printed()["unknowns"], reference().variables.to_levels(initial_steady_state()[2])
    return [
        row(f"unknown {s}", SOURCE, printed[s], levels[i], SOLVED, scale=SMALLEST)
        for i, s in enumerate(reference().variables.symbols)
    ]


def equations():
    """The printed unknowns solve the equations under the parameters of the inversion."""
    p, e, _ = initial_steady_state()
    economy, printed = reference(), _printed()
    x = reference().variables.to_coordinates(np.array([printed["unknowns"][s] for s in reference().variables.symbols]))
    known = [i for i, s in enumerate(reference().instruments.symbols) if s in printed["exogenous"]]
    base = np.array([printed["exogenous"][reference().instruments.symbols[i]] for i in known])

    @jax.jit
    def residual(x):
        now = economy.quarter(p, e, e, x[economy.carried], x)
        return economy.residual(p, now, economy.expectations(p, now))

    return [
        row("largest of the 73 residuals at the printed unknowns", SOURCE, 0.0, residual(x), SOLVED),
        row(f"{len(known)} instruments at rest", SOURCE, base, np.asarray(e)[known], 0.0),
    ]


CASES = (unknowns, equations)
