"""The past of the default economy: contributions add up, laws are those of paths solved anew, the stored numbers are as told."""

import jax.numpy as jnp
import numpy as np
import pytest

from calibration.calibrate import load
from calibration.shocks.baseline_draws import baseline_draws
from calibration.shocks.estimate import Estimation, free, numbers_of, sizes_by_quarter
from calibration.shocks.likelihood import log_likelihood
from calibration.shocks.outlook import over_four_quarters, widths
from calibration.shocks.past import AI, TREND, contributions, model_observables, read_past
from calibration.shocks.stored import draws, estimate, numbers_at_mode
from calibration.shocks.tables import directions, observables, priors, shocks, watched
from model.equilibrium.outcomes.report import reporter
from model.solvers.law import Shocks
from model.solvers.variances import variance_at_rest
from model.transition.calendar import on_calendar
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.shocks import law_along
from model.transition.solve import solve_scenario

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def calibrated():
    return load()


@pytest.fixture(scope="module")
def baseline(calibrated):
    return calibrated.baseline()


@pytest.fixture(scope="module")
def estimation(calibrated):
    return Estimation(calibrated)


@pytest.fixture(scope="module")
def past(estimation, baseline):
    return read_past(estimation, baseline, numbers_at_mode())


def test_contributions_add_up_to_the_data_in_every_quarter_and_outcome(past):
    total = sum(contributions(past).values())
    known = past.data.notna().to_numpy()
    gap = np.abs((total[past.data.columns] - past.data).to_numpy())
    assert np.nanmax(gap) < 1e-8
    assert known.sum() > 1500


def test_ai_begins_with_its_news_and_is_the_path_of_the_baseline(past, baseline):
    parts = contributions(past)
    assert (parts[AI].iloc[: past.first] == 0).all().all()
    told = model_observables(baseline, watched())
    known = past.known[past.first :]
    np.testing.assert_allclose(parts[AI].loc[known] + parts[TREND].loc[known], told.loc[known], atol=1e-12)


def test_the_likelihood_of_the_smoother_is_the_one_that_was_maximised(estimation):
    from calibration.shocks.smoothing import smooth
    from calibration.shocks.state_space import StateSpace

    numbers, (data, known) = numbers_at_mode(), estimation.arrays
    space, sizes = estimation.space(numbers.persistence), sizes_by_quarter(numbers, estimation.data.index)
    pushed = np.asarray(space.impact) * np.asarray(sizes)[0]
    rest = variance_at_rest(space.transition, pushed @ pushed.T)
    tiled = StateSpace(*(np.tile(np.asarray(part), (len(data), 1, 1)) for part in space))
    found = smooth(
        tiled, np.asarray(sizes), np.asarray(numbers.noise), estimation.data.to_numpy(float), np.asarray(rest)
    )
    exact = log_likelihood(space, sizes, numbers.noise, data, known)
    np.testing.assert_allclose(found.log_likelihood, exact, rtol=1e-9)


def test_the_stored_mode_is_one(estimation):
    """No number wants to move by more than a twentieth of what is not known of it."""
    values = estimate()["mode"].to_numpy()
    _, slope = estimation.value_and_gradient(free(jnp.asarray(values)), *estimation.arrays)
    spread = np.asarray(free(jnp.asarray(draws()))).std(0)
    assert np.abs(np.asarray(slope) * spread).max() < 0.05


def test_stored_numbers_are_those_of_the_priors():
    assert list(estimate().index) == [p.name for p in priors()]
    assert draws().shape == (300, len(priors()))
    assert (estimate()["rhat"] < 1.05).all()
    assert len(numbers_of(draws()[0]).noise) == len(observables())


def test_a_small_shock_in_2026_follows_the_law_along_the_baseline(baseline):
    """Through the disappointments of 2028 to 2030: the same shock as a scenario, solved anew; the error falls with its square."""
    economy, quarter = baseline.economy, baseline.economy.units.quarter_index("2026Q1")
    k = [s.name for s in shocks()].index("technology")
    persistence = np.full(len(shocks()), 0.9)
    here = law_along(baseline, Shocks(directions(economy), persistence), 40)
    gaps = []
    for size in (0.004, 0.002):
        change = Change("zT", "add", tuple(size * 0.9 ** np.arange(200)), quarter, quarter + 199)
        solution = solve_scenario(baseline, Scenario("small", "", (change,), quarter))
        moved = solution.path[: 40 - quarter] - baseline.solution.path[quarter:40]
        state, lagged, linear = np.zeros(len(economy.carried)), 0.0, []
        for t in range(quarter, 40):
            z = size * 0.9 ** (t - quarter)
            law = (part[t] for part in here.law)
            by_state, by_lagged, by_shock = law
            linear.append(by_state @ state + by_lagged[:, k] * lagged + by_shock[:, k] * z)
            state, lagged = linear[-1][economy.carried], z
        gaps.append(np.abs(np.array(linear) - moved).max())
        assert gaps[-1] < 0.05 * np.abs(moved).max()
    assert 3 < gaps[0] / gaps[1] < 5


def test_stored_baselines_lie_around_the_one_of_the_default(calibrated, baseline):
    stored = baseline_draws(calibrated.inputs)
    told = model_observables(baseline, watched())
    for name, rows in stored.items():
        own = told.loc[rows.columns, name]
        inside = (rows.min() <= own) & (own <= rows.max())
        assert inside.mean() > 0.9, name
    assert baseline_draws(calibrated.inputs.with_values({"production.markup.ai": 1.2})) is None


def test_fans_are_those_of_their_variances(past, rng):
    """Simulated against the exact spread of the first quarter: what is not known of the state, and the shocks of one quarter."""
    m, first = len(watched()), len(past.known)
    pushed = past.space.impact[first] * past.sizes[first]
    carried = past.space.transition[first]
    exact = carried @ past.smoothed.uncertainty[-1] @ carried.T + pushed @ pushed.T
    found = widths([past], np.zeros((0, 4, m)), 4, 40_000, rng)
    np.testing.assert_allclose(found.by_shocks[:, 0].std(0), np.sqrt(np.diag(exact)[-m:]), rtol=0.03)
    np.testing.assert_allclose(found.by_shocks.mean(0), found.mean, atol=0.15)


def test_growth_over_four_quarters_by_hand():
    before, paths = np.array([9.0, 1.0, 2.0, 3.0]), np.array([[4.0, 5.0], [0.0, 1.0]])
    np.testing.assert_allclose(over_four_quarters(before, paths), [[10.0, 14.0], [6.0, 6.0]])


def test_the_baseline_is_reported_as_it_is_watched(baseline):
    told = model_observables(baseline, watched())
    problem, path = on_calendar(baseline, baseline.solution)
    report = reporter(baseline.economy)(
        problem, jnp.asarray(path), jnp.asarray(baseline.initial), baseline.economy.at_rest
    )
    np.testing.assert_allclose(told["unemployment"], np.asarray(report.values["unemployment"])[: len(told)], atol=1e-12)
    growth = np.asarray(report.values["gdp_measured_growth_annual"])[: len(told)]
    np.testing.assert_allclose(100 * np.expm1(4 * told["gdp"] / 100), growth, atol=1e-9)
