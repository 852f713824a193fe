"""The past of the default economy: contributions add up, laws are those of paths solved anew, the stored numbers are as told."""

from dataclasses import replace

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

from calibration.shocks.baseline_draws import baseline_draws, forecast_draws
from calibration.shocks.estimate import Estimation, free, numbers_of, sizes_by_quarter
from calibration.shocks.likelihood import log_likelihood
from calibration.shocks.lower_bound import EXPECTED, LowerBound, held_in, lower_bound
from calibration.shocks.outlook import expected, over_four_quarters, widths
from calibration.shocks.past import (
    AI,
    TREND,
    contributions,
    contributions_ahead,
    model_observables,
    read_past,
    views_held,
)
from calibration.shocks.stored import draws, estimate, numbers_at_mode
from calibration.shocks.tables import directions, observables, priors, shocks, watched
from model.equilibrium.outcomes.report import reporter
from model.solvers.first_order.law import Shocks
from model.solvers.first_order.variances import variance_at_rest
from model.transition.calendar import on_calendar
from model.transition.derivatives.shocks import law_along
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solve import solve_scenario

pytestmark = pytest.mark.slow


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


def test_groups_of_past_shocks_add_up_to_what_the_forecast_has_beyond_the_baseline(past):
    ahead, first = contributions_ahead(past, 12), len(past.known)
    beyond = expected(past, 12) - past.without_shocks.iloc[first : first + 12]
    np.testing.assert_allclose(sum(ahead.values()), beyond, atol=1e-9)
    assert np.abs(ahead["supply"]["unemployment"]).max() > 0.1


def test_ai_begins_with_its_news_and_is_the_path_of_the_baseline(past, baseline):
    parts = contributions(past)
    assert (parts[AI].iloc[: past.first] == 0).all().all()
    told = model_observables(baseline, watched())
    known = past.known[past.first :]
    np.testing.assert_allclose(parts[AI].loc[known] + parts[TREND].loc[known], told.loc[known], atol=1e-12)


def test_a_view_knows_no_news_that_is_still_to_come(past, baseline):
    views, dates = views_held(past, baseline), [s.quarter for s in baseline.segments]
    assert [since for since, _ in views] == [0, *(past.first + date for date in dates[1:])]
    until = past.first + dates[1]
    first, last = (view.ai_investment.to_numpy() for _, view in (views[0], views[-1]))
    np.testing.assert_allclose(first[: until - 1], last[: until - 1], rtol=1e-9)
    assert last[until + 8] > 1.2 * first[until + 8]  # spending that the news of 2024 and 2025 brought
    pd.testing.assert_frame_equal(views[-1][1], past.without_shocks)


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
        assert list(rows.columns) == list(told.index)  # as far as any forecast goes
        own = told.loc[rows.columns, name]
        inside = (rows.min() <= own) & (own <= rows.max())
        assert inside.mean() > 0.9, name
    assert baseline_draws(calibrated.inputs.with_values({"production.markup.ai": 1.2})) is None


def test_stored_forecasts_are_of_the_data_and_pinned_by_them_where_these_speak(calibrated, past):
    """The draws disagree about the policy rate of the next quarter by a few hundredths, as its last value is known."""
    quarters = past.quarters[len(past.known) :]
    stored, still = forecast_draws(calibrated.inputs, quarters), baseline_draws(calibrated.inputs)
    assert set(stored) == {o.name for o in watched()}
    mode = expected(past, len(quarters))[:, [o.name for o in watched()].index("policy_rate")]
    next_rate = stored["policy_rate"].iloc[:, 0]
    assert next_rate.min() - 0.01 < mode[0] < next_rate.max() + 0.01
    assert next_rate.std() < 0.03 < 0.06 < still["policy_rate"][quarters[0]].std()
    assert forecast_draws(calibrated.inputs, past.quarters[len(past.known) - 1 :]) is None


def never_bound(past, count):
    """A bound that is nowhere near."""
    size = len(watched()) + sum(o.change == "growth" for o in watched())
    still = np.zeros((count, 1, EXPECTED))
    return LowerBound(-1e3, still, np.zeros((count, size, EXPECTED)), np.zeros((count, EXPECTED, EXPECTED)))


def rate_and_unemployment(baseline, solution, quarter):
    """Policy rate and unemployment `(2, 24)` from a quarter on."""
    problem, path = on_calendar(baseline, solution)
    report = reporter(baseline.economy)(
        problem, jnp.asarray(path), jnp.asarray(baseline.initial), baseline.economy.at_rest
    )
    return np.array([report.values[name] for name in ("policy_rate_annual", "unemployment")])[:, quarter : quarter + 24]


def with_lower_bound(baseline, rate):
    """The baseline with another lower bound, which it does not meet."""

    def moved(solution):
        problem = eqx.tree_at(lambda p: p.parameters.central_bank.lower_bound, solution.problem, jnp.asarray(rate))
        return replace(solution, problem=problem)

    segments = tuple(replace(s, solution=moved(s.solution)) for s in baseline.segments)
    return replace(baseline, solution=replace(moved(baseline.solution), segments=segments))


def test_at_its_lower_bound_the_rate_is_held_as_on_the_path_solved_anew(past, baseline):
    """Demand for bonds falls until the rule alone would take the rate below its bound, here 1.8 % a year, for some quarters."""
    baseline = with_lower_bound(baseline, 0.0045)
    bound, m, first = lower_bound(baseline, 12), len(watched()), len(past.known)
    held, quarter = held_in(past, bound, 24), first - past.first
    names, k = [o.name for o in watched()], [s.name for s in shocks()].index("bonds")
    places = [names.index("policy_rate") - m, names.index("unemployment") - m]
    room = past.without_shocks["policy_rate"].to_numpy()[first : first + 24] - bound.rate

    def responses(size, moved):
        state, found = past.space.impact[first][:, k] * size, []
        for h in range(24):
            state = past.space.transition[first + h] @ state if h else state
            state = state + (held.moved(h, state[None], np.zeros((1, 24)))[0] if moved else 0.0)
            found.append(state[places])
        return np.array(found).T

    size = np.max((room + 0.3) / responses(1.0, False)[0].clip(min=1e-9) * -1)
    law, free = responses(size, True), responses(size, False)
    fading = tuple(size * float(numbers_at_mode().persistence[k]) ** np.arange(200))
    changes = tuple(Change(symbol, "add", fading, quarter, quarter + 199) for symbol in shocks()[k].instruments)
    solution = solve_scenario(baseline, Scenario("fall", "", changes, quarter))
    assert solution.outcome.converged
    anew = rate_and_unemployment(baseline, solution, quarter)
    moved = anew - rate_and_unemployment(baseline, baseline.solution, quarter)
    assert 4 <= (law[0] + room < 1e-9).sum() <= 10
    assert abs((anew[0] < bound.rate + 0.1).sum() - (law[0] + room < 0.1).sum()) <= 1
    largest = np.abs(moved).max(1)
    assert (np.abs(law - moved).max(1) < 0.1 * largest).all()
    assert (np.abs(free - moved).max(1) > 2 * np.abs(law - moved).max(1)).all()


def test_fans_are_those_of_their_variances(past, rng):
    """Simulated against the exact spread of the first quarter: what is not known of the state, shocks and noise of one quarter."""
    m, first = len(watched()), len(past.known)
    pushed = past.space.impact[first] * past.sizes[first]
    carried = past.space.transition[first]
    exact = carried @ past.smoothed.uncertainty[-1] @ carried.T + pushed @ pushed.T
    found = widths([past], never_bound(past, 4), np.zeros((0, 4, m)), 40_000, rng)
    np.testing.assert_allclose(found.by_shocks[:, 0].std(0), np.sqrt(np.diag(exact)[-m:] + past.noise**2), rtol=0.03)
    sampling = found.by_shocks.std(0) / np.sqrt(len(found.by_shocks))
    assert np.abs((found.by_shocks.mean(0) - found.mean) / sampling).max() < 4
    both = np.eye(len(carried))[-m:] + carried[-m:]  # of the last known state in the sum of its quarter and the next
    exact = both @ past.smoothed.uncertainty[-1] @ both.T + (pushed @ pushed.T)[-m:, -m:]
    spread = (found.last_by_shocks + found.by_shocks[:, 0]).std(0)
    np.testing.assert_allclose(spread, np.sqrt(np.diag(exact) + 2 * past.noise**2), rtol=0.03)
    other = widths([past], never_bound(past, 4), np.zeros((0, 4, m)), 4000, rng, known=False)
    seen = past.without_shocks.iloc[first - 1].to_numpy() + past.smoothed.filtered[-1][-m:]
    gaps = (other.last_by_shocks.mean(0) - seen) / (other.last_by_shocks.std(0) / np.sqrt(4000))
    assert np.abs(gaps).max() < 4, "what of the last quarter is not out is told by the data, whatever comes"


def test_the_trend_goes_on_where_there_are_no_data(past):
    """The policy rate of the years at its lower bound is left out of the data."""
    trend = past.trend["policy_rate"].iloc[: past.first]
    assert past.data["policy_rate"].iloc[: past.first].isna().sum() > 20
    assert trend.min() > 2 and trend.diff().abs().max() < 0.2


@pytest.mark.parametrize("later", [-1, 0, 4, 14])
def test_the_two_year_yield_is_the_mean_of_the_rates_that_are_expected(past, later):
    """What new shocks do to it and to the policy rate of eight quarters, before and along the news of AI."""
    names, m, t = [o.name for o in watched()], len(watched()), past.first + later
    rate, yield_of_two = names.index("policy_rate") - m, names.index("two_year_yield") - m
    rows, state = [], past.space.impact[t]
    for h in range(8):
        here = past.space.transition[t if later < 0 else t + h]
        state = here @ state if h else state
        rows.append(state[rate])
    np.testing.assert_allclose(np.mean(rows, 0), past.space.impact[t][yield_of_two], atol=1e-10)


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
    trend = np.log(float(problem.parameters.production.trend_growth))
    electricity = np.log(np.append(report.initial["electricity"], report.values["electricity"])[: len(told) + 1])
    np.testing.assert_allclose(told["electricity"], 100 * (np.diff(electricity) + trend), atol=1e-9)
