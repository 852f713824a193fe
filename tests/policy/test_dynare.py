"""Best policies of small economies against those that Dynare's `ramsey_model` finds."""

import jax.numpy as jnp
import numpy as np
import pytest

from experiments.export.dynare_runner import dynare_available, run_dynare
from model.examples.new_keynesian import NEW_KEYNESIAN, Parameters
from model.policy.finish import finish
from model.policy.paths import PathTask
from model.solvers.path import PathProblem, Terminal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not dynare_available(), reason="needs Octave and Dynare: apt install dynare octave-dev"),
]

BETA, KAPPA, THETA, PERSISTENCE, PUSH = 0.99, 0.1717, 0.03, 0.5, 0.01
QUARTERS, COMPARED = 120, 30
MOD = """
var y pi i u; varexo e; parameters beta kappa rho;
beta = {beta}; kappa = {kappa}; rho = {rho};
model;
y = y(+1) - (i - pi(+1));
pi = beta*pi(+1) + kappa*y + u;
u = rho*u(-1) + e;
end;
planner_objective pi^2 + {theta}*y^2 + {rate}*i^2;
ramsey_model(planner_discount={beta}, instruments=(i));
initval; y = 0; pi = 0; i = 0; u = 0; e = 0; end;
steady;
shocks; var e; periods 1; values {push}; end;
perfect_foresight_setup(periods={quarters});
tic; perfect_foresight_solver; solver_seconds = toc;
"""


@pytest.mark.parametrize("rate", [0.0, 0.1], ids=["prices and output", "and the rate itself"])
def test_commitment_is_the_plan_that_dynare_finds(rate, tmp_path):
    numbers = {"beta": BETA, "kappa": KAPPA, "theta": THETA, "rho": PERSISTENCE, "push": PUSH, "rate": rate}
    path = tmp_path / "commitment.mod"
    path.write_text(MOD.format(**numbers, quarters=QUARTERS), encoding="utf-8")
    dynare = run_dynare(path, compiled=False).path[:COMPARED, :3]
    instruments = NEW_KEYNESIAN.instruments
    exogenous = np.zeros((QUARTERS + 2, len(instruments)))
    exogenous[1:, instruments.index("u")] = PUSH * PERSISTENCE ** np.arange(QUARTERS + 1)
    p = Parameters(BETA, 1.0, KAPPA, 1.5, 0.125, 0.0, -1.0, 0.0, 0.0, 0.0)
    end = Terminal(jnp.zeros(5), jnp.zeros((5, 2)))
    problem = PathProblem(p, jnp.zeros(2), jnp.asarray(exogenous), end, jnp.zeros(1))
    directions = np.zeros((QUARTERS // 2, *exogenous.shape))
    set_in = np.arange(QUARTERS // 2)
    directions[set_in, set_in + 1, instruments.index("e_v")] = 1.0

    def loss(problem, path):
        y, inflation, i = path[:, 0], path[:, 1], path[:, 2]
        return 1e4 * BETA ** jnp.arange(QUARTERS) @ (inflation**2 + THETA * y**2 + rate * i**2)

    task = PathTask(NEW_KEYNESIAN, problem, jnp.zeros((QUARTERS, 5)), directions, loss, scale=0.01)
    best = finish(task, task.trials(np.zeros((1, len(directions))))[0])
    assert best.conditions.met
    np.testing.assert_allclose(np.asarray(best.trial.held[1])[:COMPARED, :3], dynare, atol=1e-8)
