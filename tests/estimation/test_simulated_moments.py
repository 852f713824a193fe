"""Simulated moments: derivatives, recovery of known numbers, and what is said of numbers that nothing informs."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from calibration.estimators import simulated_moments
from calibration.markets.inputs import estimated_names, parameter_rows, target_rows
from model.markets.moments import variance_ratio
from model.markets.paths import quiet_core


@pytest.fixture
def small(monkeypatch):
    """One sample of two years: a median of more has kinks where samples change places."""
    for name, value in {"QUARTERS": 9, "FORGOTTEN": 1, "SAMPLES": 1}.items():
        monkeypatch.setattr(simulated_moments, name, value)


def program(names):
    return simulated_moments._moments_program(names, tuple(target_rows()), quiet_core(95.0, 0.95, 9), 3)


@pytest.mark.slow
def test_derivatives_of_every_moment_by_every_estimated_number(small):
    names, rows = estimated_names(), parameter_rows()
    fixed = {name: row.value for name, row in rows.items()}
    x = np.array([max(fixed[n], 0.01) for n in names])  # away from bounds, where differences cannot go
    solve = program(names)
    slopes = jax.device_get(solve(jnp.asarray(x), fixed)[1])

    def moments(at):
        found = jax.device_get(solve(jnp.asarray(at), fixed)[0])
        return np.array([found[name] for name in target_rows()])

    for i, name in enumerate(names):
        step = np.eye(len(x))[i] * 1e-6 * x[i]
        difference = (moments(x + step) - moments(x - step)) / (2 * step[i])
        exact = np.array([slopes[m][i] for m in target_rows()])
        np.testing.assert_allclose(exact, difference, rtol=1e-4, atol=1e-5 * np.abs(exact).max(), err_msg=name)


@pytest.mark.slow
def test_known_numbers_are_found_again(small, monkeypatch):
    """Targets made by the market itself at other numbers, with its own random numbers: the estimate must hit them."""
    names = ("volatility", "speech_size", "rate_surprise_response")
    truth = {"volatility": 0.17, "speech_size": 0.6, "rate_surprise_response": 5.5}
    fixed = {name: row.value for name, row in parameter_rows().items()}
    made = jax.device_get(program(names)(jnp.asarray(list(truth.values())), fixed)[0])
    rows = {name: replace(row, value=float(made[name])) for name, row in target_rows().items()}
    monkeypatch.setattr(simulated_moments, "target_rows", lambda: rows)
    found = simulated_moments.estimate(95.0, 0.95, 3, names=names)
    assert found.converged
    assert found.objective < 1e-6
    np.testing.assert_allclose(found.values, list(truth.values()), rtol=1e-3)
    assert found.at_bound == ()


def test_the_variance_ratio_of_white_noise_is_one_and_of_a_bounce_below(rng):
    noise = rng.standard_normal((20_000, 2))
    assert np.asarray(variance_ratio(noise, 21)) == pytest.approx([1, 1], abs=0.15)
    bounce = noise[1:] - 0.5 * noise[:-1]  # MA(1): the ratio over h days is (1.25 - (h - 1) / h) / 1.25
    assert np.asarray(variance_ratio(bounce, 21)) == pytest.approx((1.25 - 20 / 21) / 1.25, abs=0.05)


def test_shipped_estimates_are_in_range_and_every_estimated_number_has_one():
    rows = parameter_rows()
    for name in estimated_names():
        assert rows[name].low <= rows[name].value <= rows[name].high
        assert np.isfinite(rows[name].standard_error)
    assert all(row.standard_error > 0 for row in target_rows().values())
