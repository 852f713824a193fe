"""The past as the model reads it: which shocks there were, and what each of them, and AI, did."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float

from calibration.shocks.estimate import Estimation, Numbers, sizes_by_quarter
from calibration.shocks.observations import after, measured, of_outcomes, read_data
from calibration.shocks.smoothing import Smoothed, smooth
from calibration.shocks.state_space import QUARTERS_OF_TWO_YEARS, StateSpace, observed_slopes, state_space
from calibration.shocks.tables import Observable, directions, observables, shocks, watched
from model.core.units import percent_a_year
from model.equilibrium.outcomes.register import UNITS
from model.equilibrium.outcomes.report import reporter
from model.solvers.first_order.law import Shocks, steady_law_solver
from model.solvers.first_order.variances import variance_at_rest
from model.transition.calendar import path_from
from model.transition.derivatives.shocks import law_along
from model.transition.segments import baseline_of
from model.transition.solutions import Baseline

QUARTERS_AHEAD = 64  # of the model for which its law is made, from its first quarter on
START, NOISE, AI, TREND = "before_1985", "not_explained", "ai", "trend"


class Past(NamedTuple):
    """Quarters from the first of the data to `QUARTERS_AHEAD` of the model; the data end before that.

    `without_shocks` has what is watched if there had been no shocks: trend and, in the model's quarters, AI.
    """

    quarters: list[str]
    first: int  # position of the model's first quarter
    space: StateSpace
    sizes: Float[np.ndarray, "quarters shocks"]
    data: pd.DataFrame  # (known quarters, observables), as measured
    without_shocks: pd.DataFrame  # (quarters, watched)
    trend: pd.DataFrame  # (quarters, watched), without AI too
    noise: Float[np.ndarray, "watched"]  # standard deviation of what the data have of their own, in their units
    smoothed: Smoothed  # of the known quarters

    @property
    def known(self) -> list[str]:
        """Quarters with data."""
        return list(self.data.index)


def read_past(estimation: Estimation, baseline: Baseline, numbers: Numbers, data: pd.DataFrame | None = None) -> Past:
    """`Past` of an economy with the `numbers` of its shocks; `baseline` is that with the news of AI."""
    data = read_data() if data is None else data
    observed = watched()
    told = model_observables(baseline, observed)
    over = measured(data)
    first = list(over.index).index(estimation.first)
    early = estimation.data
    deviations = pd.concat([early, after(data, told, estimation.first)]).reindex(columns=[o.name for o in observed])
    quarters = [*over.index[:first], *told.index]
    trend = _trend(estimation, baseline, observed, quarters, over, early)
    without = pd.concat([trend.iloc[:first], told])
    space = _space(estimation, baseline, numbers, observed, first)
    sizes = np.asarray(sizes_by_quarter(numbers, quarters))
    noise = np.zeros(len(observed))
    noise[: len(observables())] = numbers.noise
    pushed = np.asarray(space.impact[0]) * sizes[0]
    rest = np.asarray(variance_at_rest(space.transition[0], pushed @ pushed.T))
    count = len(over)
    cut = StateSpace(*(part[:count] for part in space))
    smoothed = smooth(cut, sizes[:count], noise, deviations.to_numpy(float), rest)
    return Past(quarters, first, space, sizes, over, without, trend, noise, smoothed)


def model_observables(baseline: Baseline, observed: tuple[Observable, ...]) -> pd.DataFrame:
    """What is watched on the baseline, `QUARTERS_AHEAD` of its quarters; interest rates over two years as they were expected."""
    economy, base = baseline.economy, baseline.solution
    given = base.problem, jnp.asarray(base.path), jnp.asarray(baseline.initial), economy.at_rest
    report = jax.device_get(reporter(economy)(*given))
    whole = {
        name: np.concatenate([np.asarray(report.initial[name])[None], value]) for name, value in report.values.items()
    }
    values = of_outcomes(whole, UNITS, _trend_growth(baseline), observed)
    found = {name: value[:QUARTERS_AHEAD] for name, value in values.items()}
    for o in observed:
        if o.change == "two_years":
            found[o.name] = _expected_over_two_years(baseline, o)
    return pd.DataFrame(found, [economy.units.quarter_label(t) for t in range(QUARTERS_AHEAD)])


def views_held(past: Past, baseline: Baseline) -> tuple[tuple[int, pd.DataFrame], ...]:
    """`(first position, what is watched without shocks)` of every view of AI that people held, in the order of the news.

    A view has what came true before its news, and after it what people expected then; the first is held from the beginning.
    """
    found = []
    for k, segment in enumerate(baseline.segments):
        held = baseline_of(baseline.segments[: k + 1], baseline.initial, baseline.initial_saddle, baseline.settings)
        told = model_observables(held, watched())
        since = past.first + segment.quarter if k else 0
        found.append((since, pd.concat([past.without_shocks.iloc[: past.first], told])))
    return tuple(found)


def contributions(past: Past) -> dict[str, pd.DataFrame]:
    """What moved the watched in the known quarters, by group of shocks, in the units of the data; they add up to the data.

    Beside the groups: the trend, AI, what was there before the data, and what the data have of their own.
    """
    columns = [o.name for o in watched()]
    found = {
        name: pd.DataFrame(states[:, -len(columns) :], past.known, columns) for name, states in _by_group(past).items()
    }
    noise = pd.DataFrame(past.smoothed.noise, past.known, columns).fillna(0.0)
    trend = past.trend.loc[past.known]
    return {TREND: trend, AI: past.without_shocks.loc[past.known] - trend, **found, NOISE: noise}


def contributions_ahead(past: Past, count: int) -> dict[str, pd.DataFrame]:
    """What the past's shocks, by group, do to the watched in the `count` quarters after the data; they add up to what the data add."""
    columns, first = [o.name for o in watched()], len(past.known)
    states, moved = np.array([states[-1] for states in _by_group(past).values()]), []
    for t in range(first, first + count):
        states = states @ past.space.transition[t].T
        moved.append(states[:, -len(columns) :])
    quarters = past.quarters[first : first + count]
    return {name: pd.DataFrame(np.array(moved)[:, k], quarters, columns) for k, name in enumerate(GROUPS)}


GROUPS = (START, *dict.fromkeys(s.group for s in shocks()))


def _by_group(past):
    """The states `(known quarters, state)` that each group of shocks alone leads to, and those of the start."""
    pushed = past.space.impact * past.sizes[:, None]
    chosen = np.array([[s.group == name for s in shocks()] for name in GROUPS], float)
    states = np.zeros((len(GROUPS), pushed.shape[1]))
    states[0] = past.smoothed.states[0]
    moved = [states]
    for t in range(1, len(past.known)):
        states = states @ past.space.transition[t].T + (chosen * past.smoothed.shocks[t - 1]) @ pushed[t].T
        moved.append(states)
    return dict(zip(GROUPS, np.swapaxes(moved, 0, 1), strict=True))


def _space(estimation, baseline, numbers, observed, first):
    """State space of all quarters: at rest before the model's first one, along its path after it."""
    economy, own = estimation.economy, Shocks(directions(estimation.economy), np.asarray(numbers.persistence))
    p, rest = estimation.calibrated.parameters, economy.at_rest
    law = steady_law_solver(economy)(p, rest, estimation.x0, estimation.saddle.rule, own)
    slopes = observed_slopes(estimation.resting.outcomes, UNITS, observed)[0]
    still = state_space(law, slopes, own.persistence, economy.carried, observed)
    along = law_along(baseline, own, QUARTERS_AHEAD + QUARTERS_OF_TWO_YEARS)
    slopes = observed_slopes(along.outcomes, UNITS, observed)
    moving = state_space(along.law, slopes, own.persistence, economy.carried, observed)
    return StateSpace(
        *(
            np.concatenate([np.broadcast_to(a, (first, *a.shape)), np.asarray(b)[:QUARTERS_AHEAD]])
            for a, b in zip(map(np.asarray, still), moving, strict=True)
        )
    )


def _trend(estimation, baseline, observed, quarters, over, early):
    """What is watched without shocks and without AI: the trend of the data, then the initial steady state and its growth."""
    before = (over.loc[early.index] - early).reindex(columns=[o.name for o in observed])
    growth = {o.name: 0.0 if o.trend == "none" else _trend_growth(baseline) for o in observed}
    still = {o.name: growth[o.name] if o.change == "growth" else estimation.initial[o.name] for o in observed}
    later = pd.DataFrame(still, quarters[len(before) :])
    # where there are no data: between those that there are, or as at the nearest
    return pd.concat([before.interpolate(limit_direction="both").fillna(still), later])


def _trend_growth(baseline):
    """Per cent a quarter."""
    return 100 * np.log(float(baseline.solution.problem.parameters.production.trend_growth))


def _expected_over_two_years(baseline, o):
    """Mean of the outcome over two years from each quarter on, as expected in it: an unknown, the policy rate, in per cent a year."""
    rate, found = baseline.economy.variables.index("inom"), []
    for t in range(QUARTERS_AHEAD):
        held = [s for s in baseline.segments if s.quarter <= t][-1]
        ahead = path_from(held.solution.path, t - held.quarter)[:QUARTERS_OF_TWO_YEARS, rate]
        found.append(percent_a_year(ahead).mean())
    return np.array(found)
