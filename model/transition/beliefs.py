"""Belief regimes: how the future that people expect differs from the one that comes.

`sequential`: a scenario is learned of quarter by quarter. `slow_learning`: AI's catch-up is thought to be late, in the
baseline and in every scenario. `crash_wedge`: a bust of AI equity is expected and never comes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from model.equilibrium.economy import Economy
from model.solvers.extended_path import News, extended_path_solver
from model.solvers.outcome import Code, Outcome, outcome_sentence
from model.transition.calendar import instruments_from, path_from
from model.transition.natural_rate import nearly_flexible, with_natural_rate
from model.transition.scenarios.scenario import Scenario
from model.transition.scenarios.views import (
    fading_hazard,
    learning_the_date,
    quarters_of_news,
    surprised_each_quarter,
)
from model.transition.solutions import (
    Baseline,
    NotSolved,
    Settings,
    Solution,
    counted_from,
    path_problem,
    solve_patiently,
)
from model.transition.solve import solve_scenario
from model.transition.targets import solve_targets

NEWS = 64  # pieces of one compiled loop


@dataclass(frozen=True)
class Experienced:
    """A path that came true, with what was expected after each piece of news."""

    solution: Solution
    before: Float[np.ndarray, "quarters unknowns"]  # solver coordinates, expected before any news
    quarters: tuple[int, ...]  # of the news
    expected: Float[np.ndarray, "news ..."]  # (news, T, n), each from its own quarter on

    def seen_from(self, quarter: int) -> Float[np.ndarray, "quarters unknowns"]:
        """The path expected in a quarter, from there on; its last row is repeated."""
        last = max((i for i, q in enumerate(self.quarters) if q <= quarter), default=None)
        path, since = (self.before, 0) if last is None else (self.expected[last], self.quarters[last])
        return path_from(path, quarter - since)


def experience(
    base: Solution, views: Float[np.ndarray, "views periods instruments"], settings: Settings, name: str
) -> Experienced:
    """`Experienced` from the `views` of people who expected the Solution `base` before.

    After the last view everything comes as expected. Raises NotSolved with the quarter of the news that failed.
    """
    quarters = _news(base.exogenous, views)
    learned = np.array([instruments_from(views[q], q) for q in quarters]).reshape(-1, *base.exogenous.shape)
    problem = path_problem(base.problem.parameters, base.problem.start, views[-1], base.long_run, settings)
    limits, economy = (settings.tolerance, settings.iterations), base.economy
    path, expected, worst, iterations = base.path, [], (0.0, 0, 0), 0
    while (done := len(expected)) < len(quarters):
        here, instruments = quarters[done : done + NEWS], learned[done : done + NEWS]
        block = News(_filled(np.array(here)), _filled(instruments), np.asarray(len(here)))
        found = jax.device_get(extended_path_solver(economy)(problem, block, jnp.asarray(path), *limits))
        solved = int(found.done)
        path, expected = found.path, [*expected, *found.expected[:solved]]
        iterations += int(found.iterations[:solved].sum())
        sizes = [(float(found.largest[i]), int(found.position[i]), here[i]) for i in range(solved)]
        worst = max([worst, *sizes])
        if solved < len(here):
            alone = _patiently(base, path, here[solved], learned, len(expected), settings, name)
            path, expected = np.concatenate([path[: here[solved]], alone.path])[: len(path)], [*expected, alone.path]
            iterations += alone.outcome.iterations
            row = economy.rows.index(alone.outcome.worst_equation)
            worst = max(worst, (alone.outcome.max_residual, row, here[solved]))
    size, position, quarter = worst
    late, row = divmod(position, len(economy.rows))
    reason = outcome_sentence(Code.CONVERGED, "", "", size)
    outcome = Outcome(Code.CONVERGED, reason, size, economy.rows[row], quarter + late, iterations)
    solution = Solution(name, economy, problem, path, outcome, base.long_run)
    return Experienced(solution, base.path, quarters, np.array(expected))


def _news(instruments, views):
    """The quarters in which the rest of the view is not what it was before."""
    before = [instruments, *views[:-1]]
    return tuple(q for q, view in enumerate(views) if (view[q + 1 :] != before[q][q + 1 :]).any())


def _filled(array):
    return np.concatenate([array, np.repeat(array[-1:], NEWS - len(array), 0)])


def _patiently(base, path, quarter, learned, position, settings, name):
    """Solution of one piece of news in tenths of the change; raises NotSolved."""
    parameters = base.problem.parameters
    start = base.problem.start if quarter == 0 else path[quarter - 1][base.economy.carried]
    before = instruments_from(base.exogenous, quarter) if position == 0 else learned[position - 1]
    label = f"{name}, as seen in {base.economy.units.quarter_label(quarter)}"
    guess = path_from(path, quarter)
    here = base.economy, parameters, start
    with counted_from(quarter):
        return solve_patiently(*here, before, learned[position], base.long_run, guess, settings, label)


@dataclass(frozen=True)
class Beliefs:
    """A regime by name; the numbers it needs, None where it does not."""

    kind: str = "surprise"
    persistence: float | None = None  # [per quarter], of what is seen, sequential
    delay: float | None = None  # [quarters] that the catch-up is thought to be late, slow_learning
    gain: float | None = None  # [per quarter], share of the delay that is unlearned, slow_learning
    hazard: float | None = None  # [per quarter], of a bust, in the first quarter, crash_wedge
    half_life: float | None = None  # [quarters], of the hazard, crash_wedge

    def number(self, name: str) -> float:
        """One of the numbers that the regime needs."""
        if (number := getattr(self, name)) is None:
            raise ValueError(f"beliefs of kind {self.kind} need {name}")
        return number


@dataclass(frozen=True)
class World:
    """A baseline under a belief regime, and how scenarios on top of it are solved.

    `views` are what people expect of the baseline while they learn, else None.
    """

    baseline: Baseline
    beliefs: Beliefs
    views: Float[np.ndarray, "views periods instruments"] | None = None

    def solve(self, scenario: Scenario) -> Solution:
        """Solution of a scenario; without one, its outcome says why."""
        if self.beliefs.kind not in EXPERIENCED:
            return solve_scenario(self.baseline, scenario)
        if scenario.targets:
            return solve_targets(self.baseline, scenario, lambda plain, near: self.solve(plain), exact=False)
        try:
            return self._experience(scenario).solution
        except NotSolved as failure:
            return _unsolved(self.baseline.solution, scenario.name, failure.outcome)

    def _experience(self, scenario):
        if self.views is not None:
            return solve_while_learning(self.views, self.baseline, scenario)
        return solve_sequentially(self.baseline, scenario, self.beliefs.number("persistence"))


EXPERIENCED = ("sequential", "slow_learning")  # regimes in which scenarios surprise more than once


def world(
    economy: Economy,
    solve_baseline: Callable[..., Baseline],
    catch_up: Mapping[str, Any],
    beliefs: Beliefs,
    settings: Settings,
) -> World:
    """`World` under `beliefs`; `solve_baseline(settings, wedge)` solves with instruments `wedge` on top of the catch-up.

    Raises NotSolved.
    """
    if beliefs.kind == "crash_wedge":
        wedge = np.zeros((settings.horizon + 2, len(economy.instruments)))
        wedge[:, economy.instruments.index("hzA")] = fading_hazard(
            settings.horizon, beliefs.number("hazard"), beliefs.number("half_life"), settings.catch_up_complete
        )
        return World(solve_baseline(settings, wedge), beliefs)
    baseline = solve_baseline(settings)
    if beliefs.kind == "slow_learning":
        learning, views = learning_baseline(baseline, catch_up, beliefs)
        return World(learning, beliefs, views)
    return World(baseline, beliefs)


def _unsolved(base, name, outcome):
    return replace(base, name=name, path=base.path * np.nan, outcome=outcome)


def solve_sequentially(baseline: Baseline, scenario: Scenario, persistence: float) -> Experienced:
    """`Experienced` of a scenario that people learn of quarter by quarter.

    What they see of it they expect to fade at the rate `persistence` a quarter. Its changes end. Raises NotSolved.
    """
    base = baseline.solution
    changed = scenario.apply(base.economy.instruments, base.exogenous)
    count = quarters_of_news(base.exogenous, changed)
    views = surprised_each_quarter(base.exogenous, changed, persistence, count)
    return experience(base, views, baseline.settings, scenario.name)


def learning_baseline(
    baseline: Baseline, catch_up: Mapping[str, Any], beliefs: Beliefs
) -> tuple[Baseline, Float[np.ndarray, "views periods instruments"]]:
    """Baseline of people who think that AI catches up late and learn, and their view in each quarter.

    The natural rate in the policy rule is the one seen in that quarter too. Raises NotSolved.
    """
    base, settings = baseline.solution, baseline.settings
    delay, gain = beliefs.number("delay"), beliefs.number("gain")
    views = learning_the_date(
        base.economy.instruments, base.exogenous, catch_up, delay, gain, settings.catch_up_complete
    )
    flexible, twin_run = nearly_flexible(base.economy, base.problem.parameters, base.long_run, settings)
    twin_problem = path_problem(flexible, base.problem.start, base.exogenous, twin_run, settings)
    twin_base = replace(base, problem=twin_problem, path=baseline.twin, long_run=twin_run)
    twin = experience(twin_base, views, settings, "natural-rate twin")
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


def solve_while_learning(
    views: Float[np.ndarray, "views periods instruments"], baseline: Baseline, scenario: Scenario
) -> Experienced:
    """`Experienced` of a scenario that is announced once and ends, on top of the changing `views` of the baseline."""
    count = max(len(views), scenario.announced + 1)
    views = np.concatenate([views, np.repeat(views[-1:], count - len(views), 0)])
    instruments = baseline.economy.instruments
    seen = np.array([scenario.apply(instruments, v) if t >= scenario.announced else v for t, v in enumerate(views)])
    return experience(baseline.solution, seen, baseline.settings, scenario.name)
