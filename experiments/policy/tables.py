"""Tables of a best policy: its values, its gains, and what is broken when the planner may think again."""

import numpy as np
import pandas as pd

from model.equilibrium.outcomes.register import UNITS, spoken

PASSES = "it passes a limit by"  # column of tables of draws
ROUNDING, NOTHING = 1e-6, 1e-10  # of gains
BEYOND = "gain beyond it"  # of a hundredth of its usual size
WHOSE = {
    "by_head": "everybody",
    "equal": "the nine groups alike",
    "low_skilled": "the low-skilled",
    "young": "the young",
}


def goal_words(question):
    """The objective in a sentence, with its unit."""
    goal = question.file.objective
    if goal.welfare is not None:
        given = goal.welfare.weights
        whose = WHOSE[given] if isinstance(given, str) else "groups as weighted"
        return (
            f"welfare of {whose} in % of spending for life, inequality aversion {goal.welfare.inequality_aversion:g} "
            "(1: a per cent of anybody's spending counts the same)"
        )
    if goal.loss is not None:
        parts = (
            f"{row.weight:g} ({spoken(row.outcome, row.label).lower()} less {row.target if row.target == 'baseline' else f'{row.target:g}'})^2 "
            f"from {row.first} to {row.last}, each quarter {row.discount:g} of the one before"
            for row in goal.loss
        )
        return f"the least of the sum over quarters of {' + '.join(parts)}{_with_costs(question)}"
    row, which = (goal.most, "most") if goal.most is not None else (goal.least, "least")
    return f"the {which} {spoken(row.outcome, row.label).lower()} [{UNITS[row.outcome][0]}], mean of {row.first} to {row.last}"


def _with_costs(question):
    """What changes of controls cost from step to step."""
    costs = (
        f" + {c.change_cost:g} (change of {c.name} from step to step)^2" for c in question.controls if c.change_cost
    )
    return "".join(costs)


def control_table(answer):
    """Best value of each control and step, with its bounds and the slope of what it gains to go beyond them."""
    plan, best = answer.plan, answer.best
    label, rows = plan.baseline.economy.units.quarter_label, []
    for k, (control, first, last) in enumerate(plan.controls.steps):
        low, high = best.conditions.at_low[k], best.conditions.at_high[k]
        rows.append(
            {
                "control": control.name,
                "instruments": " ".join(control.instruments),
                "from": label(first),
                "to": "for ever" if last is None else label(last),
                "value": best.trial.point[k],
                "unit": _unit(plan, control),
                "low": control.low,
                "high": control.high,
                "bound": bound_words(best.trial.point[k], control, low, high),
                BEYOND: 0.01 * control.scale * max(low, high),
            }
        )
    return pd.DataFrame(rows)


def _unit(plan, control):
    """How the first of its instruments is counted."""
    instruments = plan.baseline.economy.instruments
    return instruments.entries[instruments.index(control.instruments[0])].metadata["unit"].strip("[]")


def limit_table(answer):
    """Each limit, by how much it is kept, and what relaxing it by one unit of its outcome gains, over all its quarters."""
    rows, k = [], 0
    for row, limit in zip(answer.question.file.limits, answer.plan.judged.limits, strict=True):
        own = slice(k, k := k + limit.count)
        over = " over the baseline's" if row.over else ""
        side, end = ("at most", row.at_most) if row.at_most is not None else ("at least", row.at_least)
        rows.append(
            {
                "limit": f"{spoken(row.outcome, row.label)}{', on average,' if row.mean else ''} {side} {end:g}{over}",
                "unit": UNITS[row.outcome][0],
                "from": row.first,
                "to": row.last,
                "room left": max(0.0, -answer.best.trial.criteria[1:][own].max()),
                f"gain of relaxing it by one [{goal_unit(answer.question)}]": answer.best.conditions.multipliers[
                    own
                ].sum(),
            }
        )
    return pd.DataFrame(rows)


def goal_unit(question):
    """The unit of gains."""
    goal = question.file.objective
    if goal.welfare is not None:
        return "% of spending for life"
    if goal.loss is not None:
        return "loss, squared points"
    row = goal.most if goal.most is not None else goal.least
    return UNITS[row.outcome][0]


def bound_words(value, control, at_low, at_high):
    """Where a value is between its `low` and `high`, given what each bound costs."""
    if at_low > 0:
        return "at its lowest"
    if at_high > 0:
        return "at its highest"
    return (
        "at its lowest, for nothing"
        if value == control.low
        else ""
        if value != control.high
        else "at its highest, for nothing"
    )


def gain_table(answer):
    """What the best policy gains over none, what each control gains that has all to itself, and other scenarios."""
    rows = [{"policy": "the best of all", "gain": answer.gain, "size": 1.0, "note": ""}]
    rows += [
        {"policy": f"all for {c.name}", "gain": c.gain, "size": c.times * _scale(answer, c.name), "note": c.reason}
        for c in answer.alone
    ]
    rows += [{"policy": c.name, "gain": c.gain, "size": c.times, "note": c.reason} for c in answer.others]
    for row in rows:
        row["unit"] = goal_unit(answer.question)
        row["share of the best gain, %"] = 100 * row["gain"] / answer.gain if answer.gain > NOTHING else np.nan
    alone, others = rows[1 : 1 + len(answer.alone)], rows[1 + len(answer.alone) :]
    if any(_beats(row, answer) for row in alone):
        rows[0]["note"] = "another policy gains more: the search missed it"
    for row in others:
        if _beats(row, answer):
            row["note"] = "gains more: it sets what the controls cannot, other quarters or instruments"
    return pd.DataFrame(rows)


def _beats(row, answer):
    return row["gain"] > answer.gain + max(ROUNDING * abs(answer.gain), NOTHING)


def _scale(answer, name):
    return next(c.scale for c in answer.plan.controls.each if c.name == name)


def again_table(answer, told):
    """Values of each step as planned first and by a planner who may think again in later quarters."""
    plan = answer.plan
    label, rows = plan.baseline.economy.units.quarter_label, []
    doubts = "; ".join(f"in {label(quarter)} {doubt}" for quarter, _, doubt in told if doubt)
    for k, (control, first, last) in enumerate(plan.controls.steps):
        row = {
            "control": control.name,
            "from": label(first),
            "to": "for ever" if last is None else label(last),
            f"planned in {label(plan.announced)}": answer.best.trial.point[k],
        }
        for quarter, values, _ in told:
            still = last is None or last >= quarter
            row[f"in {label(quarter)}"] = values[k] if still else np.nan
        rows.append(row | {"note": doubts})
    return pd.DataFrame(rows)


def by_control(plan, values):
    """`{control: value}`, or by step where a control has several."""
    label, found = plan.baseline.economy.units.quarter_label, {}
    for (control, first, _), value in zip(plan.controls.steps, values, strict=True):
        found[control.name if len(control.steps) == 1 else f"{control.name} {label(first)}"] = value
    return found
