"""From a point nearby to the best one: Newton's method on the first-order conditions, limits and bounds among them.

Each step is the least of a quadratic model of the Lagrangian under the limits to first order (Nocedal and Wright, 2006,
ch. 18); its curvature comes from differences of exact slopes, follows what each step finds, and is renewed now and then.
Where the conditions hold it goes on for as long as each step makes them sharper; there curvature is taken anew wherever
limits and bounds leave a way free, and a point from which the loss bends down is left.
"""

from collections.abc import Callable
from typing import NamedTuple, cast

import numpy as np
from jaxtyping import Float
from scipy.linalg import null_space

from model.policy.curvatures import SMALL, Curvatures, bowl, corrected, differenced, of_lagrangian
from model.policy.optimality import Conditions, conditions, room
from model.policy.quadratic import least
from model.policy.task import Task, Trial

STEPS, RENEWED_AFTER = 40, 5
FIRST_REACH = 4.0  # usual changes of the first step, at most; later ones may be SHORTER times longer
SHORTER, PARTS = 0.25, 5  # of a step that does not gain, how often
BLOCKED = 4  # such steps, after which a search where no bound is is held to have no end
EASED = 8  # halvings of limits that cannot be kept at once
SHARPER = 0.9  # of what was left of the slope before a step
PRECISE = 1e-6  # usual changes of a step
KEPT = 0.05  # of what slopes promise of a step, at least
BENT = 1e-3  # over the largest curvature: from there on a curvature counts as negative
WAYS_DOWN = (1.0, 0.25, 1 / 16)  # usual changes
REACH = 1e6  # usual changes from the start, beyond which a search is held to have no end
NOISE = 1e-10  # of a loss over its slope
AWAY = 0.1  # usual changes, the slope that curvature brings so far away counts as one that was met
ROUNDING = 1e-12  # of a usual change
BOUND = "give the controls bounds, or a limit to what they cost"
UNSOLVED = ", as far as the economy can be solved"


class Optimum(NamedTuple):
    """Where a search ended, the curvatures it used, and in words why where the `conditions` are not met."""

    trial: Trial
    slopes: Float[np.ndarray, "criteria controls"]
    conditions: Conditions
    steps: int
    curvatures: Float[np.ndarray, "criteria controls controls"] | None
    reason: str = ""


class NoAnswer(Exception):
    """Why there is no best policy to be found."""


class Incompatible(NoAnswer):
    """No way leads from where a search is to where all limits are kept."""

    def __init__(self) -> None:
        super().__init__("no point was found at which all limits are kept: relax one of them")


class Endless(NoAnswer):
    """The loss falls without end; `loss` is where it had come to."""

    def __init__(self, loss: float, unsolved: bool) -> None:
        super().__init__(f"the loss falls without end{UNSOLVED if unsolved else ''}: {BOUND}")
        self.loss = loss


def finish(
    task: Task,
    start: Trial,
    curvatures: Float[np.ndarray, "criteria controls controls"] | None = None,
    slopes: Float[np.ndarray, "criteria controls"] | None = None,
    say: Callable[[str], None] = lambda line: None,
    known: Callable[[Trial], bool] = lambda trial: False,
) -> Optimum:
    """The `Optimum` that a search from a solved `start` leads to, or where it comes to what is `known`; raises NoAnswer.

    `curvatures` are those of an optimum nearby, to begin with; `slopes` those of the start, where they are known.
    """
    if not start.solved:
        raise NoAnswer("the economy is not solved with the policy that the search starts from")
    search = _Search(task, start, curvatures, say, known)
    found = search.descended(start, task.slopes(start) if slopes is None else slopes)
    while not known(found.trial) and (lower := search.lower(found)) is not None:
        found = search.descended(lower, task.slopes(lower))
    return found


class _Search:
    """One search: what it has seen of the loss so far."""

    def __init__(self, task, start, curvatures, say, known):
        self.task, self.start, self.curvatures, self.say, self.known = task, start, curvatures, say, known
        self.steepest, self.penalty, self.steps = np.finfo(float).tiny, 0.0, 0
        self.reach = FIRST_REACH  # usual changes that a step may be long
        self.blocked = 0  # steps in a row of which a longer part has no solution
        self.taken_at = None  # the trial at which curvatures were last taken from differences

    def descended(self, trial, slopes):
        """The `Optimum` below a trial, or where it cannot go on."""
        best = self._measured(trial, slopes)
        while self.steps < STEPS and not self.known(best.trial) and (onward := self._onward(best)) is not None:
            slopes = self.task.slopes(onward)
            moved = (onward.point - best.trial.point) / self.task.scale
            self.curvatures = corrected(
                cast(Curvatures, self.curvatures), moved, (slopes - best.slopes) * self.task.scale
            )
            self.steps += 1
            before, here = best, self._at(onward, slopes)
            sharper = here.conditions.met and here.conditions.residual < SHARPER * before.conditions.residual
            if sharper or not before.conditions.met:
                best = here
            if before.conditions.met and np.abs(moved).max() < PRECISE:
                break
            if before.conditions.met and not sharper:
                if self.taken_at is before.trial:
                    break
                self.curvatures = None
            if self.steps % RENEWED_AFTER == 0:
                self.say(f"search: step {self.steps} of its end, {here.conditions.residual:.0e} of the slope is left")
        return best._replace(curvatures=best.curvatures if self.curvatures is None else self.curvatures)

    def _measured(self, trial, slopes):
        """The `Optimum` at a trial to begin with, whose slope may be all that is met and next to nothing: curvature says what is large."""
        here = self._at(trial, slopes)
        if self.known(trial):
            return here
        curvatures = self._renew(here) if self.curvatures is None else self.curvatures
        if not (slopes[0].any() or curvatures[0].any()):
            raise NoAnswer("nothing that may be set moves what is judged, in the quarters in which it is judged")
        self.steepest = max(self.steepest, AWAY * float(np.abs(curvatures[0]).max()))
        return self._at(trial, slopes)

    def _at(self, trial, slopes):
        self.steepest = max(self.steepest, float(np.abs(slopes[0] * self.task.scale).max()))
        found = conditions(self.task, trial, slopes, self.steepest)
        return Optimum(trial, slopes, found, self.steps, self.curvatures, "" if found.met else _stuck(found))

    def _onward(self, here):
        """The trial after the next step, None if none gains; raises NoAnswer where the conditions are not met."""
        if self.curvatures is None or (self.steps and self.steps % RENEWED_AFTER == 0 and not here.conditions.met):
            self._renew(here)
        step, onward = self._stepped(here)
        if here.conditions.met:
            return onward
        if onward is None and self.taken_at is not here.trial:
            self._renew(here)
            step, onward = self._stepped(here)
        if step is None or (onward is None and step.eased):
            raise Incompatible
        reached = here.trial if onward is None else onward
        far = np.abs(reached.point - self.start.point).max() > REACH * self.task.scale.max()
        if far or (self.blocked > (BLOCKED if onward else 0) and self._open(step.point)):
            raise Endless(float(reached.criteria[0]), not far)
        return onward

    def _renew(self, here):
        self.curvatures, self.taken_at = differenced(self.task, here.trial, here.slopes), here.trial
        return self.curvatures

    def _stepped(self, here):
        """The `_Move` that the model has, and the trial after it; None where there is none."""
        step = _move(self.task, here, self.curvatures)
        if step is None:
            return None, None
        self.penalty = max(self.penalty, 2 * float(step.multipliers.max(initial=0.0)))
        return step, self._along(here, step.point)

    def _along(self, here, move):
        """The trial after the longest part of a move that gains a share of what slopes promise (Armijo, 1966); None if none does."""
        limits, slopes = here.trial.criteria[1:], here.slopes * self.task.scale
        passed = np.maximum(limits + slopes[1:] @ move, 0.0).sum() - np.maximum(limits, 0.0).sum()
        promised = min(float(slopes[0] @ move + self.penalty * passed), 0.0)
        before, length = self._merit(here.trial) + NOISE * self.steepest, float(np.abs(move).max())
        onward, unsolved = None, False
        for k, part in enumerate(min(1.0, self.reach / length) * SHORTER ** np.arange(PARTS) if length else ()):
            (onward,) = self.task.trials(_within(self.task, here.trial.point + part * move * self.task.scale)[None])
            unsolved |= not onward.solved
            if onward.solved and self._merit(onward) <= before + KEPT * part * promised:
                self.reach = part * length / SHORTER if k else max(self.reach, part * length / SHORTER)
                break
        else:
            onward = None
        self.blocked = self.blocked + 1 if unsolved else 0
        return onward

    def _merit(self, trial):
        return trial.criteria[0] + self.penalty * np.maximum(trial.criteria[1:], 0.0).sum()

    def _open(self, move):
        """Does a move lead where no bound is?"""
        return bool(
            (np.where(move > 0, np.isinf(self.task.high), np.isinf(self.task.low)) & (np.abs(move) > SMALL)).any()
        )

    def lower(self, found):
        """A trial below an optimum from which the loss bends down along what limits and bounds leave free, else None."""
        free = _free(self.task, found)
        if not found.conditions.met or self.steps >= STEPS or not free.size:
            return None
        if self.taken_at is not found.trial:
            self._renew(found)
        way = _way_down(free, found, self.curvatures)
        if way is None:
            return None
        ways = [sign * size * way * self.task.scale for size in WAYS_DOWN for sign in (1, -1)]
        trials = self.task.trials(np.array([_within(self.task, found.trial.point + w) for w in ways]))
        may_pass = found.conditions.multipliers > 0  # along a limit, which is not straight
        allowed = [t for t in trials if t.solved and ((t.criteria[1:] <= 0) | may_pass).all()]
        best = min(allowed, key=self._merit, default=found.trial)
        gains = self._merit(best) < self._merit(found.trial) - NOISE * self.steepest
        return best if gains else None


class _Move(NamedTuple):
    """A step in usual changes, the multipliers that belong to it, and whether it leaves limits passed (`eased`)."""

    point: Float[np.ndarray, "controls"]
    multipliers: Float[np.ndarray, "limits"]
    eased: bool


def _stuck(found):
    return f"no step brings it further; {found.residual:.0e} of the slope is left and a limit is passed by {found.passed:.0e}"


def _move(task, here, curvatures):
    """The `_Move` to the least of the quadratic model; where limits exclude each other nearby they are kept in part, None if none is."""
    scaled, unit = here.slopes * task.scale, np.eye(len(task.scale))
    low, high = (task.low - here.trial.point) / task.scale, (task.high - here.trial.point) / task.scale
    bounded = [(unit[np.isfinite(high)], high), (-unit[np.isfinite(low)], -low)]
    rows = np.concatenate([scaled[1:], *(sides for sides, _ in bounded)])
    limits = room(here.trial.criteria[1:], scaled[1:])
    ends = np.concatenate([end[np.isfinite(end)] for _, end in bounded])

    def best(multipliers, part):
        curvature = bowl(of_lagrangian(curvatures, multipliers), scaled[0])
        return least(curvature, scaled[0], rows, np.append(np.where(limits < 0, part * limits, limits), ends))

    for k in range(EASED):
        first = best(here.conditions.multipliers, 0.5**k)
        if first is not None:
            found = best(first.multipliers[: len(limits)], 0.5**k) or first
            return _Move(found.point, found.multipliers[: len(limits)], k > 0)
    return None


def _free(task, found):
    """Ways in usual changes `(controls, ways)` along which limits and bounds that are worth something stay as they are."""
    worth, unit = found.conditions, np.eye(len(task.scale))
    slopes = (found.slopes * task.scale)[1:]
    held = np.concatenate([slopes[worth.multipliers > 0], unit[worth.at_low > 0], unit[worth.at_high > 0]])
    return null_space(held) if len(held) else unit


def _way_down(free, found, curvatures):
    """The way, of a usual change in all, along which the Lagrangian bends down most; None where it does not."""
    curvature = of_lagrangian(curvatures, found.conditions.multipliers)
    sizes, ways = np.linalg.eigh(free.T @ curvature @ free)
    return free @ ways[:, 0] if sizes[0] < -BENT * np.abs(curvature).max() else None


def _within(task, point):
    """The point within its bounds, on them where only rounding lies between."""
    close = ROUNDING * task.scale
    point = np.where(point < task.low + close, task.low, point)
    return np.where(point > task.high - close, task.high, point)
