"""In the linear limit, the three statements of McKay and Wolf (2023) on policy counterfactuals, in the full economy at rest."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from calibration import calibrate
from model.policy.paths import PathTask
from model.solvers.first_order.responses import path_factoriser, responses_solver
from model.solvers.path import PathProblem, Terminal, newton_problem

pytestmark = pytest.mark.slow

QUARTERS, NEWS, MANY = 48, 48, 16
BETA = 0.99


class AtRest:
    """The economy at its initial steady state, under its own rule or one that answers inflation otherwise."""

    def __init__(self, response=None):
        calibrated = calibrate(smoothing=1e-5)
        self.economy, p = calibrated.economy, calibrated.parameters
        if response is not None:
            p = eqx.tree_at(lambda p: p.central_bank.inflation_response, p, jnp.asarray(response))
        x = jnp.asarray(self.economy.variables.pack(calibrated.initial))
        exogenous = jnp.tile(jnp.asarray(self.economy.at_rest), (QUARTERS + 2, 1))
        end = Terminal(x, jnp.zeros((len(x), len(self.economy.carried))))
        self.problem = PathProblem(p, x[self.economy.carried], exogenous, end, jnp.full(3, 1e-5))
        self.path = jnp.tile(x, (QUARTERS, 1))

    def direction(self, symbol, course, first=0):
        found = np.zeros(self.problem.exogenous.shape)
        found[first + 1 : first + 1 + len(course), self.economy.instruments.index(symbol)] = course
        return found

    def responses(self, directions):
        found, factor = [], path_factoriser(self.economy)(self.problem, self.path)
        for k in range(0, len(directions), MANY):
            some = np.zeros((MANY, *self.problem.exogenous.shape))
            some[: len(directions[k : k + MANY])] = directions[k : k + MANY]
            starts = jnp.zeros((MANY, len(self.economy.carried)))
            given = self.problem, self.path, factor, jnp.asarray(some), starts, 0.5
            response, precise = responses_solver(self.economy)(*given)
            assert precise
            found.append(np.asarray(response))
        return np.concatenate(found)[: len(directions)]

    def rule_gap(self, direction, response):
        """Change of the policy rule's residual with a change of instruments and unknowns `(T,)`."""

        def residual(exogenous, path):
            return newton_problem(self.economy, self.problem._replace(exogenous=exogenous)).residual(path, 2)[0]

        given = self.problem.exogenous, self.path
        _, moved = jax.jvp(residual, given, (jnp.asarray(direction), jnp.asarray(response)))
        return np.asarray(moved)[:, self.economy.rows.index("E.73 policy_rate")]


@pytest.fixture(scope="module")
def here():
    return AtRest()


@pytest.fixture(scope="module")
def push(here):
    return here.direction("cost_push", 0.001 * 0.7 ** np.arange(QUARTERS + 1))


@pytest.fixture(scope="module")
def news(here):
    """Responses to what the central bank adds to its rule in one quarter, known from the first on."""
    return here.responses(np.array([here.direction("epsi", [1.0], quarter) for quarter in range(NEWS)]))


@pytest.fixture(scope="module")
def under_own_rule(here, push):
    return here.responses(push[None])[0]


@pytest.fixture(scope="module")
def other():
    return AtRest(response=2.5)


@pytest.fixture(scope="module")
def under_other_rule(other, push):
    return other.responses(push[None])[0]


def counterfactual(here, other, push, own, news):
    """Own responses with the news that make them keep the `other` rule in every quarter."""
    gaps = np.array([other.rule_gap(np.zeros_like(push), response) for response in news]).T
    return own + np.tensordot(np.linalg.solve(gaps, -other.rule_gap(push, own)), news, 1)


def test_another_rule_is_own_rule_with_news_of_policy(here, other, push, under_own_rule, under_other_rule, news):
    found = counterfactual(here, other, push, under_own_rule, news)
    assert np.abs(found - under_own_rule).max() > 1e-4
    np.testing.assert_allclose(found, under_other_rule, atol=1e-8 * np.abs(under_other_rule).max())


def test_surprises_in_the_place_of_news_give_something_else(here, other, push, under_own_rule, under_other_rule, news):
    """Sims and Zha (2006): each quarter's rule kept by a surprise of that quarter."""
    surprises = np.zeros((NEWS, *news.shape[1:]))
    for quarter in range(NEWS):
        surprises[quarter, quarter:] = news[0, : QUARTERS - quarter]
    found = counterfactual(here, other, push, under_own_rule, surprises)
    inflation = here.economy.variables.index("pi")
    apart = np.abs(found - under_other_rule)[:, inflation].max()
    assert apart > 0.01 * np.abs(under_other_rule[:, inflation]).max()


def test_the_best_policy_tends_to_the_projection(here, push, under_own_rule, news):
    """As shocks become small: weighted least squares of inflation and demand on the responses to news."""
    chosen = [here.economy.variables.index(symbol) for symbol in ("pi", "D")]
    weights = np.sqrt(BETA ** np.arange(QUARTERS))[:, None]
    quarters = 4
    rows = (news[:quarters][:, :, chosen] * weights).reshape(quarters, -1).T
    projected = -np.linalg.lstsq(rows, (under_own_rule[:, chosen] * weights).ravel(), rcond=None)[0]
    rest = np.asarray(here.path)[:, chosen]

    def judged(problem, path):
        return ((path[:, jnp.array(chosen)] - rest) ** 2 * weights**2).sum() * 1e6

    directions = np.array([here.direction("epsi", [1.0], quarter) for quarter in range(quarters)])

    def slopes(size, share=1.0):
        """Of the loss, over the size of the shock, where it is met with so much of the projection."""
        problem = here.problem._replace(exogenous=here.problem.exogenous + size * push)
        task = PathTask(here.economy, problem, here.path, directions, judged, scale=1e-4)
        (trial,) = task.trials((share * size * projected)[None])
        return task.slopes(trial)[0] / size

    odd = [(slopes(size) + slopes(-size)) / 2 for size in (0.1, 0.05)]
    np.testing.assert_allclose((4 * odd[1] - odd[0]) / 3, 0, atol=1e-8 * np.abs(slopes(0.1, 0.0)).max())
