"""Responses that others have published: spending against a closed form, policy against the ranges of the literature."""

import numpy as np
import pytest
from scipy.optimize import brentq

from calibration import calibrate
from calibration.inputs import load_inputs
from calibration.measures.impulses import demand_inflation, fiscal_multiplier, monetary_gdp, monetary_quarter
from calibration.measures.responses import response
from calibration.measures.spending import spent

STAGES = ("young", "middle_aged", "old")
AGELESS = {f"households.ageing_rate.{stage}": 1e-9 for stage in STAGES}


def by_hand(p, x, received, windfall, quarters):
    """Spending of savers who never age, with logarithmic utility and a constant return, after a windfall per saver.

    `m = phi k` in logs from the end of each quarter on: `phi (1 - beta R rho) = 1 - beta R`, `rho = R k / (k + phi m)`.
    """
    total = np.zeros(quarters)
    for m, k, back, mass, extra in zip(x.spending, x.wealth, received, p.savers, windfall, strict=True):
        gross = back / k
        patience = float(p.discount_factor) * gross

        def kept(phi, m=m, k=k, gross=gross):
            return gross * k / (k + phi * m)

        phi = brentq(lambda phi, b=patience: phi * (1 - b * kept(phi)) - (1 - b), 1e-9, 1e3)
        wealth = extra / (k + phi * m) * kept(phi) ** np.arange(quarters)
        total += mass * m * phi * wealth
    return total


@pytest.mark.slow
def test_savers_spend_a_windfall_as_the_closed_form_says():
    c = calibrate(AGELESS, inputs=load_inputs())
    p, x, rest = c.parameters.households, c.initial.households, c.economy.at_rest
    packed = np.asarray(c.economy.variables.pack(c.initial))
    received = np.asarray(
        c.economy.quarter(c.parameters, rest, rest, packed[c.economy.carried], packed).spending.received
    )
    a_head = 1 / float((p.savers + p.spenders).sum())
    expected = by_hand(p, x, received, np.full(len(received), a_head), 24)
    expected[0] += a_head * float(p.spenders.sum())
    np.testing.assert_allclose(spent(c, transfer=1.0)[:24], expected, rtol=1e-5)


@pytest.mark.slow
def test_the_default_economy_answers_the_policy_rate_as_published(calibrated):
    """Ramey (2016)."""
    assert -1.0 <= monetary_gdp(calibrated) <= -0.2
    assert 3 <= monetary_quarter(calibrated) <= 8
    assert demand_inflation(calibrated) > 0


@pytest.mark.slow
def test_the_default_economy_answers_purchases_as_published(calibrated):
    """Ramey (2016, 2019)."""
    assert 0.6 <= fiscal_multiplier(calibrated) <= 1.0


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["wealth_effect", "flow_multiplier", "bill_tilt_yield", "bond_yield_per_debt_point.qe"]
)
def test_the_default_economy_answers_within_published_ranges(name, calibrated, baseline):
    """The first four led to its numbers, so that this guards them and is no evidence for them."""
    row = calibrated.inputs.moments[f"response.{name}"]
    assert row.low <= response(row, calibrated, baseline) <= row.high
