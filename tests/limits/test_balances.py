"""Spenders who keep a share of their cash on hand: what they spend of a windfall, and what they own at rest."""

import jax.numpy as jnp
import numpy as np
import pytest

from calibration.measures.spending import spent
from model.core.axes import GROUP, LIQUID, SKILL
from model.core.fields import ByName as Of
from model.equilibrium.accounts import accounts
from model.households import balances
from model.households.balances import Balances

KEPT, GROSS, GROWTH = 0.6, 1.007, 1.0045
EVERY_GROUP = jnp.ones(len(GROUP))


def kept(before, income):
    """What the equation has spenders keep `(group,)`, and what the quarter's object says they drew."""
    p = Of(balances=Of(kept_share=KEPT), production=Of(trend_growth=GROWTH))
    spent = Of(income=(income + 0.1) * EVERY_GROUP, committed=0.1 * EVERY_GROUP)
    now = Of(lag=Of(balances=Of(balance=before)), x=Of(balances=Of(balance=EVERY_GROUP)))
    now.spending, now.liquid_return = spent, GROSS
    now.balances = balances.balances_stage(p, now)["balances"]
    after = KEPT / (balances.balance(p, now, Of()) + KEPT)  # the residual is 1 / cash on hand - KEPT
    now.balances = Balances(now.balances.received, after)
    np.testing.assert_allclose(balances.balance(p, now, Of()), 0.0, atol=1e-15)
    return after, now.balances.received - after


def test_a_windfall_is_spent_geometrically():
    """`(1 - kapH) (kapH R / Gam)^t`: four tenths at once, with this share, and two thirds within two quarters."""
    gross = GROSS / GROWTH
    rest = KEPT / (1 - KEPT * gross) * EVERY_GROUP
    np.testing.assert_allclose(kept(rest, 1.0)[0], rest, rtol=1e-14)
    balance, extra = rest, []
    for windfall in (1.0, 0.0, 0.0, 0.0, 0.0, 0.0):
        balance, drawn = kept(balance, 1.0 + windfall)
        extra.append(windfall + drawn - (gross - 1) * rest)
    expected = (1 - KEPT) * (KEPT * gross) ** np.arange(6)
    np.testing.assert_allclose(extra, np.outer(expected, EVERY_GROUP), atol=1e-13)


@pytest.fixture(scope="module")
def at_rest(calibrated):
    economy, x = calibrated.economy, calibrated.economy.variables.pack(calibrated.initial)
    return economy.quarter(calibrated.parameters, economy.at_rest, economy.at_rest, x[economy.carried], x)


def test_balances_are_liquid_and_part_of_the_wealth_that_was_asked_for(calibrated, at_rest):
    people = calibrated.parameters.households
    by_skill = np.asarray(at_rest.owned).reshape(-1, len(SKILL)).sum(0)
    wanted = np.asarray(calibrated.inputs.tree()["targets"]["wealth_share_by_skill"])
    np.testing.assert_allclose(by_skill / by_skill.sum(), wanted / wanted.sum(), atol=1e-14)
    invested = people.savers * calibrated.initial.households.wealth
    held = invested @ at_rest.shares.group[:, LIQUID] + people.spenders @ calibrated.initial.balances.balance
    abroad = calibrated.initial.rest_of_world.foreign_claims * at_rest.shares.foreign[LIQUID]
    assert float(held + abroad) == pytest.approx(float(at_rest.supply.liquid), rel=1e-13)
    assert abs(float(accounts(calibrated.parameters, at_rest).flow_of_funds)) < 1e-12


def test_balances_at_rest_are_those_that_the_kept_share_adds_up_to(calibrated, at_rest):
    """`kapH / (1 - kapH R / Gam)` of what is earned beyond what is committed."""
    income = at_rest.spending.income - at_rest.spending.committed
    gross = float(at_rest.returns[LIQUID] / calibrated.parameters.production.trend_growth)
    share = float(calibrated.parameters.balances.kept_share)
    np.testing.assert_allclose(calibrated.initial.balances.balance / income, share / (1 - share * gross), rtol=1e-12)


def test_what_is_spent_of_a_transfer_within_a_year_is_as_published(calibrated):
    """Auclert, Rognlie and Straub (2024); in the quarter, Kaplan and Violante (2014)."""
    total = spent(calibrated, transfer=1.0)
    assert 0.15 <= total[0] <= 0.25
    assert 0.40 <= total[:4].sum() <= 0.60
