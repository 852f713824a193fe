"""Answers as labelled tables, for Python and notebooks: from a calibration to outcomes by quarter, from a question to a policy."""

from dataclasses import replace

import pandas as pd

from calibration import calibrate
from calibration.inputs import load_inputs
from experiments.answer.certificate import certified_solution
from experiments.answer.results import Results, solve, tidy_paths
from experiments.policy.answer import answered, changes_of, gone_through, people_of, planned
from experiments.policy.rules import answered_rule
from experiments.policy.rules_written import LOSS, coefficient_table
from experiments.policy.tables import control_table, goal_unit
from experiments.request.build import Job
from experiments.request.errors import InputError
from experiments.request.policies import build_question
from experiments.request.question_file import QUESTIONS, read_question
from experiments.request.ranges import out_of_range
from experiments.request.rule_questions import asks_for_a_rule, build_rule_question
from experiments.request.scenarios import build_scenario, name_problems, scenario_problems, shipped
from model.transition.scenarios.scenario import Scenario
from model.transition.solutions import Settings

KEYS = ["scenario", "variable", "label"]


class NotCertified(ValueError):
    """Some paths have no certificate: the message has the reason of each."""


def answers(calibration="us_2022q4", scenarios=(), values=None, settings=None):
    """All outcomes by quarter of the baseline and of `scenarios`, with columns (scenario, outcome, label).

    `scenarios` are a name or names of `conf/scenario/`, a mapping `{name: {changes: [...]}}` as in a scenario file, or `Scenario`s; `values`
    `{"energy.start_elasticity.gas": 1.2}` stand in the place of the calibration's. Units are in `attrs["units"]`. Raises
    InputError on what cannot be asked and NotCertified where a path has no certificate.
    """
    inputs = load_inputs(name=calibration)
    values, settings = dict(values or {}), settings or Settings()
    unknown = [
        f"{name}: no such number; python3 run.py list parameter names them"
        for name in values
        if name not in inputs.names
    ]
    if unknown or (unknown := list(out_of_range(inputs, values))):
        raise InputError(unknown)
    inputs = inputs.with_values(values)
    built = _built(scenarios, inputs)
    if problems := [sentence for s in built for sentence in scenario_problems(s, inputs, settings)]:
        raise InputError(problems)
    found = solve(Job(inputs, settings, built), say=lambda line: None)
    refused = [f"{s.name}: {s.certificate['reason']}" for s in found.solved if not s.certified]
    if refused:
        raise NotCertified("; ".join(refused))
    return _labelled(found)


def best_policy(question="best_use_of_a_tenth", calibration="us_2022q4", starts=8, settings=None):
    """The best values of a question of `conf/policy/`, or of a mapping as in such a file, one row a control and step.

    `attrs` has the `gain` over no policy with its `unit`, how many `starts` of the search `agree`, what is left of the
    first-order conditions, `residual`, and the policy as a `Scenario` on the calendar of 2026, as `answers` takes it, with what the
    economy goes through if that is announced together with it. A question of a rule gives its coefficients. Raises InputError,
    NotCertified, and NoAnswer of `model.policy.finish`.
    """
    inputs, settings = load_inputs(name=calibration), settings or Settings()
    raw = read_question(QUESTIONS / f"{question}.yaml") if isinstance(question, str) else question
    if asks_for_a_rule(raw):
        return _best_rule(raw, inputs, starts)
    asked = build_question(raw, inputs, settings)
    baseline = calibrate(smoothing=settings.smoothing, inputs=inputs).baseline(settings)
    plan = planned(asked, baseline, people_of(inputs, settings.smoothing))
    answer = answered(asked, plan, starts, lambda line: None)
    solved = certified_solution(plan.baseline, answer.best.trial.held.solution, asked.name, "")
    if not (answer.best.conditions.met and solved.certified):
        raise NotCertified(answer.best.reason or solved.certificate["reason"])
    table = control_table(answer)
    table.attrs |= {"gain": answer.gain, "unit": goal_unit(asked), "agree": answer.found.agree}
    through = gone_through(asked) or ()
    policy = Scenario(asked.name, "The best policy that was found.", (*through, *changes_of(answer)), asked.announced)
    table.attrs |= {"residual": answer.best.conditions.residual, "scenario": policy}
    return table


def _best_rule(raw, inputs, starts):
    answer = answered_rule(build_rule_question(raw, inputs), inputs, starts, lambda line: None)
    if not answer.best.conditions.met:
        raise NotCertified(answer.best.reason)
    table = coefficient_table(answer)
    table.attrs |= {"gain": answer.gain, "unit": LOSS, "agree": answer.found.agree}
    table.attrs |= {"residual": answer.best.conditions.residual}
    return table


def _built(scenarios, inputs):
    """`Scenario`s of what `answers` takes; raises InputError."""
    given = [scenarios] if isinstance(scenarios, str | Scenario) else scenarios
    pairs = given.items() if isinstance(given, dict) else [(_name(s), s) for s in given]
    if problems := list(name_problems([name for name, _ in pairs])):
        raise InputError(problems)
    return tuple(_scenario(name, body, inputs) for name, body in pairs)


def _name(given):
    return given.name if isinstance(given, Scenario) else str(given)


def _scenario(name, body, inputs):
    if isinstance(body, Scenario):
        return replace(body, name=name)
    return build_scenario(name, shipped(body) if isinstance(body, str) else body, inputs=inputs)


def _labelled(found: Results):
    tidy = tidy_paths(found)
    table = tidy.pivot(index="quarter", columns=KEYS, values="value")
    order = tidy[KEYS].drop_duplicates()
    table = table[pd.MultiIndex.from_frame(order)]
    table.attrs["units"] = dict(tidy[["variable", "unit"]].drop_duplicates("variable").to_numpy())
    return table
