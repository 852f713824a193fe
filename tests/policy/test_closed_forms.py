"""Best policies of small economies against closed forms: commitment in the three equations, and an undistorted Ramsey path."""

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array

from model.core.fields import instrument, parameter, unknown
from model.examples.economy import SmallEconomy
from model.examples.new_keynesian import NEW_KEYNESIAN, Parameters
from model.policy.finish import finish
from model.policy.paths import PathTask
from model.solvers.path import PathProblem, Terminal

BETA, SIGMA, KAPPA, PERSISTENCE = 0.99, 1.0, 0.1717, 0.5
THETA = KAPPA / 6  # weight of output: slope over the elasticity between goods
QUARTERS, SET = 120, 60
OUTPUT, INFLATION = (NEW_KEYNESIAN.variables.index(symbol) for symbol in ("y", "pi"))


def loss(problem, path):
    discount = BETA ** jnp.arange(QUARTERS)
    return 1e4 * discount @ (path[:, INFLATION] ** 2 + THETA * path[:, OUTPUT] ** 2)


def commitment(push):
    """Gali (2015), ch. 5: output and the price level under optimal commitment from the first quarter on."""
    a = THETA / (THETA * (1 + BETA) + KAPPA**2)
    root = (1 - np.sqrt(1 - 4 * BETA * a**2)) / (2 * a * BETA)
    on_prices = root / (1 - root * BETA * PERSISTENCE)
    output, prices, found = 0.0, 0.0, []
    for u in push:
        output = root * output - KAPPA / THETA * on_prices * u
        prices = root * prices + on_prices * u
        found.append((output, prices))
    return np.array(found).T


def test_commitment_after_a_cost_push_is_that_of_gali():
    instruments = NEW_KEYNESIAN.instruments
    exogenous = np.zeros((QUARTERS + 2, len(instruments)))
    push = 0.01 * PERSISTENCE ** np.arange(QUARTERS + 1)
    exogenous[1:, instruments.index("u")] = push
    p = Parameters(BETA, SIGMA, KAPPA, 1.5, 0.125, 0.0, -1.0, 0.0, 0.0, 0.0)
    end = Terminal(jnp.zeros(5), jnp.zeros((5, 2)))
    problem = PathProblem(p, jnp.zeros(2), jnp.asarray(exogenous), end, jnp.zeros(1))
    directions = np.zeros((SET, *exogenous.shape))
    directions[np.arange(SET), np.arange(SET) + 1, instruments.index("e_v")] = 1.0
    task = PathTask(NEW_KEYNESIAN, problem, jnp.zeros((QUARTERS, 5)), directions, loss, scale=0.01)
    best = finish(task, task.trials(np.zeros((1, SET)))[0])
    path = np.asarray(best.trial.held[1])
    output, prices = commitment(push[:QUARTERS])
    assert best.conditions.met
    np.testing.assert_allclose(path[: SET // 2, OUTPUT], output[: SET // 2], atol=1e-10)
    np.testing.assert_allclose(np.cumsum(path[: SET // 2, INFLATION]), prices[: SET // 2], atol=1e-10)


ALPHA, PATIENCE, TAX, TAXED = 0.33, 0.9, 0.3, 40


class Growth(eqx.Module):
    capital_share: Array = parameter("alpha", "[1]")
    discount_factor: Array = parameter("beta", "[per quarter]")


class Taxes(eqx.Module):
    on_capital: Array = instrument("tau", "[share of capital's income], handed back", 0.0)


class Goods(eqx.Module):
    consumption: Array = unknown("c", "[goods]", log=True)
    capital: Array = unknown("k", "[goods]", log=True, carried=True)


class Ahead(NamedTuple):
    value_of_capital: Array


def ahead(p, now):
    left = 1 - now.e.on_capital
    return Ahead(left * p.capital_share * now.lag.capital ** (p.capital_share - 1) / now.x.consumption)


def euler(p, now, lead):
    return now.x.consumption * p.discount_factor * lead.value_of_capital - 1


def resources(p, now, lead):
    return (now.x.capital + now.x.consumption) / now.lag.capital**p.capital_share - 1


TAXED_GROWTH = SmallEconomy(Goods, Taxes, Ahead, ahead, (euler, resources))


def utility_lost(problem, path):
    discount = PATIENCE ** jnp.arange(len(path))
    consumption = path[:, 0]
    return -(discount @ consumption + discount[-1] * PATIENCE / (1 - PATIENCE) * consumption[-1])


def test_a_ramsey_planner_takes_back_a_tax_on_capital():
    """Brock and Mirman (1972): the first best saves alpha beta of output; only without a tax do households do so."""
    quarters = 120
    capital = (ALPHA * PATIENCE) ** (1 / (1 - ALPHA))
    rest = jnp.log(jnp.array([capital**ALPHA - capital, capital]))
    exogenous = np.zeros((quarters + 2, 1))
    exogenous[1 : TAXED + 1] = TAX
    start = jnp.log(jnp.array([0.5 * capital]))
    problem = PathProblem(
        Growth(ALPHA, PATIENCE), start, jnp.asarray(exogenous), Terminal(rest, jnp.zeros((2, 1))), jnp.zeros(1)
    )
    directions = np.zeros((TAXED - 1, quarters + 2, 1))  # the tax of the first quarter falls on capital that is there
    directions[np.arange(TAXED - 1), np.arange(TAXED - 1) + 2] = 1.0
    task = PathTask(TAXED_GROWTH, problem, jnp.tile(rest, (quarters, 1)), directions, utility_lost, -1.0, 0.5)
    best = finish(task, task.trials(np.zeros((1, TAXED - 1)))[0])
    assert best.conditions.met
    np.testing.assert_allclose(best.trial.point[:15], -TAX, atol=1e-6)
    log_capital = np.asarray(best.trial.held[1])[:, 1]
    expected = [np.log(ALPHA * PATIENCE) + ALPHA * float(start[0])]
    for _ in range(14):
        expected.append(np.log(ALPHA * PATIENCE) + ALPHA * expected[-1])
    np.testing.assert_allclose(log_capital[:15], expected, atol=1e-7)
