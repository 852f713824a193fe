"""What the answer to a question of a rule leaves in its folder: tables, figure and certificate."""

import time
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.answer.figures.fans import LINE, OUTER
from experiments.answer.tables.writing import write_table
from experiments.folder.captions import calibration_of
from experiments.folder.files import write_json, write_text
from experiments.folder.record import write_configuration
from experiments.policy.figures import CAPTION_WIDTH
from experiments.policy.rules import across_shocks, along_weights, in_other_economies
from experiments.policy.sentences import rule_sentence
from experiments.policy.tables import BEYOND, bound_words
from experiments.policy.told import as_text, question_of, write_told
from experiments.report.policy import build_policy_page
from experiments.request.build import composed
from experiments.request.errors import EXIT_NOT_SOLVED
from experiments.request.rules import REMEMBERING
from experiments.request.strict_yaml import as_yaml
from model.equilibrium.outcomes.register import UNITS, spoken

LOSS = "weighted variances"
BEST, CALIBRATED = "best", "as calibrated"


def write_rule(config, job, answer, folder, started, say):
    """Write an answer and all that it is compared with; returns the exit status."""
    write_configuration(folder, composed(config, job.inputs))
    caption = _caption(job, answer)
    tables = {
        "policy": (
            coefficient_table(answer),
            "The best coefficients, where they are at a bound, and what a hundredth of a usual size beyond it would gain",
        ),
        "gains": (rules_table(answer), "Standard deviations under each rule and what they add up to"),
    }
    if answer.question.file.frontier:
        says = f"The best rule as {answer.question.file.frontier.number} takes other values"
        tables["frontier"] = frontier_table(answer, along_weights(answer, job.inputs, say)), says
    if answer.question.file.hangs_on and config.hangs_on:
        says = "The best rule in economies with another number of the calibration"
        tables["hangs_on"] = hanging_table(answer, in_other_economies(answer, job.inputs, say)), says
    if config.draws:
        says = "Under draws of the shocks' numbers: the calibrated rule, the rule above, and the best rule of each draw"
        tables["draws"] = draws_table(answer, across_shocks(answer, config.draws, say)), says
    for stem, (table, says) in tables.items():
        write_table(table, folder, stem, f"{says}. {caption}")
    write_text(folder / "rule.yaml", rule_text(job, answer))
    write_json(folder / "certificate.json", {"policy": _certificate(answer), "seconds": time.perf_counter() - started})
    if config.outputs.figures:
        (folder / "figures").mkdir(exist_ok=True)
        _write_figure(tables["gains"][0], folder / "figures" / "policy.png", caption)
    sentence = rule_sentence(answer, tables)
    write_told(folder, job, answer, sentence, tables, _certificate(answer), caption)
    build_policy_page(folder)
    for table, _ in tables.values():
        say(f"\n{as_text(table).to_string(index=False)}")
    met = answer.best.conditions.met
    quality = f"first-order conditions to {answer.best.conditions.residual:.0e}, slopes against differences {answer.slope_gap:.0e}"
    say(
        f"\n{quality if met else f'NOT certified: {answer.best.reason}'}; {answer.found.agree} of {answer.found.starts} starts agree"
    )
    say(f"\n{question_of(answer.question.file)}\n{sentence}\n")
    say(f"all tables, a page of them and the certificate: {folder}")
    name = answer.question.name
    say(f"next: cp {folder}/rule.yaml conf/rule/{name}.yaml && python3 run.py rule={name}")
    return 0 if met else EXIT_NOT_SOLVED


def rule_text(job, answer):
    """The best rule as a file of `conf/rule/`."""
    best = dict(zip(answer.question.numbers, map(float, answer.best.trial.point), strict=True))
    body = {
        "name": answer.question.name,
        "description": f"The best coefficients of the question {answer.question.name}.",
        "source": "python3 run.py policy",
        "remembering": job.inputs.economy_name == REMEMBERING,
        "numbers": {**(job.rule.numbers if job.rule else {}), **best},
    }
    return f"# @package rule\n{as_yaml(body)}"


def coefficient_table(answer):
    """A row for each coefficient."""
    question, best, rows = answer.question, answer.best, []
    for k, (row, value) in enumerate(zip(question.file.coefficients, best.trial.point, strict=True)):
        low, high = best.conditions.at_low[k], best.conditions.at_high[k]
        rows.append(
            {
                "coefficient": row.name or row.number,
                "number": row.number,
                CALIBRATED: answer.calibrated.point[k],
                BEST: value,
                "low": row.low,
                "high": row.high,
                "bound": bound_words(value, row, low, high),
                BEYOND: 0.01 * row.scale * max(low, high),
            }
        )
    return pd.DataFrame(rows)


def rules_table(answer):
    """A row for each rule: what its variances add up to, standard deviations and coefficients."""
    every = {BEST: answer.best.trial, **answer.rules}
    return pd.DataFrame([{"rule": name, **_told(answer, trial)} for name, trial in every.items()])


def frontier_table(answer, found):
    """A row for each value of the frontier: standard deviations and coefficients; their sums are not comparable."""
    name = answer.question.file.frontier.number
    return pd.DataFrame(
        [
            {
                name: value,
                **_deviations(answer, spread),
                **_coefficients(answer, best.trial.point),
                "note": best.reason,
            }
            for value, best, spread in found
        ]
    )


def hanging_table(answer, found):
    """A row for each number and value, the answer itself first."""
    rows = [_hanging(answer, CALIBRATED, float("nan"), answer.calibrated, answer.best, "")]
    rows += [_hanging(answer, *given) for given in found]
    return pd.DataFrame(rows)


def _hanging(answer, number, value, calibrated, best, why):
    row = {"number": number, "value": value, "calibrated rule": _loss(calibrated)}
    row |= {"best rule": np.nan if best is None else _loss(best.trial)}
    row |= _coefficients(answer, np.full(len(answer.best.trial.point), np.nan) if best is None else best.trial.point)
    return row | {"note": why if best is None else best.reason}


def draws_table(answer, found):
    """A row for each draw, then means and percentiles."""
    rows = []
    for k, (calibrated, kept, best) in enumerate(found):
        row = {"draw": str(k + 1), "calibrated rule": _loss(calibrated), "rule above": _loss(kept)}
        row |= {"its own best rule": _loss(best.trial), **_coefficients(answer, best.trial.point)}
        rows.append(row | {"note": best.reason})
    table = pd.DataFrame(rows)
    numbers = table.drop(columns=["draw", "note"])
    summary = [
        ("mean", numbers.mean()),
        ("5th percentile", numbers.quantile(0.05)),
        ("95th percentile", numbers.quantile(0.95)),
    ]
    return pd.concat(
        [table, pd.DataFrame([{"draw": name, **row, "note": ""} for name, row in summary])], ignore_index=True
    )


def _loss(trial):
    return float(trial.criteria[0])


def _told(answer, trial):
    spread = answer.deviations(trial) if trial.solved else np.full(len(answer.question.variances), np.nan)
    note = "" if trial.solved else "not exactly one stable path"
    return {LOSS: _loss(trial), **_deviations(answer, spread), **_coefficients(answer, trial.point), "note": note}


def _deviations(answer, spread):
    names = [_spoken(row) for row in answer.question.variances]
    return dict(zip(names, map(float, spread), strict=True))


def _coefficients(answer, point):
    names = [row.name or row.number for row in answer.question.file.coefficients]
    return dict(zip(names, map(float, point), strict=True))


def _spoken(row):
    change = "change of " if row.of == "change" else ""
    return f"{change}{spoken(row.outcome, row.label).lower()} [{UNITS[row.outcome][0]}]"


def _caption(job, answer):
    question = answer.question
    doubt = "" if answer.best.conditions.met else f"NOT CERTIFIED: {answer.best.reason}. "
    parts = " + ".join(f"{row.weight:g} var({_spoken(row)})" for row in question.variances)
    return (
        f"{doubt}Question {question.name}: {question.file.description.strip()} Objective: the least {parts}. "
        "Variances are those of the estimated shocks to first order around the initial steady state, without a lower bound, news and shocks of "
        f"the policy rate itself; {answer.found.agree} of {answer.found.starts} starts of the search end here. {calibration_of(job)}"
    )


def _certificate(answer):
    best, found = answer.best, answer.found
    return {
        "first_order_residual": best.conditions.residual,
        "met": best.conditions.met,
        "reason": best.reason,
        "starts": found.starts,
        "starts_that_agree": found.agree,
        "largest_gap_of_slopes_to_differences": answer.slope_gap,
        "gain": answer.gain,
        "one_stable_path": best.trial.solved,
    }


def _write_figure(table, path, caption):
    """Standard deviations by rule, a panel each."""
    columns = [c for c in table.columns[2:] if c.endswith("]")]
    figure = Figure(figsize=(4.2 * len(columns), 4), layout="constrained")
    for axis, column in zip(np.atleast_1d(figure.subplots(1, len(columns), sharey=True)), columns, strict=True):
        rows = table[::-1]
        axis.barh(rows["rule"], rows[column], color=[LINE if name == BEST else OUTER for name in rows["rule"]])
        axis.set_title(f"Standard deviation, {column}", fontsize=9, loc="left")
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="x", alpha=0.3)
    figure.supxlabel(fill(caption, CAPTION_WIDTH), fontsize=8)
    figure.savefig(path, dpi=120)
