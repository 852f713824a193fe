"""The likelihood of shocks in the three equations against the one that Dynare finds on the same data."""

import re

import jax.numpy as jnp
import numpy as np
import pytest

from calibration.shocks.likelihood import log_likelihood
from calibration.shocks.state_space import state_space
from calibration.shocks.tables import Observable
from experiments.export.dynare_runner import dynare_available, dynare_folder, octave
from model.examples.new_keynesian import NEW_KEYNESIAN, Parameters
from model.solvers.first_order.law import Shocks, steady_law_solver
from model.solvers.first_order.saddle_path import saddle_path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not dynare_available(), reason="needs Octave and Dynare: apt install dynare octave-dev"),
]

QUARTERS = 80
PERSISTENCE, SIZES, NOISE = np.array([0.8, 0.3, 0.0]), np.array([0.5, 0.2, 0.1]), np.array([0.3, 0.0, 0.0])
MOVED, WATCHED = ("r", "u", "e_v"), ("y", "pi", "i")
MOD = """
var y pi i r u v; varexo e_r e_u e_v; parameters kappa;
kappa = 0.1717;
model(linear);
y = y(+1) - (i - pi(+1) - r);
pi = 0.99*pi(+1) + kappa*y + u;
i = 1.5*pi + 0.125*y + v;
r = 0.8*r(-1) + e_r;
u = 0.3*u(-1) + e_u;
v = 0.5*v(-1) + e_v;
end;
shocks; var e_r; stderr 0.5; var e_u; stderr 0.2; var e_v; stderr 0.1; var y; stderr 0.3; end;
varobs y pi i;
estimated_params; kappa, 0.1717; end;
estimation(datafile='seen.m', mode_compute=0, mh_replic=0, nograph, cova_compute=0) y;
"""
SCRIPT = """
addpath('{matlab}');
dynare('likelihood.mod', 'nolog', 'nograph');
"""


def of_dynare(data, folder):
    columns = (
        f"{name} = [{' '.join(map(repr, column))}]';" for name, column in zip(WATCHED, data.T.tolist(), strict=True)
    )
    (folder / "seen.m").write_text("\n".join(columns), encoding="utf-8")
    (folder / "likelihood.mod").write_text(MOD, encoding="utf-8")
    said = octave(SCRIPT.format(matlab=dynare_folder()), folder)
    return float(re.search(r"Initial value of the log posterior \(or likelihood\): (\S+)", said)[1])


def ours(data):
    p = Parameters(0.99, 1.0, 0.1717, 1.5, 0.125, 0.0, -1.0, 0.0, 0.5, 0.0)
    unknowns, instruments = NEW_KEYNESIAN.variables, NEW_KEYNESIAN.instruments
    directions = np.zeros((len(instruments), len(MOVED)))
    directions[[instruments.index(s) for s in MOVED], np.arange(len(MOVED))] = 1.0
    e, x = jnp.zeros(len(instruments)), jnp.zeros(len(unknowns))
    rule = saddle_path(NEW_KEYNESIAN, p, e, x).rule
    law = steady_law_solver(NEW_KEYNESIAN)(p, e, x, rule, Shocks(directions, PERSISTENCE))
    before = 2 * len(MOVED) + len(NEW_KEYNESIAN.carried)
    slopes = np.zeros((len(WATCHED), before + len(unknowns)))
    slopes[np.arange(len(WATCHED)), [before + unknowns.index(s) for s in WATCHED]] = 1.0
    watched = tuple(Observable(s, s, (), "level", "none", s, None, None, False, "") for s in WATCHED)
    space = state_space(law, slopes, PERSISTENCE, NEW_KEYNESIAN.carried, watched)
    sizes = jnp.tile(jnp.asarray(SIZES), (QUARTERS, 1))
    return float(log_likelihood(space, sizes, jnp.asarray(NOISE), jnp.asarray(data), jnp.ones(data.shape, bool)))


def test_the_likelihood_is_the_one_that_dynare_finds(tmp_path, rng):
    data = np.cumsum(rng.normal(size=(QUARTERS, len(WATCHED))), 0) * 0.1
    np.testing.assert_allclose(ours(data), of_dynare(data, tmp_path), rtol=1e-8)
