"""What households spend of a windfall at given prices, incomes and returns: marginal propensities to consume, wealth effects."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from calibration.calibrate import Calibrated
from model.core.axes import GROUP, LIQUID
from model.core.fields import ByName
from model.core.types import Real
from model.households.groups import aged_wealth, budget, euler, heads

HORIZON = 40  # quarters
MOST_ITERATIONS, LAW_TOLERANCE = 20_000, 1e-13
YEAR = 4


class Spent(NamedTuple):
    spending: Float[Real, "group"]
    wealth: Float[Real, "group"]


class At(NamedTuple):
    households: Spent


class Here(NamedTuple):
    """What of a quarter the equations of savers read."""

    e: Any
    x: At
    lag: At
    spending: Any
    shares: Any
    marginal_utility: Any


def mpc_quarter(calibrated: Calibrated) -> float:
    """Spent in its first quarter of an unexpected transfer, the same a head."""
    return float(spent(calibrated, transfer=1.0)[0])


def mpc_year(calibrated: Calibrated) -> float:
    """Spent in its first year."""
    return float(spent(calibrated, transfer=1.0)[:YEAR].sum())


def wealth_effect(calibrated: Calibrated) -> float:
    """Cents spent in the second year of a dollar of wealth, which comes to savers in proportion to what they have."""
    return 100 * float(spent(calibrated, wealth=1.0)[YEAR : 2 * YEAR].sum())


def spent(calibrated: Calibrated, transfer: float = 0.0, wealth: float = 0.0) -> Float[np.ndarray, "quarters"]:
    """Change of all spending per unit of a windfall in the first quarter: a transfer a head, wealth in proportion to wealth.

    Budgets and Euler equations of savers are the model's own, linear around the initial steady state.
    """
    economy, p, x = calibrated.economy, calibrated.parameters.households, calibrated.initial.households
    savers = np.asarray(p.savers)
    a_head = transfer / heads(p).sum()
    held = savers * np.asarray(x.wealth)
    windfall = a_head + wealth * held / held.sum() / savers
    change = _savers(economy, calibrated, windfall)
    by_savers = (savers * np.asarray(x.spending) * change).sum(1)
    return by_savers + a_head * np.asarray(p.spenders).sum() * _of_spenders(economy, calibrated)


def _of_spenders(economy, calibrated):
    """Shares `(quarters,)` of a windfall that spenders spend: of their cash on hand they keep a share, and its return."""
    p = calibrated.parameters
    if "balances" not in economy.blocks_by_name:
        return np.arange(HORIZON) == 0
    kept, gross = p.balances.kept_share, economy.expected_at(p, _at_rest(economy, calibrated)).returns[LIQUID]
    return np.asarray((1 - kept) * (kept * gross / p.production.trend_growth) ** np.arange(HORIZON))


def _savers(economy, calibrated, windfall):
    """Change of the logs of savers' spending `(quarters, group)` after a windfall `(group,)` per saver."""
    before, now, after = _derivatives(economy, calibrated)
    x, right = calibrated.initial.households, np.zeros(len(now))
    committed = _at_rest(economy, calibrated).spending.committed
    right[: len(GROUP)] = windfall / np.asarray(x.spending + committed + x.wealth)  # budgets are uses over resources
    law = _law(before, now, after)
    changes = [np.linalg.solve(now + after @ law, right)]
    for _ in range(HORIZON - 1):
        changes.append(law @ changes[-1])
    return np.array(changes)[:, : len(GROUP)]


def _law(before, now, after):
    """The stable law of `before @ z(-1) + now @ z + after @ z(+1) = 0`, by time iteration."""
    law = np.zeros_like(now)
    for _ in range(MOST_ITERATIONS):
        better = -np.linalg.solve(now + after @ law, before)
        if np.abs(better - law).max() < LAW_TOLERANCE:
            return better
        law = better
    raise ValueError(f"spending of savers: no stable law after {MOST_ITERATIONS} iterations")


def _at_rest(economy, calibrated):
    x = economy.variables.pack(calibrated.initial)
    return economy.quarter(calibrated.parameters, economy.at_rest, economy.at_rest, x[economy.carried], x)


def _derivatives(economy, calibrated) -> Any:
    """Of budgets and Euler equations by the logs of spending and wealth of the quarter before, of the same and of the next."""
    p, rest = calibrated.parameters, _at_rest(economy, calibrated)
    (tastes,), returns = economy.blocks_by_name["households"].stages, economy.expected_at(p, rest).returns
    gross = rest.shares.group @ returns

    def levels(logs):
        spending, wealth = jnp.split(jnp.exp(logs), 2)
        return Spent(rest.x.households.spending * spending, rest.x.households.wealth * wealth)

    def objects(before, here):
        received = aged_wealth(p.households, gross * levels(before).wealth, p.production.trend_growth)
        spent = rest.spending._replace(received=received)
        now = Here(rest.e, At(levels(here)), At(levels(before)), spent, rest.shares, None)
        return now._replace(**tastes(p, now))

    def residual(before, here, after):
        lead = ByName(returns=returns, marginal_utility=objects(here, after).marginal_utility.spending)
        return jnp.concatenate([f(p, objects(before, here), lead) for f in (budget, euler)])

    still = jnp.zeros(2 * len(GROUP))
    return map(np.asarray, jax.jacfwd(residual, (0, 1, 2))(still, still, still))
