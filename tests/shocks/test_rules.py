"""Alternative rules of the central bank: one stable path each, and responses with the signs of the literature."""

import jax.numpy as jnp
import numpy as np
import pytest
import yaml

from calibration.calibrate import calibrate
from calibration.inputs import load_inputs
from experiments.request.rules import REMEMBERING
from experiments.request.targets import CONDITIONS_FOLDER
from model.equilibrium.outcomes.first_order import under
from model.solvers.first_order.law import Law, Shocks
from model.solvers.first_order.saddle_path import saddle_path
from model.transition.derivatives.shocks import law_at_rest

RULES = "taylor inertial average_inflation nominal_gdp".split()
FOLDER = CONDITIONS_FOLDER.parent / "rule"
SHOCKS = {"cost_push": (1.0, 0.5, 0.001), "patience": (1.0, 0.5, 0.001), "zT": (1.0, 0.92, 0.003)}
QUARTERS = 60

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def responses():
    """`{rule: {outcome: (shocks, QUARTERS)}}` of one usual shock each, and the saddle paths."""
    return {rule: responses_under(rule) for rule in RULES}


def responses_under(rule):
    read = yaml.safe_load((FOLDER / f"{rule}.yaml").read_text(encoding="utf-8"))
    economy_name = REMEMBERING if read.get("remembering") else None
    calibrated = calibrate(read["numbers"], inputs=load_inputs(name="us_2022q4", economy_name=economy_name))
    economy, p = calibrated.economy, calibrated.parameters
    x = np.asarray(economy.variables.pack(calibrated.initial))
    saddle = saddle_path(economy, p, jnp.asarray(economy.at_rest), jnp.asarray(x))
    directions = np.zeros((len(economy.instruments), len(SHOCKS)))
    for k, (symbol, (size, _, _)) in enumerate(SHOCKS.items()):
        directions[economy.instruments.index(symbol), k] = size
    persistence = np.array([rho for _, rho, _ in SHOCKS.values()])
    here = law_at_rest(economy, p, x, saddle, Shocks(directions, persistence))
    law = Law(*(np.asarray(part)[0] for part in here.law))
    names = ("unemployment", "inflation_annual", "policy_rate_annual")
    rows = np.asarray(under(law, np.stack([here.outcomes.slopes[name][0] for name in names])))
    found = np.zeros((len(names), len(SHOCKS), QUARTERS))
    for k, (_, _, size) in enumerate(SHOCKS.values()):
        state, z = np.zeros(len(economy.carried)), np.zeros((2, len(SHOCKS)))
        z[1, k] = size
        for t in range(QUARTERS):
            found[:, k, t] = rows @ np.concatenate([state, z[0], z[1]])
            state = (law.by_state @ state + law.by_lagged @ z[0] + law.by_shock @ z[1])[economy.carried]
            z = np.stack([z[1], z[1] * persistence])
    return saddle, dict(zip(names, found, strict=True))


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_one_stable_path(rule, responses):
    assert responses[rule][0].determinate


def test_rules_that_remember_make_good_what_was_missed(responses):
    """After prices rise beyond costs inflation falls below its target later, the more the rule remembers (Nessen and Vestin, 2005)."""
    prices = list(SHOCKS).index("cost_push")
    below = [responses[rule][1]["inflation_annual"][prices].min() for rule in RULES]
    assert 0 > below[0] > below[1] > below[2] > below[3]


def test_a_level_of_spending_looks_through_a_shock_to_prices(responses):
    """Prices up and sales down leave spending where it was: the rate hardly moves (Garin, Lester and Sims, 2016)."""
    prices = list(SHOCKS).index("cost_push")
    highest = [responses[rule][1]["policy_rate_annual"][prices].max() for rule in RULES]
    assert highest[0] > highest[1] > highest[2] > highest[3] > 0


def test_productivity_lowers_inflation_and_the_rate_under_each_rule_that_follows_inflation(responses):
    technology = list(SHOCKS).index("zT")
    for rule in ("taylor", "inertial", "average_inflation"):
        told = responses[rule][1]
        assert told["inflation_annual"][technology][0] < 0, rule
        assert told["policy_rate_annual"][technology].min() < 0, rule
