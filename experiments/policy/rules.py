"""The answer to a question of a rule: its best coefficients under the estimated shocks, beside the rules that are known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from calibration import calibrate
from calibration.inputs import Inputs
from calibration.shocks.estimate import Numbers, numbers_of
from calibration.shocks.stored import draws, numbers_at_mode
from calibration.shocks.tables import directions, shocks
from experiments.policy.answer import slope_gap
from experiments.request.question_file import with_number
from experiments.request.rule_questions import RuleQuestion, build_rule_question
from model.equilibrium.outcomes.first_order import under
from model.equilibrium.outcomes.register import UNITS
from model.policy.finish import NoAnswer, Optimum, finish
from model.policy.rules import Rest, RuleTask
from model.policy.search import Found, best_policy
from model.policy.task import Trial
from model.solvers.first_order.law import Shocks
from model.solvers.first_order.saddle_path import saddle_path
from model.solvers.first_order.variances import covariances
from model.transition.derivatives.shocks import law_at_rest
from model.transition.solutions import Settings

OF_THE_RULE = "policy_rate"  # the shock that is no part of the problem: what the bank itself adds to its rule


class Given(NamedTuple):
    """What variances are made of beside the law of shocks."""

    slopes: Any  # (rows, parts), of the outcomes in the objective
    persistence: Any
    deviation: Any
    weights: Any


@dataclass(frozen=True)
class RuleAnswer:
    """`rules` has by name the coefficients of other rules and what comes of them, the calibrated one first."""

    question: RuleQuestion
    task: RuleTask
    given: Given
    found: Found
    rules: dict[str, Trial]
    slope_gap: float

    @property
    def best(self) -> Optimum:
        return self.found.best

    @property
    def calibrated(self) -> Trial:
        return next(iter(self.rules.values()))

    @property
    def gain(self) -> float:
        return float(self.calibrated.criteria[0] - self.best.trial.criteria[0])

    def deviations(self, trial: Trial, given: Given | None = None) -> np.ndarray:
        """Standard deviations `(rows,)` of what the objective has, under a rule."""
        return np.sqrt(
            _spreads(trial.held.law, given or self.given, self.question.variances, self.task.economy.carried)
        )


def answered_rule(question: RuleQuestion, inputs: Inputs, starts: int, say: Callable[[str], None]) -> RuleAnswer:
    """The best coefficients, beside the calibrated rule and the shipped ones; raises NoAnswer."""
    numbers = numbers_at_mode()
    task, given, here = ruled(question, inputs, numbers)
    found = best_policy(task, np.clip(here, question.low, question.high), starts, say)
    known = {"as calibrated": task.trials([here])[0]}
    known |= {rule.name: judged(task, rule.numbers, question, here) for rule in question.compare}
    return RuleAnswer(question, task, given, found, known, slope_gap(task, (here + found.best.trial.point) / 2))


def ruled(question: RuleQuestion, inputs: Inputs, numbers: Numbers) -> tuple[RuleTask, Given, np.ndarray]:
    """The problem in the economy of `inputs`, what its variances are made of, and the calibrated coefficients."""
    economy = inputs.economy
    rest, slopes = _at_rest(question, inputs)
    own, deviation = _shocks(economy, numbers)
    weights = jnp.array([row.weight for row in question.variances])
    given = Given(slopes, own.persistence, deviation, weights)
    rows, carried = question.variances, economy.carried

    def judged(law, given):
        return given.weights @ _spreads(law, given, rows, carried)

    def with_rule(p, point):
        return _with_numbers(p, dict(zip(question.numbers, point, strict=True)))

    task = RuleTask(economy, with_rule, rest, own, judged, given, question.low, question.high, question.scale)
    return task, given, np.array([inputs.value(name) for name in question.numbers])


def across_shocks(answer: RuleAnswer, count: int, say: Callable[[str], None]) -> list[tuple[Trial, Trial, Optimum]]:
    """Under each of `count` draws of the shocks' numbers: the calibrated rule, the answer, and the best rule there."""
    spread, found = draws(), []
    economy, here = answer.task.economy, answer.calibrated.point
    for row in spread[:: max(1, len(spread) // count)][:count]:
        own, deviation = _shocks(economy, numbers_of(row))
        given = answer.given._replace(persistence=own.persistence, deviation=deviation)
        task = answer.task.elsewhere(shocks=own, given=given)
        calibrated, kept = task.trials([here, answer.best.trial.point])
        found.append((calibrated, kept, finish(task, kept)))
        say(f"draw {len(found)} of the shocks' numbers")
    return found


def along_weights(
    answer: RuleAnswer, inputs: Inputs, say: Callable[[str], None]
) -> list[tuple[float, Optimum, np.ndarray]]:
    """`(value, best rule, standard deviations)` for each value of the question's frontier."""
    frontier, near, found = answer.question.file.frontier, answer.best.trial.point, []
    for value in frontier.values:
        question = build_rule_question(with_number(answer.question.raw, frontier.number, value), inputs)
        weights = jnp.array([row.weight for row in question.variances])
        given = answer.given._replace(weights=weights)
        task = answer.task.elsewhere(given=given, low=question.low, high=question.high)
        best = finish(task, task.trials([np.clip(near, question.low, question.high)])[0])
        near = best.trial.point
        found.append((value, best, answer.deviations(best.trial, given)))
        say(f"frontier: {frontier.number} = {value:g}")
    return found


def in_other_economies(
    answer: RuleAnswer, inputs: Inputs, say: Callable[[str], None]
) -> list[tuple[str, float, Trial, Optimum | None, str]]:
    """`(number, value, calibrated rule, best rule, why there is none)` at other numbers of the calibration."""
    found = []
    for row in answer.question.file.hangs_on:
        for value in row.values:
            other = inputs.with_values({row.number: float(value)})
            rest, slopes = _at_rest(answer.question, other)
            task = answer.task.elsewhere(rest=rest, given=answer.given._replace(slopes=slopes))
            calibrated, near = task.trials([answer.calibrated.point, answer.best.trial.point])
            try:
                best, why = finish(task, near), ""
            except NoAnswer as reason:
                best, why = None, str(reason)
            found.append((row.number, value, calibrated, best, why))
            say(f"hangs on: {row.number} = {value:g}")
    return found


def _at_rest(question, inputs):
    """`Rest` of the economy of `inputs`, and the slopes of the objective's outcomes there."""
    calibrated, economy = calibrate(smoothing=Settings.smoothing, inputs=inputs), inputs.economy
    p, e, x = calibrated.parameters, economy.at_rest, economy.variables.pack(calibrated.initial)
    own, _ = _shocks(economy, numbers_at_mode())
    outcomes = law_at_rest(
        economy, p, np.asarray(x), saddle_path(economy, p, jnp.asarray(e), jnp.asarray(x)), own
    ).outcomes
    slopes = [np.asarray(outcomes.slopes[row.outcome])[0] for row in question.variances]
    columns = [_column(row, slope) for row, slope in zip(question.variances, slopes, strict=True)]
    return Rest(p, np.asarray(e), np.asarray(x)), np.stack(columns)


def _column(row, slope):
    axis = UNITS[row.outcome][1]
    return slope[axis.labels.index(row.label)] if axis else slope


def _spreads(law, given, rows, carried):
    """Variances `(rows,)` of levels or of changes."""
    found = covariances(law, under(law, given.slopes), given.persistence, given.deviation, carried)
    changes = np.array([row.of == "change" for row in rows])
    return jnp.where(changes, jnp.diag(found.changes), jnp.diag(found.levels))


def _shocks(economy, numbers):
    """`Shocks` and their standard deviations; that of the rule itself does not occur."""
    occurs = np.array([shock.name != OF_THE_RULE for shock in shocks()])
    return Shocks(directions(economy), np.asarray(numbers.persistence)), np.asarray(numbers.deviation) * occurs


def _with_numbers(p, values: Mapping[str, Any]):
    for name, value in values.items():
        block, field = name.split(".")
        p = eqx.tree_at(lambda tree, b=block, f=field: getattr(getattr(tree, b), f), p, value)
    return p


def judged(task, numbers, question, here):
    """The trial of a shipped rule with all the numbers that it sets; those that it does not name are as calibrated."""
    others = {name: value for name, value in numbers.items() if name not in question.numbers}
    rest = task.rest._replace(parameters=_with_numbers(task.rest.parameters, others))
    point = np.array([numbers.get(name, value) for name, value in zip(question.numbers, here, strict=True)])
    return task.elsewhere(rest=rest).trials([point])[0]
