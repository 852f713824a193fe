"""What an answer leaves in its folder: tables, figure, a scenario that can be run, and its certificate."""

import json
import time

import numpy as np
import yaml

from experiments.answer.certificate import certified_solution
from experiments.answer.results import Results, announce
from experiments.answer.tables.writing import write_table
from experiments.answer.tables.years import year_table
from experiments.folder.captions import calibration_of, trend_of
from experiments.folder.files import write_json, write_text
from experiments.policy.answer import changes_of, thought_again
from experiments.policy.figures import write_policy_figure
from experiments.policy.sentences import policy_sentence
from experiments.policy.tables import again_table, control_table, gain_table, goal_words
from experiments.policy.told import as_text, question_of, write_told
from experiments.policy.varied import (
    across_draws,
    along_frontier,
    draws_table,
    frontier_table,
    hanging,
    hanging_table,
    policies_table,
)
from experiments.report.policy import build_policy_page
from experiments.request.errors import EXIT_NOT_SOLVED
from model.core.units import QUARTERS_A_YEAR, quarter_label
from model.transition.solutions import BASELINE

SHOWN_ROWS = 24


def write_answer(config, job, answer, draws, folder, started, say):
    """Certify and write an answer and all that it is compared with; returns the exit status."""
    plan, best, question = answer.plan, answer.best, answer.question
    solution = best.trial.held.solution
    before = certified_solution(plan.baseline, plan.baseline.solution, BASELINE, "Without the policy.")
    after = certified_solution(plan.baseline, solution, question.name, question.file.description)
    announce(after, say)
    met = best.conditions.met and before.certified and after.certified
    caption = _caption(job, answer)
    tables = {
        "policy": (
            control_table(answer),
            "The best values, where they are at a bound, and what a bound costs",
        ),
        "gains": (
            gain_table(answer),
            "What it gains over no policy, and other policies at the same limits",
        ),
    }
    if before.certified and after.certified:
        tables["years"] = (year_table(Results((before, after), {})), "Means of calendar years")
    for stem, (table, says) in tables.items():
        write_table(table, folder, stem, f"{says}. {caption}")
    write_text(folder / "scenario.yaml", scenario_text(answer))
    path = folder / "certificate.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    known["scenarios"][question.name] = after.certificate
    write_json(path, known | {"policy": _certificate(answer), "seconds": time.perf_counter() - started})
    for stem, table, says in _compared(config, job, answer, draws, say):
        tables[stem] = table, says
        write_table(table, folder, stem, f"{says}. {caption}")
    if config.outputs.figures:
        (folder / "figures").mkdir(exist_ok=True)
        write_policy_figure(answer, tables, folder / "figures" / "policy.png", caption)
    sentence = policy_sentence(answer, tables)
    write_told(folder, job, answer, sentence, tables, _certificate(answer), caption)
    build_policy_page(folder)
    _print(answer, tables, sentence, folder, say)
    return 0 if met else EXIT_NOT_SOLVED


def _compared(config, job, answer, draws, say):
    """`(stem, table, what it says)` of a planner who thinks again, a frontier, numbers that the answer hangs on, and draws."""
    question, plan = answer.question, answer.plan
    if config.reoptimise.value == "yearly":
        lasts = [last for _, _, last in plan.controls.steps if last is not None]
        quarters = range(plan.announced + QUARTERS_A_YEAR, max(lasts, default=0) + 1, QUARTERS_A_YEAR)
        says = "The plan of the first quarter, and what a planner does who may break it at the start of each year"
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
        yield "draws", draws_table(found), says
        yield "policies", policies_table(answer, found), "The policies of the table draws"


def _caption(job, answer):
    question = answer.question
    through = f" The economy goes through {question.during.name}." if question.during else ""
    doubt = "" if answer.best.conditions.met else f"NOT CERTIFIED: {answer.best.reason}. "
    return (
        f"{doubt}Question {question.name}: {question.file.description.strip()}{through} Objective: {goal_words(question)}. "
        f"Announced {quarter_label(question.announced)}, people know it from then on; {answer.found.agree} of {answer.found.starts} "
        f"starts of the search end here. {calibration_of(job)}; quantities without the trend of {trend_of(job.inputs):.3g} % a year"
    )


def _certificate(answer):
    best, found = answer.best, answer.found
    return {
        "first_order_residual": best.conditions.residual,
        "limits_passed_by": best.conditions.passed,
        "met": best.conditions.met,
        "reason": best.reason,
        "multipliers_of_limits": best.conditions.multipliers.tolist(),
        "starts": found.starts,
        "starts_that_agree": found.agree,
        "largest_gap_of_slopes_to_differences": answer.slope_gap,
        "gain": answer.gain,
        "at_a_bound": int(((best.conditions.at_low > 0) | (best.conditions.at_high > 0)).sum()),
    }


def scenario_text(answer):
    """The best policy as a file that `run scenarios_file=` takes."""
    rows = []
    for change in changes_of(answer):
        row = {"instrument": change.instrument, "operation": "add", "value": float(np.round(change.values[0], 12))}
        row["from"] = quarter_label(change.first)
        rows.append(row if change.last is None else row | {"to": quarter_label(change.last)})
    question = answer.question
    body = {
        "description": f"The best policy of the question {question.name}.",
        "announced": quarter_label(question.announced),
        "changes": rows,
    }
    return yaml.safe_dump({question.name: body}, sort_keys=False)


def _shown(table):
    """The table for a terminal."""
    hidden = ["instruments", "low", "high", "unit"] if "bound" in table else ["unit"]
    return as_text(table.drop(columns=hidden, errors="ignore").head(SHOWN_ROWS)).to_string(index=False)


def _print(answer, tables, sentence, folder, say):
    best = answer.best
    for name in ("policy", "gains", "again", "frontier", "hangs_on", "draws", "policies"):
        if name in tables:
            say(f"\n{_shown(tables[name][0])}")
    quality = (
        f"first-order conditions to {best.conditions.residual:.0e}, slopes against differences {answer.slope_gap:.0e}"
    )
    if not best.conditions.met:
        quality = f"NOT certified: {best.reason}"
    say(f"\n{goal_words(answer.question)}; {quality}; {answer.found.agree} of {answer.found.starts} starts agree")
    say(f"\n{question_of(answer.question.file)}\n{sentence}\n")
    say(f"all tables, a page of them and the policy as a scenario: {folder}")
    say(f"next: python3 run.py scenarios_file={folder}/scenario.yaml 'scenarios=[]'")
