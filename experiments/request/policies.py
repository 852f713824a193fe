"""Questions of policy: what may be set, what it is judged by, and within which limits."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from experiments.request.errors import InputError, nearest
from experiments.request.instruments import symbol_of, unknown_instrument
from experiments.request.outcomes import OF_A_QUARTER, outcome_problems
from experiments.request.question_file import (
    BASELINE_ITSELF,
    CourseRow,
    Objective,
    PolicyFile,
    check_frontier,
    elsewhere_problems,
)
from experiments.request.scenarios import build_scenario, instruments_before, scenario_problems, shipped
from experiments.request.validation import validate
from model.core.axes import GROUP
from model.core.units import QUARTERS_A_YEAR, quarter_index, quarter_label
from model.equilibrium.outcomes.register import UNITS
from model.policy.controls import Control, Controls
from model.policy.criteria import Judged, Limit, Mean, Square, Welfare
from model.transition.scenarios.scenario import Scenario

STEPS = {"quarter": 1, "year": QUARTERS_A_YEAR}
ROUNDING = 1e-9  # of a usual change
WEIGHTS = ("by_head", "equal", "low_skilled", "young")


@dataclass(frozen=True)
class Question:
    """A question that can be put to the economy of `inputs`; quarters are those of 2026."""

    file: PolicyFile
    controls: tuple[Control, ...]
    announced: int
    during: Scenario | None
    compare: tuple[Scenario, ...]
    raw: dict

    @property
    def name(self) -> str:
        return self.file.name

    def judged(self, baseline_values: dict[str, Any], people: Any, first: int) -> Judged:
        """What policies are judged by, on a calendar whose quarter `first` is 2026Q1; `people` are heads by group."""
        file, at = self.file, _On(baseline_values, first)
        goal = file.objective
        if goal.welfare is not None:
            weights = tuple(float(w) for w in _weights(goal.welfare.weights, np.asarray(people).ravel()))
            losses = [Welfare(self.announced + first, weights, goal.welfare.inequality_aversion)]
        elif goal.loss is not None:
            losses = [at.square(row) for row in goal.loss]
        else:
            losses = [at.mean(goal.most, -1.0) if goal.most is not None else at.mean(goal.least, 1.0)]
        return Judged(tuple(losses), tuple(at.limit(row) for row in file.limits))


class _On:
    """Rows on the calendar of an economy whose baseline has these values."""

    def __init__(self, values, first):
        self.values, self.first = values, first

    def place(self, row):
        """Outcome, column and first quarter of a row."""
        axis = UNITS[row.outcome][1]
        return row.outcome, axis.labels.index(row.label) if axis else None, quarter_index(row.first) + self.first

    def course(self, row):
        outcome, column, start = self.place(row)
        course = np.asarray(self.values[outcome])[start : start + length(row)]
        return course if column is None else course[:, column]

    def square(self, row):
        outcome, column, start = self.place(row)
        wanted = self.course(row) if row.target == BASELINE_ITSELF else np.full(length(row), row.target)
        return Square(outcome, column, tuple(map(float, wanted)), start, row.weight, row.discount)

    def mean(self, row, sign):
        outcome, column, start = self.place(row)
        return Mean(outcome, column, start, length(row), sign)

    def limit(self, row):
        outcome, column, start = self.place(row)
        size, sign = (row.at_most, 1.0) if row.at_most is not None else (row.at_least, -1.0)
        ends = size + (self.course(row) if row.over else np.zeros(length(row)))
        return Limit(outcome, column, tuple(map(float, ends)), start, sign, row.mean)


def length(row: CourseRow) -> int:
    """Quarters of a row."""
    return quarter_index(row.last) - quarter_index(row.first) + 1


def needed(file: PolicyFile) -> tuple[str, ...]:
    """Outcomes whose baseline a question refers to."""
    rows = [*(file.objective.loss or []), *file.limits]
    return tuple(sorted({row.outcome for row in rows}))


def build_question(raw: dict[str, Any], inputs: Any, settings: Any) -> Question:
    """The question of a mapping as in conf/policy/; raises InputError with all that is wrong."""
    file, problems = validate(PolicyFile, raw, "policy"), []
    announced = _quarter(file.announced, "policy.announced", problems)
    if announced < 0:
        problems.append(f"policy.announced: got {file.announced}; expected {quarter_label(0)} or later")
    problems += _objective_problems(file.objective)
    rows = [*((f"policy.limits.{i}", row) for i, row in enumerate(file.limits))]
    rows += [(f"policy.objective.loss.{i}", row) for i, row in enumerate(file.objective.loss or [])]
    rows += [(f"policy.objective.{w}", r) for w in ("most", "least") if (r := getattr(file.objective, w)) is not None]
    for where, row in rows:
        problems += _course_problems(where, row, inputs, settings)
    for i, row in enumerate(file.limits):
        if (row.at_most is None) == (row.at_least is None):
            problems.append(f"policy.limits.{i}: expected one of at_most and at_least")
    if not file.controls:
        problems.append("policy.controls: got none; expected rows of instruments that may be set")
    controls = [_control(row, f"policy.controls.{i}", inputs, problems) for i, row in enumerate(file.controls)]
    during = _scenario(file.during, "policy.during", inputs, settings, problems) if file.during else None
    compare = [_scenario(name, "policy.compare", inputs, settings, problems) for name in file.compare]
    if during is not None and announced < during.announced:
        problems.append(
            f"policy.announced: got {file.announced}; {during.name} is announced in {quarter_label(during.announced)}, "
            "expected that quarter or later"
        )
    problems += [*elsewhere_problems(file, inputs), *_names_given_twice(file)]
    if problems:
        raise InputError(problems)
    problems += _range_problems(controls, announced, inputs, settings)
    if problems:
        raise InputError(problems)
    controls = _bounded(controls, during, inputs, settings)
    check_frontier(raw, file.frontier, lambda changed: build_question(changed, inputs, settings))
    return Question(file, tuple(controls), announced, during, tuple(compare), raw)


def _objective_problems(goal):
    given = [name for name in Objective.model_fields if getattr(goal, name) is not None]
    if len(given) != 1:
        yield f"policy.objective: got {', '.join(given) or 'nothing'}; expected one of {', '.join(Objective.model_fields)}"
    if goal.loss is not None and not goal.loss:
        yield "policy.objective.loss: got none; expected rows of outcomes with a target"
    weights = goal.welfare.weights if goal.welfare else "by_head"
    if isinstance(weights, str) and weights not in WEIGHTS:
        yield f"policy.objective.welfare.weights: got {weights!r}{nearest(weights, WEIGHTS)}; expected one of {', '.join(WEIGHTS)}, or numbers by group"
    if isinstance(weights, dict):
        unknown = [label for label in weights if label not in GROUP.labels]
        if unknown:
            yield f"policy.objective.welfare.weights: no group {unknown[0]!r}; there are {', '.join(GROUP.labels)}"
        if not unknown and (min(weights.values(), default=0) < 0 or sum(weights.values()) <= 0):
            yield "policy.objective.welfare.weights: expected numbers of 0 or more, one above 0"


def _course_problems(where, row, inputs, settings):
    yield from outcome_problems(where, row, OF_A_QUARTER, "that can be judged")
    found = []
    first, last = (_quarter(label, f"{where}.{end}", found) for label, end in ((row.first, "from"), (row.last, "to")))
    yield from found
    horizon = settings.horizon - inputs.economy.units.first_shown
    if not found and not 0 <= first <= last < horizon:
        yield f"{where}: got {row.first} to {row.last}; expected quarters of 2026Q1 to {quarter_label(horizon - 1)}, in order"


def _control(row, where, inputs, problems):
    names = [row.instruments] if isinstance(row.instruments, str) else row.instruments
    symbols = [symbol_of(name, inputs) for name in names]
    problems += [
        f"{where}.instruments: {unknown_instrument(name, inputs)}"
        for name, symbol in zip(names, symbols, strict=True)
        if symbol is None
    ]
    if not names:
        problems.append(f"{where}.instruments: got none; expected one or more")
    if twice := {symbol for symbol in symbols if symbol is not None and symbols.count(symbol) > 1}:
        problems.append(f"{where}.instruments: {', '.join(sorted(twice))} is there twice; name each once")
    first = _quarter(row.first, f"{where}.from", problems)
    if first < 0:
        problems.append(f"{where}: from is {row.first}; expected {quarter_label(0)} or later")
    last = None if row.last is None else _quarter(row.last, f"{where}.to", problems)
    if last is not None and last < first:
        problems.append(f"{where}: to is {row.last}, before from, {row.first}")
    if last is None and row.every is not None:
        problems.append(f"{where}.every: got {row.every} for a control without `to`; a permanent control has one step")
    low, high = (-math.inf if row.low is None else row.low), (math.inf if row.high is None else row.high)
    if not low < high:
        problems.append(f"{where}: got low {low:g} and high {high:g}; expected low below high")
    scale = row.scale or high - low
    if not math.isfinite(scale):
        problems.append(f"{where}.scale: got none; a control without low and high needs a usual size of what is set")
    name = row.name or " and ".join(names)
    every = None if row.every is None else STEPS[row.every]
    return Control(
        name, tuple(symbol or name for symbol in symbols), first, last, every, low, high, scale, row.change_cost
    )


def _bounded(controls, during, inputs, settings):
    """Controls with the ends of what their instruments can be where they have no bound, shared with others that set the same in the same quarters."""
    instruments, before = inputs.economy.instruments, instruments_before(inputs, settings)
    course = np.asarray(before if during is None else during.apply(instruments, before))
    found = []
    for control in controls:
        own = course[control.first + 1 : None if control.last is None else control.last + 2]
        low, high, rounding = control.low, control.high, ROUNDING * control.scale
        for symbol in control.instruments:
            i = instruments.index(symbol)
            ends = instruments.entries[i].metadata
            together = _set_together([c for c in controls if symbol in c.instruments], control)
            if control.low == -math.inf:
                room = float(ends["low"] - own[:, i].min())
                low = max(low, *(_part(room, [min(c.low, 0.0) for c in others]) + rounding for others in together))
            if control.high == math.inf:
                room = float(ends["high"] - own[:, i].max())
                high = min(high, *(_part(room, [max(c.high, 0.0) for c in others]) - rounding for others in together))
        if not low < high:
            raise InputError(
                f"policy.controls: {control.name}: got low {control.low:g} and high {control.high:g}; its instruments leave no room between them, give both"
            )
        found.append(replace(control, low=low, high=high))
    return found


def _set_together(rivals, control):
    """The rivals of a control, itself among them, that are set in the same quarter, for each quarter in which that may change."""
    lasts = {rival: math.inf if rival.last is None else rival.last for rival in rivals}
    starts = {max(rival.first, control.first) for rival in rivals if rival.first <= lasts[control]}
    return [[r for r in rivals if r.first <= q <= lasts[r]] for q in sorted(starts) if q <= lasts[control]]


def _part(room, bounds):
    """An equal part of the room that bounds leave, for each control without a bound."""
    given = [bound for bound in bounds if math.isfinite(bound)]
    return (room - sum(given)) / (len(bounds) - len(given))


def _scenario(name, where, inputs, settings, problems):
    try:
        scenario = build_scenario(name, shipped(name, where), inputs=inputs)
    except InputError as error:
        problems += error.sentences
        return None
    problems += scenario_problems(scenario, inputs, settings)
    return scenario


def _names_given_twice(file):
    names = [row.name or str(row.instruments) for row in file.controls]
    for name in {name for name in names if names.count(name) > 1}:
        yield f"policy.controls: {name} is there twice; give each row a name of its own"


def _range_problems(controls, announced, inputs, settings):
    """Sentences on controls that cannot be applied at their ends."""
    every, found = Controls(controls), []
    for ends in (every.low, every.high):
        point = np.where(np.isfinite(ends), ends, 0.0)
        scenario = Scenario("policy", "", every.changes(point), announced)
        found += scenario_problems(scenario, inputs, settings)
    return [sentence.replace("scenario policy", "policy.controls") for sentence in dict.fromkeys(found)]


def _quarter(label, where, problems):
    try:
        return quarter_index(label)
    except ValueError as error:
        problems.append(f"{where}: {error}")
        return 0


def _weights(given, people):
    """Weights by group from their name or from numbers."""
    if isinstance(given, dict):
        return np.array([given.get(label, 0.0) for label in GROUP.labels])
    chosen = {
        "by_head": np.ones(len(GROUP)),
        "equal": 1 / people,
        "low_skilled": np.array([label.endswith("_low") for label in GROUP.labels], float),
        "young": np.array([label.startswith("young") for label in GROUP.labels], float),
    }[given]
    return chosen * people
