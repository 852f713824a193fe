"""AI's catch-up is thought to be late, in the baseline and in every scenario, until people have learned."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from model.core.fields import Layout
from model.transition.beliefs.experience import Experienced, RevisingWorld, experience
from model.transition.beliefs.regime import Calibrated, Regime, number
from model.transition.calendar import instruments_from
from model.transition.long_run.natural_rate import nearly_flexible, with_intercept, with_natural_rate
from model.transition.scenarios.catch_up import COMPLETE, MIDPOINTS, logistic
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Baseline, Settings, path_problem

LEARNED = 1e-3  # quarters: a believed date this near to the truth is the truth


@dataclass(frozen=True)
class SlowLearning(Regime):
    """People think that the catch-up is `delay` quarters late, and unlearn the share `gain` of that each quarter."""

    kind: ClassVar[str] = "slow_learning"
    one_view: ClassVar[bool] = False
    surprises_again: ClassVar[bool] = True
    delay: float = number("quarters", least=0.0, most=40.0)
    gain: float = number("per quarter", above=0.0, below=1.0)

    def problems(self, settings: Settings) -> Iterator[str]:
        """People have learned before half of the horizon is over."""
        count, most = quarters_of_learning(self.delay, self.gain), settings.horizon // 2
        if count > most:
            yield (
                f"beliefs.gain: got {self.gain:g}; at a delay of {self.delay:g} people learn for {count} quarters, "
                f"expected at most half the horizon, {most}: raise beliefs.gain or solver.horizon"
            )

    def world(self, calibrated: Calibrated, settings: Settings) -> "LearningWorld":
        """`World` whose baseline is of people who learn; raises NotSolved."""
        known = calibrated.baseline(settings)
        return LearningWorld(*learning_baseline(known, calibrated.catch_up, self.delay, self.gain))


@dataclass(frozen=True)
class LearningWorld(RevisingWorld):
    """A baseline of people who learn, with the `views` that they have of it."""

    views: Float[np.ndarray, "views periods instruments"]

    def experienced(self, scenario: Scenario) -> Experienced:
        """`Experienced` of a scenario that is announced once and ends, on top of the views; raises NotSolved."""
        count = max(len(self.views), scenario.announced + 1)
        views = np.concatenate([self.views, np.repeat(self.views[-1:], count - len(self.views), 0)])
        instruments = self.baseline.economy.instruments
        seen = [scenario.apply(instruments, v) if t >= scenario.announced else v for t, v in enumerate(views)]
        return experience(self.baseline.solution, np.array(seen), self.baseline.settings, scenario.name)


def learning_baseline(
    baseline: Baseline, catch_up: Mapping[str, Any], delay: float, gain: float
) -> tuple[Baseline, Float[np.ndarray, "views periods instruments"]]:
    """Baseline of people who think that AI catches up late and learn, and their view in each quarter.

    The natural rate in the policy rule is the one seen in that quarter too. Raises NotSolved.
    """
    base, settings = baseline.solution, baseline.settings
    views = learning_the_date(
        base.economy.instruments, base.exogenous, catch_up, delay, gain, settings.catch_up_complete
    )
    flexible, twin_run = nearly_flexible(base.economy, base.problem.parameters, base.long_run, settings)
    ahead, *twin_views = (
        with_intercept(base.economy, rows, baseline.segments[0].learned) for rows in (base.exogenous, *views)
    )
    twin_problem = path_problem(flexible, base.problem.start, ahead, twin_run, settings)
    twin_base = replace(base, problem=twin_problem, path=baseline.twin, long_run=twin_run)
    twin = experience(twin_base, np.array(twin_views), settings, "natural-rate twin")
    seen = [_with_rate(base, view, twin.seen_from(now), now, settings) for now, view in enumerate(views)]
    views = _with_history(np.array(seen))
    solution = experience(base, views, settings, base.name).solution
    return replace(baseline, solution=solution, twin=twin.solution.path), views


def _with_rate(base, view, twin, now, settings):
    """A view with the natural rate that the twin's path `(T, n)` from quarter `now` on implies."""
    parameters, steady = base.problem.parameters, base.long_run.steady
    ahead = np.asarray(
        with_natural_rate(base.economy, instruments_from(view, now), parameters, twin, steady, settings.saddle)
    )
    return np.concatenate([view[:now], ahead[: len(view) - now]])


def _with_history(views):
    """Views whose past rows are what came true: the current row of earlier views."""
    for now in range(1, len(views)):
        views[now, : now + 1] = views[now - 1, : now + 1]
    return views


def quarters_of_learning(delay: float, gain: float) -> int:
    """Views needed until people who are `delay` quarters off and close the share `gain` a quarter know the truth."""
    return 1 if delay <= LEARNED else 1 + int(np.ceil(np.log(LEARNED / delay) / np.log1p(-gain)))


def learning_the_date(
    instruments: Layout,
    exogenous: Float[np.ndarray, "periods instruments"],
    catch_up: Mapping[str, Any],
    delay: float,
    gain: float,
    complete: int = COMPLETE,
) -> Float[np.ndarray, "views periods instruments"]:
    """Views of people who think that AI catches up `delay` quarters later than it does and close a share `gain` a quarter.

    They see where it stands today; the rest of the way they expect along a logistic curve with the midpoint they believe
    in. Views `(quarters, T + 2, instruments)`, the last one the truth `exogenous`.
    """
    count = quarters_of_learning(delay, gain)
    late = delay * (1 - gain) ** np.arange(count)
    late[-1] = 0.0
    return np.array([_seen_from(instruments, exogenous, catch_up, now, late[now], complete) for now in range(count)])


def _seen_from(instruments, exogenous, catch_up, now, late, complete):
    horizon = len(exogenous) - 2
    view = np.array(exogenous)
    if late == 0.0:
        return view
    for symbol, multiplier in catch_up["multiplier"].items():
        midpoint = catch_up["midpoint"][MIDPOINTS.get(symbol, "technology")]
        curves = (logistic(horizon, midpoint + d, catch_up["width"], complete) for d in (0.0, late))
        true, believed = map(np.asarray, curves)
        ahead = true[now] + (1 - true[now]) * (believed - believed[now]) / (1 - believed[now])
        path = np.exp(np.where(np.arange(horizon) <= now, true, ahead) * np.log(float(multiplier)))
        view[1:-1, instruments.index(symbol)] = path
    return view
