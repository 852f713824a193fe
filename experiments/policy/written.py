"""What an answer leaves in its folder: tables, figure, a scenario that can be run, and its certificate."""

import json
import shlex
import time

import numpy as np
from hydra.core.hydra_config import HydraConfig

from experiments.answer.certificate import certified_solution
from experiments.answer.results import Results, announce
from experiments.answer.tables.writing import write_table
from experiments.answer.tables.years import year_table
from experiments.folder.captions import calibration_of, trend_of
from experiments.folder.files import write_json, write_text
from experiments.policy.answer import changes_of, gone_through, thought_again
from experiments.policy.figures import write_policy_figure
from experiments.policy.sentences import policy_sentence
from experiments.policy.tables import again_table, control_table, gain_table, goal_words, limit_table
from experiments.policy.told import as_text, question_of, write_told
from experiments.policy.varied import (
    across_draws,
    along_frontier,
    draws_table,
    frontier_table,
    hanging,
    hanging_table,
    policies_table,
    uncertified,
)
from experiments.report.policy import build_policy_page
from experiments.request.errors import EXIT_NOT_SOLVED
from experiments.request.strict_yaml import as_yaml
from model.core.units import QUARTERS_A_YEAR, quarter_label
from model.transition.solutions import BASELINE

SHOWN_ROWS = 24
SLOPES_AGREE, SLOPES_DISAGREE = 1e-5, 0.1  # with differences, over their size
OF_THE_ECONOMY = (
    "calibration",
    "economy",
    "rule",
    "parameters",
    "beliefs",
    "solver",
    "conditions",
)  # keys, or their beginnings


def write_answer(config, job, answer, draws, folder, started, say):
    """Certify and write an answer and all that it is compared with; returns the exit status."""
    plan, best, question = answer.plan, answer.best, answer.question
    solution = best.trial.held.solution
    before = certified_solution(plan.baseline, plan.baseline.solution, BASELINE, "Without the policy.")
    after = certified_solution(plan.baseline, solution, question.name, question.file.description)
    announce(after, say)
    doubt = doubt_of(answer, before, after)
    caption = _caption(job, answer, doubt)
    tables = {
        "policy": (
            control_table(answer),
            "The best values, where they are at a bound, and what a hundredth of a usual size beyond it would gain",
        ),
        "gains": (
            gain_table(answer),
            "What it gains over no policy, and other policies at the same limits",
        ),
    }
    if question.file.limits:
        tables["limits"] = limit_table(answer), "Limits: how far they are from binding, and what each costs"
    if before.certified and after.certified:
        tables["years"] = (year_table(Results((before, after), {})), "Means of calendar years")
    for stem, (table, says) in tables.items():
        write_table(table, folder, stem, f"{says}. {caption}")
    write_text(folder / "scenario.yaml", scenario_text(answer))
    path = folder / "certificate.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    known["scenarios"][question.name] = after.certificate
    write_json(path, known | {"policy": _certificate(answer, doubt), "seconds": time.perf_counter() - started})
    for stem, table, says in _compared(config, job, answer, draws, say):
        tables[stem] = table, says
        write_table(table, folder, stem, f"{says}. {caption}")
    if config.outputs.figures:
        (folder / "figures").mkdir(exist_ok=True)
        write_policy_figure(answer, tables, folder / "figures" / "policy.png", caption)
    sentence = policy_sentence(answer, tables, doubt)
    write_told(folder, job, answer, sentence, tables, _certificate(answer, doubt), caption)
    build_policy_page(folder)
    _print(answer, tables, sentence, doubt, folder, say)
    return EXIT_NOT_SOLVED if doubt else 0


def doubt_of(answer, before, after):
    """Why an answer is not certified, from the `Solved` without and with the policy; empty where it is."""
    reasons = uncertified(before, after)
    if not answer.best.conditions.met:
        reasons.insert(0, answer.best.reason or "the first-order conditions do not hold")
    moved = np.abs(answer.best.trial.point) > SLOPES_AGREE * answer.plan.scale
    if answer.slope_gap > SLOPES_DISAGREE and moved.any():  # halfway to nothing there is no slope
        reasons.append(f"slopes and differences of the loss are {answer.slope_gap:.1g} of their size apart")
    return "; ".join(reasons)


def _compared(config, job, answer, draws, say):
    """`(stem, table, what it says)` of a planner who thinks again, a frontier, numbers that the answer hangs on, and draws."""
    question, plan = answer.question, answer.plan
    if config.reoptimise.value == "yearly":
        lasts = [last for _, _, last in plan.controls.steps if last is not None]
        years = range(plan.announced + QUARTERS_A_YEAR, max(lasts, default=0) + 1, QUARTERS_A_YEAR)
        quarters = [quarter for quarter in years if plan.judged.since(quarter).losses]
        says = "The plan of the first quarter, and what a planner does who may break it a year after the announcement and every year from then on"
        yield "again", again_table(answer, thought_again(answer, quarters, say)), says
    if question.file.frontier:
        says = f"The best policy as {question.file.frontier.number} takes other values"
        yield "frontier", frontier_table(answer, along_frontier(job, answer, say)), says
    if question.file.hangs_on and config.hangs_on:
        says = "The best policy in economies with another number of the calibration; gain: over no policy there"
        yield "hangs_on", hanging_table(answer, hanging(job, answer, say)), says
    if draws:
        says = (
            "Gains by draw of the calibration: of the policy above, which may pass limits there, of the best for each draw, for all, "
            "and for the worst of them"
        )
        found = across_draws(job, answer, draws, say)
        yield "draws", draws_table(answer, found), says
        yield "policies", policies_table(answer, found), "The policies of the table draws"


def _caption(job, answer, doubt):
    question = answer.question
    through = f" The economy goes through {question.during.name}." if question.during else ""
    return (
        f"{f'NOT CERTIFIED: {doubt}. ' if doubt else ''}Question {question.name}: {question.file.description.strip()}{through} Objective: {goal_words(question)}. "
        f"Announced {quarter_label(question.announced)}, people know it from then on; {answer.found.agree} of {answer.found.starts} "
        f"starts of the search end here. {calibration_of(job)}; quantities without the trend of {trend_of(job.inputs):.3g} % a year"
    )


def _certificate(answer, doubt):
    best, found = answer.best, answer.found
    return {
        "first_order_residual": best.conditions.residual,
        "limits_passed_by": best.conditions.passed,
        "met": not doubt,
        "reason": doubt,
        "multipliers_of_limits": best.conditions.multipliers.tolist(),
        "starts": found.starts,
        "starts_that_agree": found.agree,
        "largest_gap_of_slopes_to_differences": answer.slope_gap,
        "gain": answer.gain,
        "at_a_bound": int(((best.conditions.at_low > 0) | (best.conditions.at_high > 0)).sum()),
    }


def scenario_text(answer):
    """The best policy as a file that `run scenarios_file=` takes.

    What the economy goes through is in it, and beside it alone, where both are announced together and changes say it all.
    """
    question, during = answer.question, answer.question.during
    gone = gone_through(question)
    through, told = [_row(change) for change in gone or ()], gone is not None
    beside = "" if during is None else f", with {during.name}" if told else f"; {during.name} is not in it"
    body = {
        "description": f"The best policy of the question {question.name}{beside}.",
        "announced": quarter_label(question.announced),
        "changes": through + [_row(change) for change in changes_of(answer)],
    }
    alone = {during.name: body | {"description": during.description, "changes": through}} if told else {}
    return as_yaml({question.name: body} | alone)


def _row(change):
    values = [float(np.round(value, 12)) for value in change.values]
    row = {
        "instrument": change.instrument,
        "operation": change.operation,
        "value": values[0] if len(values) == 1 else values,
    }
    row["from"] = quarter_label(change.first)
    return row if change.last is None else row | {"to": quarter_label(change.last)}


def _shown(table):
    """The table for a terminal."""
    hidden = ["instruments", "low", "high", "unit"] if "bound" in table else ["unit"]
    return as_text(table.drop(columns=hidden, errors="ignore").head(SHOWN_ROWS)).to_string(index=False)


def _print(answer, tables, sentence, doubt, folder, say):
    best = answer.best
    for name in ("policy", "limits", "gains", "again", "frontier", "hangs_on", "draws", "policies"):
        if name in tables:
            say(f"\n{_shown(tables[name][0])}")
    quality = (
        f"first-order conditions to {best.conditions.residual:.0e}, slopes against differences {answer.slope_gap:.0e}"
    )
    if answer.slope_gap > SLOPES_AGREE:
        quality += f" (expected at most {SLOPES_AGREE:.0e}; more is usual where a bound begins to bind nearby or what is judged hardly moves)"
    if doubt:
        quality = f"NOT certified: {doubt}"
    say(f"\n{goal_words(answer.question)}; {quality}; {answer.found.agree} of {answer.found.starts} starts agree")
    say(f"\n{question_of(answer.question.file)}\n{sentence}\n")
    say(f"all tables, a page of them and the policy as a scenario: {folder}")
    say(
        f"next: {shlex.join(['python3', 'run.py', f'scenarios_file={folder}/scenario.yaml', 'scenarios=[]', *_economy_asked()])}"
    )


def _economy_asked():
    """Overrides of this command that choose the economy, which another command has to be given too."""
    given = HydraConfig.get().overrides.task if HydraConfig.initialized() else ()
    return [override for override in given if override.lstrip("+").startswith(OF_THE_ECONOMY)]
