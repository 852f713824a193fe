"""Best policies of small economies against those that Dynare's `ramsey_model` and `osr` find."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

from experiments.export.dynare_runner import dynare_available, dynare_folder, octave, run_dynare
from model.examples.new_keynesian import NEW_KEYNESIAN, Parameters
from model.policy.finish import finish
from model.policy.paths import PathTask
from model.policy.rules import Rest, RuleTask
from model.policy.search import best_policy
from model.solvers.first_order.law import Shocks
from model.solvers.first_order.variances import covariances, every_unknown
from model.solvers.path import PathProblem, Terminal
from tests.policy.backward_looking import ball_task

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


THREE_EQUATIONS = """
var y pi i r u; varexo e_r e_u; parameters fp;
fp = 1.5;
model(linear);
y = y(+1) - (i - pi(+1) - r);
pi = 0.99*pi(+1) + 0.1717*y + u;
i = fp*pi + 0.125*y;
r = 0.8*r(-1) + e_r;
u = 0.3*u(-1) + e_u;
end;
shocks; var e_r; stderr 0.5; var e_u; stderr 0.2; end;
optim_weights; pi 1; y 0.25; i 0.3; end;
osr_params fp;
osr(irf=0, noprint, maxit=100000, tolf=1e-15);
"""
PARTLY_BACKWARD_LOOKING = """
var y pi r; varexo e n; parameters a b;
a = 0.8; b = 0.5;
model(linear);
y = 0.8*y(-1) - r(-1) + e;
pi = 0.3*pi(+1) + 0.7*pi(-1) + 0.4*y(-1) + n;
r = a*y + b*pi;
end;
shocks; var e; stderr 1; var n; stderr 0.7; end;
optim_weights; pi 1; y 1; r 0.25; end;
osr_params a b;
osr(irf=0, noprint, maxit=100000, tolf=1e-15);
"""
SCRIPT = """
addpath('{matlab}');
dynare('rule.mod', 'nolog', 'nograph');
found = [oo_.osr.objective_function; cell2mat(struct2cell(oo_.osr.optim_params))];
dlmwrite('rule.csv', found, 'precision', '%.17g');
"""


def three_equations_task():
    weights, sizes, lasting = jnp.array([0.25, 1.0, 0.3, 0.0, 0.0]), jnp.array([0.5, 0.2]), np.array([0.8, 0.3])
    directions = np.zeros((len(NEW_KEYNESIAN.instruments), 2))
    directions[[NEW_KEYNESIAN.instruments.index(symbol) for symbol in "ru"], [0, 1]] = 1.0
    p = Parameters(0.99, 1.0, 0.1717, 1.5, 0.125, 0.0, -1.0, 0.0, 0.0, 0.0)

    def with_rule(p, point):
        return eqx.tree_at(lambda p: p.inflation_response, p, point[0])

    def judged(law, sizes):
        varied = covariances(law, every_unknown(law), lasting, sizes, NEW_KEYNESIAN.carried).levels
        return weights @ jnp.diag(varied)

    rest, shocks = Rest(p, np.zeros(4), np.zeros(5)), Shocks(directions, lasting)
    return RuleTask(NEW_KEYNESIAN, with_rule, rest, shocks, judged, sizes, -np.inf, np.inf, np.ones(1))


@pytest.mark.parametrize(
    ("model", "task", "start"),
    [(THREE_EQUATIONS, three_equations_task, [1.5]), (PARTLY_BACKWARD_LOOKING, lambda: ball_task(0.3), [0.8, 0.5])],
    ids=["three equations", "partly backward looking"],
)
def test_the_best_simple_rule_is_the_one_that_dynare_finds(model, task, start, tmp_path):
    (tmp_path / "rule.mod").write_text(model, encoding="utf-8")
    octave(SCRIPT.format(matlab=dynare_folder()), tmp_path)
    loss, *coefficients = np.loadtxt(tmp_path / "rule.csv")
    best = best_policy(task(), np.array(start), 4).best
    assert best.conditions.met
    np.testing.assert_allclose(best.trial.criteria[0], loss, rtol=1e-9)
    np.testing.assert_allclose(best.trial.point, coefficients, rtol=1e-6, atol=1e-6)
