"""An economy that looks back (Ball, 1999), or in part ahead, and the problem of its central bank."""

from typing import NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array

from model.core.fields import instrument, parameter, unknown
from model.examples.economy import SmallEconomy
from model.policy.rules import Rest, RuleTask
from model.solvers.first_order.law import Shocks
from model.solvers.first_order.variances import covariances, every_unknown

SLOPE, CAUTION, MEMORY = 0.4, 1.0, 0.8  # Ball (1999): alpha, beta, lambda
ON_OUTPUT, ON_RATE = 1.0, 0.25  # weights of variances, beside one of inflation
SIZES = np.array([1.0, 0.7])


class Rule(eqx.Module):
    on_output: Array = parameter("a", "[1]")
    on_inflation: Array = parameter("b", "[1]")
    looking_ahead: Array = parameter("w", "[share of prices]")


class Disturbances(eqx.Module):
    demand: Array = instrument("e", "[adds to output]", 0.0)
    prices: Array = instrument("n", "[adds to inflation]", 0.0)


class Gaps(eqx.Module):
    output: Array = unknown("y", "[%]", carried=True)
    inflation: Array = unknown("pi", "[%]", carried=True)
    rate: Array = unknown("r", "[%]", carried=True)


class Ahead(NamedTuple):
    inflation: Array


def spending(p, now, lead):
    return now.x.output + CAUTION * now.lag.rate - MEMORY * now.lag.output - now.e.demand


def prices(p, now, lead):
    expected = p.looking_ahead * lead.inflation + (1 - p.looking_ahead) * now.lag.inflation
    return now.x.inflation - expected - SLOPE * now.lag.output - now.e.prices


def rule(p, now, lead):
    return now.x.rate - p.on_output * now.x.output - p.on_inflation * now.x.inflation


BALL = SmallEconomy(Gaps, Disturbances, Ahead, lambda p, now: Ahead(now.x.inflation), (spending, prices, rule))
SURPRISES = Shocks(np.eye(2), np.zeros(2))


def losses(law, sizes):
    varied = covariances(law, every_unknown(law), jnp.zeros(2), sizes, BALL.carried).levels
    return varied[1, 1] + ON_OUTPUT * varied[0, 0] + ON_RATE * varied[2, 2]


def with_rule(p, point):
    return Rule(point[0], point[1], p.looking_ahead)


def ball_task(looking_ahead=0.0, **ends):
    given = {"low": -np.inf, "high": np.inf, "scale": np.ones(2)} | ends
    rest = Rest(Rule(0.0, 0.0, looking_ahead), np.zeros(2), np.zeros(3))
    return RuleTask(BALL, with_rule, rest, SURPRISES, losses, SIZES, **given)
