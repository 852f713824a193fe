"""What the narrative says of markets, as questions with a number each, from daily paths that are simulated where they are asked for."""

from collections.abc import Callable, Iterable
from functools import cached_property

import numpy as np

from model.core.units import DAYS_A_MONTH, DAYS_A_QUARTER, DAYS_A_YEAR
from model.markets.day import Day, Switches
from model.markets.declarations import BUYBACKS, Core, Parameters
from model.markets.decomposition import flow_share, month_flows_fade, tail
from model.markets.paths import everything_on, simulate, without

FADED = 0.1
QUIET = 18.0  # per cent a year: realised volatility below which an inversion is not panic
DRIFT_YEARS = 10  # of data


class Paths:
    """The same paths with all flows, without buybacks and without any flow."""

    def __init__(self, parameters: Parameters, core: Core, seed: int, count: int):
        self._given = parameters, core, seed, count

    def _simulated(self, switches: Switches) -> Day:
        return simulate(*self._given, switches)

    @cached_property
    def all_flows(self) -> Day:
        return self._simulated(everything_on())

    @cached_property
    def no_buybacks(self) -> Day:
        return self._simulated(without(BUYBACKS))

    @cached_property
    def no_flows(self) -> Day:
        return self._simulated(without())

    @cached_property
    def inverted(self) -> np.ndarray:
        """Days `(day, path)` on which the volatility index of a month is above that of a quarter, from the end of the first month on."""
        return (self.all_flows.volatility_month > self.all_flows.volatility_quarter)[DAYS_A_MONTH - 1 :]

    @cached_property
    def window_drift(self) -> tuple[float, float]:
        """Mean return of open days less blackout days that buybacks alone bring [bp], and its t-statistic."""
        day = self.all_flows
        pace = day.flows[:, BUYBACKS, 0]
        open_day = pace > pace.mean()
        if not open_day.any():
            return 0.0, 0.0
        r = day.total_return - self.no_buybacks.total_return
        difference = r[open_day].mean() - r[~open_day].mean()
        share, days = open_day.mean(), DRIFT_YEARS * DAYS_A_YEAR
        return float(1e4 * difference), float(difference / day.total_return.std() * np.sqrt(days * share * (1 - share)))

    def share_of_inverted(self, days: np.ndarray) -> float:
        """Share [%] of the inverted days that `days` are; not a number without any."""
        return 100 * float((self.inverted & days).sum() / (self.inverted.sum() or np.nan))


def _month_flows_fade(paths):
    month = month_flows_fade(paths.all_flows.sources, FADED)
    return "not within the paths" if month is None else float(month)


QUESTIONS: dict[str, Callable[[Paths], float | str]] = {
    "flow share of variance at 1 month, %": lambda p: 100 * flow_share(p.all_flows.sources, DAYS_A_MONTH),
    "flow share of variance at 3 months, %": lambda p: 100 * flow_share(p.all_flows.sources, DAYS_A_QUARTER),
    "month from which flows are below 10 % of variance": _month_flows_fade,
    "volatility with flows over volatility without": lambda p: float(
        p.all_flows.total_return.std() / p.no_flows.total_return.std()
    ),
    "inverted days, %": lambda p: 100 * float(p.inverted.mean()),
    "of them by hedging demand alone, %": lambda p: p.share_of_inverted(
        ~p.all_flows.inverted_without_hedging[DAYS_A_MONTH - 1 :]
    ),
    "of them with realised volatility of the month below 18 %, %": lambda p: p.share_of_inverted(
        realised_volatility(p.all_flows) < QUIET
    ),
    "drift that buybacks give open windows over blackouts, bp a day": lambda p: p.window_drift[0],
    "its t-statistic in ten years of data": lambda p: p.window_drift[1],
    "5 % quantile of monthly price changes, %": lambda p: tail(p.all_flows.sources.sum(1), DAYS_A_MONTH, 0.05),
}


def answers(paths: Paths, asked: Iterable[str] = tuple(QUESTIONS)) -> dict[str, float | str]:
    """`{question: number}` of those asked, each with its unit in the question."""
    return {question: QUESTIONS[question](paths) for question in asked}


def realised_volatility(day: Day) -> np.ndarray:
    """Of the last month, per cent a year, from the first day that has one on `(days, paths)`."""
    squares = np.cumsum(np.concatenate([np.zeros_like(day.total_return[:1]), day.total_return**2]), axis=0)
    return 100 * np.sqrt(DAYS_A_YEAR / DAYS_A_MONTH * (squares[DAYS_A_MONTH:] - squares[:-DAYS_A_MONTH]))
