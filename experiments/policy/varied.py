"""The best policy at other numbers: along a frontier, in other economies, and across draws of the calibration."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from calibration import calibrate
from experiments.answer.certificate import certified_solution
from experiments.policy.answer import found_again, gained, people_of, planned
from experiments.policy.tables import PASSES, by_control
from experiments.request.policies import build_question
from experiments.request.question_file import with_number
from model.compute.side_by_side import side_by_side
from model.policy.finish import NoAnswer, Optimum, finish
from model.policy.plan import Plan
from model.policy.several import Several, together
from model.policy.task import Trial
from model.transition.solutions import BASELINE, NotSolved

ROOMY = 24  # draws whose factors are kept, of a fifth of a gigabyte each
SMALLEST_GAIN = 1e-9  # of the loss's unit, that a usual gain is taken to be


class Varied(NamedTuple):
    """The best policy where a number has another value; `reason` where there is none."""

    number: str
    value: float
    plan: object
    optimum: object
    gain: float
    reason: str = ""


def along_frontier(job, answer, say):
    """`Varied` for each value of the question's frontier."""
    frontier, found, near = answer.question.file.frontier, [], answer.best
    for value in frontier.values:
        raw = with_number(answer.question.raw, frontier.number, value)
        question = replace(build_question(raw, job.inputs, job.settings), during=None)  # the baseline has it already
        plan = planned(question, answer.plan.baseline, people_of(job.inputs, job.settings.smoothing))
        found.append(_best(question, frontier.number, value, plan, near))
        near = found[-1].optimum or near
        say(f"frontier: {frontier.number} = {value:g}")
    return found


def frontier_table(answer, found):
    """A row for each value of the frontier."""
    return _table(found, answer.question.file.frontier.number)


def hanging(job, answer, say):
    """`Varied` for each value of each number that the answer may hang on, in economies solved anew."""
    found = []
    for row in answer.question.file.hangs_on:
        for value in row.values:
            inputs = job.inputs.with_values({row.number: float(value)})
            say(f"hangs on: {row.number} = {value:g}")
            try:
                plan = _elsewhere(job, answer.question, inputs)
                found.append(_best(answer.question, row.number, value, plan, answer.best))
            except NotSolved as failure:
                found.append(Varied(row.number, value, None, None, float("nan"), str(failure)))
    return found


def hanging_table(answer, found):
    """A row for each number and value, the answer itself first."""
    here = Varied("as calibrated", float("nan"), answer.plan, answer.best, answer.gain)
    return pd.concat([_table([here], "value"), _table(found, "value")], ignore_index=True)


def _table(found, name):
    rows = []
    for varied in found:
        row = {"number": varied.number, name: varied.value, "gain": varied.gain, "note": varied.reason}
        if varied.optimum is not None:
            row |= by_control(varied.plan, varied.optimum.trial.point)
        rows.append(row)
    table = pd.DataFrame(rows)
    return table if name == "value" else table.drop(columns="number")


def _elsewhere(job, question, inputs):
    """The question put to another economy, whose numbers what it goes through is made of too; raises NotSolved."""
    baseline = calibrate(smoothing=job.settings.smoothing, inputs=inputs).baseline(job.settings)
    there = build_question(question.raw, inputs, job.settings)
    return planned(there, baseline, people_of(inputs, job.settings.smoothing))


def _best(question, number, value, plan, near):
    try:
        optimum = found_again(plan, near)
        (nothing,) = plan.trials(np.zeros((1, len(plan.scale))))
    except NoAnswer as failure:
        return Varied(number, value, plan, None, float("nan"), str(failure))
    finally:
        plan.forget()
    doubt = optimum.reason or _doubt(plan, optimum.trial)
    return Varied(number, value, plan, optimum, gained(question, nothing, optimum.trial), doubt)


def _doubt(plan, trial):
    """Why the paths with and without a policy are not certified; empty where they are."""
    base, solution = plan.baseline, trial.held.solution
    paths = (BASELINE, base.solution), ("policy", solution)
    return "; ".join(uncertified(*(certified_solution(base, path, name, "") for name, path in paths)))


def uncertified(*solved):
    """A sentence on each `Solved` without a certificate."""
    return [f"{s.name} not solved: {s.certificate['reason']}" for s in solved if not s.certified]


class AcrossDraws(NamedTuple):
    """Gains `(draws,)` of the policy found at the centre, of each draw's own best, of the best for all, of that for the worst.

    `passed` is by how much the first of them passes a limit there; `notes` say by draw what of it is not certified, empty where everything is.
    """

    draws: tuple[int, ...]
    centre: np.ndarray
    passed: np.ndarray
    own: np.ndarray
    for_all: np.ndarray
    for_worst: np.ndarray
    notes: tuple[str, ...]
    policies: dict[str, np.ndarray]
    doubts: dict[str, str]  # of the policies, where conditions of the best are not met
    refused: dict[int, str]


class _Drawn(NamedTuple):
    """One draw: its plan, the trial of no policy, and its own best."""

    plan: Plan
    nothing: Trial
    own: Optimum


def across_draws(job, answer, economies, say):
    """`AcrossDraws` of the question in the `economies` by draw."""
    drawn, refused = _each(job, answer, economies, say)
    if not drawn:
        raise NoAnswer("no draw of the calibration has a best policy")
    point, plans = answer.best.trial.point, [d.plan for d in drawn.values()]
    floor = np.array([d.nothing.criteria[0] for d in drawn.values()])
    near = [d.own.curvatures for d in drawn.values()]
    gains = floor - np.array([d.own.trial.criteria[0] for d in drawn.values()])
    mean = together(Several(plans, floor), point, near, say)
    worst = together(Several(plans, floor, ceiling=max(float(np.abs(gains).max()), SMALLEST_GAIN)), point, near, say)
    say("the best for all draws, and for the worst of them")
    policies = {"best for all": mean.trial.point, "best for the worst": worst.trial.point[: len(point)]}
    chosen = (point, *policies.values())
    rows, notes = zip(*side_by_side(lambda d: _compared(answer.question, d, chosen), drawn.values()), strict=True)
    centre, for_all, for_worst, own, passed = np.array(rows).T
    doubts = {"policy above": answer.best.reason, "best for all": mean.reason, "best for the worst": worst.reason}
    return AcrossDraws(tuple(drawn), centre, passed, own, for_all, for_worst, notes, policies, doubts, refused)


def _each(job, answer, economies, say):
    """`_Drawn` by draw, and why the others are refused."""

    def alone(inputs):
        try:
            plan = _elsewhere(job, answer.question, inputs)
            nothing, start = (plan.trials(p[None])[0] for p in (0 * answer.best.trial.point, answer.best.trial.point))
            own = finish(plan, start, answer.best.curvatures)
        except (NotSolved, NoAnswer) as failure:
            return str(failure)
        if len(economies) > ROOMY:
            plan.forget()
        return _Drawn(plan, nothing, own)

    drawn, refused = {}, {}
    for draw, found in zip(economies, side_by_side(alone, economies.values()), strict=True):
        (refused if isinstance(found, str) else drawn)[draw] = found
        say(f"draw {draw}: {found if isinstance(found, str) else 'its own best'}")
    return drawn, refused


def _compared(question, drawn, chosen):
    """Gains in a draw of the `chosen` policies and of its own best, by how much the first passes a limit, and what is to be said."""
    tried = [drawn.plan.trials(point[None])[0] for point in chosen]
    gains = [gained(question, drawn.nothing, trial) for trial in (*tried, drawn.own.trial)]
    passed = np.maximum(tried[0].criteria[1:], 0.0).max(initial=0.0)
    return [*gains, passed], _notes(drawn, tried)


def _notes(drawn, tried):
    """What is not certified of a draw's own best and of the paths under the policies that were tried."""
    lost = ["a policy has no path here"] if not all(trial.solved for trial in tried) else []
    doubts = [
        drawn.own.reason,
        *lost,
        *(_doubt(drawn.plan, trial) for trial in (*tried, drawn.own.trial) if trial.solved),
    ]
    return "; ".join(dict.fromkeys(doubt for doubt in doubts if doubt))


def policies_table(answer, found):
    """The policy found at the centre, the best for all draws and the best for the worst of them, a column each control."""
    every = {"policy above": answer.best.trial.point, **found.policies}
    rows = [
        {"policy": name, **by_control(answer.plan, values), "note": found.doubts[name]}
        for name, values in every.items()
    ]
    return pd.DataFrame(rows)


def draws_table(answer, found):
    """Gains by draw, then their mean and spread; knowing the draw is worth the mean of `own best` less that of `best for all`."""
    columns = {
        "policy above": found.centre,
        **({PASSES: found.passed} if answer.question.file.limits else {}),
        "best for all": found.for_all,
        "best for the worst": found.for_worst,
        "own best": found.own,
    }
    table = pd.DataFrame({"draw": [str(d) for d in found.draws], **columns, "note": found.notes})
    summary = [
        ("mean", np.mean),
        ("5th percentile", lambda a: np.percentile(a, 5)),
        ("95th percentile", lambda a: np.percentile(a, 95)),
    ]
    rows: list[dict[str, object]] = [
        {"draw": name, "note": "", **{c: float(of(v)) for c, v in columns.items()}} for name, of in summary
    ]
    worth = float(found.own.mean() - found.for_all.mean())
    rows.append({"draw": "worth of knowing the draw", "note": "", "own best": worth})
    rows += [{"draw": str(draw), "note": f"not solved: {why}"} for draw, why in found.refused.items()]
    return pd.concat([table, pd.DataFrame(rows)], ignore_index=True)
