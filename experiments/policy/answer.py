"""The answer to a question of policy: the best of all searches, what it gains, and what it is compared with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax
import numpy as np
import scipy.optimize

from calibration import calibrate
from experiments.request.policies import Question, needed
from model.households.groups import heads
from model.policy.controls import Controls
from model.policy.finish import Optimum, finish
from model.policy.plan import Plan
from model.policy.readings import reader
from model.policy.search import Found, best_policy
from model.policy.task import Task, Trial
from model.transition.calendar import on_calendar
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import Baseline, NotSolved
from model.transition.solve import solve_scenario
from model.transition.targets.solving import conditioned

FIRST_SIZE, LARGEST_SIZE, WIDENING = 0.1, 1e4, 4.0  # of a policy that is brought to the limits
CLOSE, HALVINGS = 1e-10, 40
KEPT = 1e-8  # of its unit, by which a limit may be passed by rounding
DIFFERENCED = (3e-3, 3e-4, 3e-5)  # of a usual change, for checks of slopes
AGREES = 1e-6
WAYS = 10


@dataclass(frozen=True)
class Compared:
    """Another policy brought to the same limits: by how much it gains, and how often its changes are taken."""

    name: str
    gain: float
    times: float
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """`gain` is how much less the loss is than without a policy, `alone` and `others` what other policies gain at the same limits."""

    question: Question
    plan: Plan
    found: Found
    nothing: Trial
    alone: tuple[Compared, ...] = ()
    others: tuple[Compared, ...] = ()
    slope_gap: float = float("nan")

    @property
    def best(self) -> Optimum:
        return self.found.best

    @property
    def gain(self) -> float:
        return gained(self.question, self.nothing, self.best.trial)


def gained(question: Question, before: Trial, after: Trial) -> float:
    """How much less is lost after than before, what changes of controls cost taken off; of welfare, which is told over the
    initial steady state, relative to what was there.
    """
    lost = float(before.criteria[0]), float(after.criteria[0])
    if question.file.objective.welfare is not None:
        return 100 * ((100 - lost[1]) / (100 - lost[0]) - 1)
    return lost[0] - lost[1]


def planned(question: Question, baseline: Baseline, people: Any) -> Plan:
    """The question as a planner's problem on a solved baseline; raises NotSolved where its scenario is not solved."""
    first = baseline.economy.units.first_shown
    values = _values(baseline, needed(question.file))  # without what the economy goes through
    if question.during is not None:
        solution = solve_scenario(baseline, question.during.later(first))
        if not solution.outcome.converged:
            raise NotSolved(solution.outcome)
        baseline = conditioned(baseline, solution)
    controls = Controls([_later(control, first) for control in question.controls])
    return Plan(baseline, question.announced + first, controls, question.judged(values, people, first))


def people_of(inputs: Any, smoothing: float) -> Any:
    """Heads by group in the economy of `inputs`."""
    return np.asarray(heads(calibrate(smoothing=smoothing, inputs=inputs).parameters.households))


def answered(question: Question, plan: Plan, starts: int, say: Callable[[str], None]) -> Answer:
    """The best policy, checked along some ways, beside each control alone and other scenarios; raises NoAnswer."""
    origin = np.clip(np.zeros(len(plan.scale)), plan.low, plan.high)
    found = best_policy(plan, origin, starts, say)
    (nothing,) = plan.trials(np.zeros((1, len(origin))))
    say("each control alone, and other policies at the same limits")
    gain = partial(gained, question, nothing)
    alone = [_alone(plan, nothing, gain, c, found.best) for c in plan.controls.each] if plan.judged.limits else []
    others = [_brought(plan, nothing, gain, scenario) for scenario in question.compare] if plan.judged.limits else []
    return Answer(
        question, plan, found, nothing, tuple(alone), tuple(others), slope_gap(plan, found.best.trial.point / 2)
    )


def slope_gap(plan: Task, point: np.ndarray) -> float:
    """Largest gap between slopes and differences of the loss along random ways from a point, over the slopes' size.

    Differences are taken closer where they do not agree, as they do not across a bound that begins to bind.
    """
    (here,) = plan.trials(point[None])
    if not here.solved:
        return float("nan")
    ways = np.random.default_rng(0).normal(size=(WAYS, len(plan.scale))) * plan.scale
    slopes = plan.slopes(here)[0]
    return float(np.max([_gap_along(plan, here, slopes, way) for way in ways]))


def _gap_along(plan, here, slopes, way):
    closest = np.inf
    for size in DIFFERENCED:
        ends = plan.trials(here.point + size * np.outer((-2, -1, 1, 2), way))
        below, low, high, above = (trial.criteria[0] for trial in ends)
        central = (8 * (high - low) - (above - below)) / (12 * size)
        gap = abs(slopes @ way - central) / max(np.abs(slopes * way).max(), np.finfo(float).tiny)
        closest = float(np.fmin(closest, gap))
        if closest < AGREES:
            break
    return closest if np.isfinite(closest) else float("nan")


def found_again(plan: Plan, near: Optimum) -> Optimum:
    """The best policy of a problem that is near one already answered."""
    (start,) = plan.trials(np.clip(near.trial.point, plan.low, plan.high)[None])
    return finish(plan, start, near.curvatures)


def thought_again(answer: Answer, quarters: Sequence[int], say: Callable[[str], None]) -> list[tuple[int, Any, str]]:
    """`(quarter, values, doubt)` of a planner who may think again in each of the `quarters` of the calendar."""
    plan, held, told = answer.plan, answer.best.trial.point, []
    solution = answer.best.trial.held.solution
    for quarter in quarters:
        here = conditioned(plan.baseline, solution)
        controls = Controls(plan.controls.each, held, quarter)
        plan = Plan(here, quarter, controls, answer.plan.judged.since(quarter))
        (start,) = plan.trials(np.zeros((1, len(held))))
        found = finish(plan, start)
        held, solution = held + found.trial.point, found.trial.held.solution
        told.append((quarter, held, found.reason))
        say(f"thinking again in {plan.baseline.economy.units.quarter_label(quarter)}")
    return told


def _values(baseline, names):
    if not names:
        return {}
    economy, path = baseline.economy, on_calendar(baseline, baseline.solution)
    return jax.device_get(reader(economy, " ".join(names))(*path, baseline.initial, economy.at_rest)).values


def _later(control, quarters):
    last = None if control.last is None else control.last + quarters
    return replace(control, first=control.first + quarters, last=last)


def _alone(plan, nothing, gain, control, best):
    """One control with all that the limits allow to itself, to the side on which it is in the best policy."""
    own = np.array([c.name == control.name for c, *_ in plan.controls.steps])
    down = control.high <= 0 or best.trial.point[own].sum() < 0
    way = (-1.0 if down else 1.0) * own * plan.scale
    most = min((-control.low if down else control.high) / control.scale, _most(plan, lambda s: plan.scenario(s * way)))
    found = brought_to_limits(nothing, gain, control.name, lambda s: plan.trials((s * way)[None])[0], most)
    return replace(found, times=-found.times) if down else found


def _brought(plan, nothing, gain, scenario):
    """A scenario, its additions taken so often that it is at the limits."""
    later = scenario.later(plan.baseline.economy.units.first_shown)
    if any(change.operation != "add" for change in later.changes) or later.targets:
        return Compared(scenario.name, float("nan"), float("nan"), "it does more than add to instruments")

    def taken(size):
        changes = tuple(replace(c, values=tuple(size * v for v in c.values)) for c in later.changes)
        return Scenario(scenario.name, "", changes, later.announced)

    return brought_to_limits(nothing, gain, scenario.name, lambda size: plan.judge(taken(size)), _most(plan, taken))


def _most(plan, taken):
    """The largest size at which the scenario `taken(size)` leaves every instrument at what it can be."""
    instruments, before = plan.baseline.economy.instruments, plan.baseline.solution.exogenous

    def beyond(size):
        return any(taken(size).outside(instruments, before))

    low, high = 0.0, LARGEST_SIZE
    if not beyond(high):
        return high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return low


def brought_to_limits(nothing, gain, name, at, most):
    """The gain of a policy at the size, up to the `most` that its own bounds allow, at which it reaches the first limit.

    Where limits are not kept without a policy it is the size from which on all of them are.
    """
    tried = {0.0: nothing}
    kept = nothing.criteria[1:].max() <= KEPT

    def passed(size):
        if size not in tried:
            tried[size] = at(size)
        most_passed = tried[size].criteria[1:].max()
        if not kept:
            return -most_passed
        return most_passed if size else min(most_passed, 0.0)  # without rounding

    low, high, unsolved = 0.0, min(FIRST_SIZE, most), np.inf
    while not passed(high) >= 0:
        if tried[high].solved:
            if high == most:
                if not kept:
                    return Compared(name, float("nan"), most, "at no size that was tried are the limits kept")
                return Compared(name, gain(tried[most]), most, "its bound comes first")
            low, high = high, min(WIDENING * high, most)
        else:
            unsolved = high
        if unsolved < np.inf:
            high = (low + unsolved) / 2
            if unsolved - low < CLOSE * unsolved or len(tried) > HALVINGS:
                reason = "beyond it there is no path" if kept else "at no size that was tried are the limits kept"
                return Compared(name, float("nan"), low, reason)
    size = scipy.optimize.brentq(passed, low, high, xtol=CLOSE * high, rtol=CLOSE)
    return Compared(name, gain(tried[size]), size)


def gone_through(question: Question) -> tuple[Change, ...] | None:
    """Changes that the economy goes through, where they are announced together with the policy and say it all, else None."""
    during = question.during
    told = during is not None and during.announced == question.announced and not during.targets
    return during.changes if told else None


def changes_of(answer: Answer) -> tuple[Change, ...]:
    """The best policy as changes on the calendar of 2026."""
    first = answer.plan.baseline.economy.units.first_shown
    return answer.plan.scenario(answer.best.trial.point).later(-first).changes
