"""What households spend of a windfall at given prices, incomes and returns: marginal propensities to consume, wealth effects."""

import numpy as np
from jaxtyping import Float

from calibration.calibrate import Calibrated
from model.core.axes import GROUP
from model.equilibrium.economy import Economy
from model.solvers.path import linearise

HORIZON = 120  # quarters after which savers have spent what they will spend soon
YEAR = 4


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

    Budgets and Euler equations of savers are the model's own, linear around the initial steady state; spenders spend all
    that they receive.
    """
    economy, p, x = calibrated.economy, calibrated.parameters.households, calibrated.initial.households
    savers, spenders = np.asarray(p.savers), np.asarray(p.spenders)
    a_head = transfer / (savers + spenders).sum()
    held = savers * np.asarray(x.wealth)
    windfall = a_head + wealth * held / held.sum() / savers
    change = _savers(economy, calibrated, windfall)
    total = (savers * np.asarray(x.spending) * change).sum(1)
    total[0] += a_head * spenders.sum()
    return total


def _savers(economy: Economy, calibrated, windfall):
    """Change of the logs of savers' spending `(quarters, group)` after a windfall `(group,)` per saver."""
    rows = np.array([i for i, row in enumerate(economy.rows) if row.split(" ")[1].split("[")[0] in ("budget", "euler")])
    places = _unknowns(economy)
    before, now, after = _derivatives(economy, calibrated, rows, places)
    size, count = len(places), HORIZON * len(places)
    whole = np.zeros((count, count))
    for t in range(HORIZON):
        here = slice(t * size, (t + 1) * size)
        whole[here, here] = now
        if t:
            whole[here, (t - 1) * size : t * size] = before
        if t + 1 < HORIZON:
            whole[here, (t + 1) * size : (t + 2) * size] = after
    x, right = calibrated.initial.households, np.zeros(count)
    quarter = economy.quarter(calibrated.parameters, *_at_rest(economy, calibrated))
    resources = np.asarray(x.spending + quarter.spending.committed + x.wealth)
    right[: len(GROUP)] = windfall / resources  # budgets are stated as uses over resources less one
    return np.linalg.solve(whole, right).reshape(HORIZON, size)[:, : len(GROUP)]


def _unknowns(economy):
    """Positions of spending, then of wealth, by group."""
    paths = [entry.path for entry in economy.variables.entries]
    return np.array([i for name in ("spending", "wealth") for i, p in enumerate(paths) if p == ("households", name)])


def _at_rest(economy, calibrated):
    x = economy.variables.pack(calibrated.initial)
    return economy.at_rest, economy.at_rest, x[economy.carried], x


def _derivatives(economy, calibrated, rows, places):
    """Of the `rows` by the unknowns at `places` of the quarter before, of the same and of the next."""
    p, (e, _, lag, x) = calibrated.parameters, _at_rest(economy, calibrated)
    lead = economy.expectations(p, economy.quarter(p, e, e, lag, x))
    lin = linearise(economy, p, e, e, lag, x, lead)
    carried = {int(unknown): k for k, unknown in enumerate(np.asarray(economy.carried))}
    spread = np.zeros((len(carried), len(x)))
    spread[list(carried.values()), list(carried)] = 1.0  # what is carried out of a quarter, by its unknowns
    by_lead = np.asarray(lin.by_lead)[rows]
    before = np.asarray(lin.by_lag)[rows] @ spread
    now = np.asarray(lin.by_now)[rows] + by_lead @ np.asarray(lin.expected_by_lag) @ spread
    after = by_lead @ np.asarray(lin.expected_by_now)
    return before[:, places], now[:, places], after[:, places]
