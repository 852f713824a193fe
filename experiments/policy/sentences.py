"""The answer to a question of policy in a sentence or two: what is best, what it gains, what beside it comes next, what it hangs on."""

import numpy as np

from experiments.answer.tables.writing import two_digits
from experiments.policy.tables import PASSES
from model.core.units import QUARTERS_A_YEAR
from model.equilibrium.outcomes.register import spoken

RESPONSE, INERTIA = "central_bank.inflation_response", "central_bank.rate_smoothing"
SLACK = "central_bank.unemployment_response"  # of the quarterly rate
SET = 1e-3  # of a usual size, from which on a control is set
OBJECTIVE = "objective."  # prefix of the numbers of a question that are judgements
BUDGET = "programme_outlays"
NOTHING = "Best is to do nothing."
BAND = (5, 95)
PASSED = 1e-3  # of the unit of a limit, from which on it counts as passed
APART = 1e-3  # of the best gain, from which on another policy is another


def policy_sentence(answer, tables, doubt):
    """Of controls, from the tables `policy`, `gains` and, where they are there, `draws`, `frontier` and `hangs_on`.

    `doubt` says why it is not certified.
    """
    gains = tables["gains"][0]
    best = _best(answer, tables)
    worth = "" if best == NOTHING else f" {_worth(answer, gains)}{_next_best(gains)}."
    return f"{_doubt(doubt)}{best}{worth}{_over_draws(tables)}{_judged_otherwise(answer, tables)}{_hangs_on(answer, tables)}"


def _doubt(reason):
    return f"Not certified: {reason}. " if reason else ""


def _best(answer, tables):
    controls, table = answer.plan.controls, tables["policy"][0]
    moved = table[np.abs(table["value"]) > SET * controls.scale]
    names = list(dict.fromkeys(moved["control"]))
    if not names:
        return NOTHING
    if len(controls) > len(controls.each):
        return f"Best: {', '.join(_course(name, moved) for name in names)}."
    if _spends_a_budget(answer):
        return f"Best: {'all of it for' if len(names) == 1 else 'a mix of'} {_listed(names)}."
    return f"Best: {_listed([f'{row.control} at {_digits(row.value)} ({row.unit})' for row in moved.itertuples()])}."


def _spends_a_budget(answer):
    """Does a limit on outlays bind?"""
    rows, limits, k = answer.question.file.limits, answer.plan.judged.limits, 0
    for row, limit in zip(rows, limits, strict=True):
        own = slice(k, k := k + limit.count)
        if row.outcome == BUDGET and answer.best.conditions.multipliers[own].any():
            return True
    return False


def _course(name, moved):
    rows = moved[moved["control"] == name]
    low, high = _digits(rows["value"].min()), _digits(rows["value"].max())
    return (
        f"{name} between {low} and {high} ({rows['unit'].iloc[0]}) from {rows['from'].iloc[0]} to {rows['to'].iloc[-1]}"
    )


def _worth(answer, gains):
    goal, unit = answer.question.file.objective, gains["unit"].iloc[0]
    if goal.loss is not None:
        before, after = answer.nothing.criteria[0], answer.best.trial.criteria[0]
        return f"The loss falls from {_digits(before)} to {_digits(after)}"
    if (row := goal.most or goal.least) is not None:
        side = "higher" if (goal.most is not None) == (answer.gain >= 0) else "lower"
        words = spoken(row.outcome, row.label)
        cost = (
            ", what changes cost taken off,"
            if any(control.change_cost for control in answer.plan.controls.each)
            else ""
        )
        return f"{words} is {_digits(abs(answer.gain))} {side} ({unit}){cost} than without a policy"
    return f"It gains {_digits(answer.gain)} {unit} over no policy"


def _next_best(gains):
    """The best of those that are another policy and gain anything, or where limits cost something, cost the least."""
    gain = gains["gain"].iloc[0]
    others = gains[(gains["gain"] < gain - APART * abs(gain)) & ((gains["gain"] > 0) | (gain < 0))]
    if others.empty:
        return ""
    most = others["gain"].max()
    best = others[others["gain"] >= most - APART * abs(most)].iloc[0]  # controls come before scenarios
    return f"; the next best of those compared, {best['policy'].replace('_', ' ')}, gives {_digits(best['gain'])}"


def _over_draws(tables):
    """The band of the gain over draws of the estimated numbers, those that are certified."""
    if "draws" not in tables:
        return ""
    table = tables["draws"][0]
    table = table[table["draw"].str.isdigit() & (table["note"] == "")]
    if table.empty:
        return " No draw of the estimated numbers is certified."
    told = f" In nine of ten of {len(table)} draws of the estimated numbers it gains {_band(table['policy above'])}"
    passing = (table[PASSES] > PASSED).sum() if PASSES in table else 0
    if passing:
        told += f", but passes a limit in {passing}; the best that keeps them in each gains {_band(table['own best'])}"
    return f"{told}."


def _band(gains):
    low, high = np.percentile(gains, BAND)
    return f"{_digits(low)} to {_digits(high)}{_without_sign(low, high)}"


def _without_sign(low, high):
    return ": not even its sign is known" if low < 0 < high else ""


def _judged_otherwise(answer, tables):
    """The range of the gain where the frontier is one of judgements, not of limits."""
    frontier = answer.question.file.frontier
    if frontier is None or not frontier.number.startswith(OBJECTIVE):
        return ""
    gains, judgement = tables["frontier"][0]["gain"], frontier.number.rpartition(".")[2].replace("_", " ")
    low, high = min(frontier.values), max(frontier.values)
    return f" With {judgement} from {low:g} to {high:g} the best policy gains {_digits(gains.min())} to {_digits(gains.max())}, each by its own measure."


def _hangs_on(answer, tables):
    """The range over other numbers of the economy: of the one value that is set, or of the gain."""
    if "hangs_on" not in tables:
        return ""
    controls = answer.plan.controls
    alone = len(controls) == 1
    column, what = (controls.each[0].name, "it is best at") if alone else ("gain", "it gains")
    return _elsewhere(answer.question.file.hangs_on, tables["hangs_on"][0], column, what)


def _elsewhere(varied, table, column, what):
    """The range of a column in other economies, those whose search came to its end."""
    where = f" With {' or '.join(f'{row.name or row.number} {_span(row.values)}' for row in varied)}"
    rows = table.iloc[1:]  # the first is the answer itself
    found = rows.loc[rows["note"] == "", column].dropna()
    if found.empty:
        return f"{where} it is not solved."
    low, high = _digits(found.min()), _digits(found.max())
    told = f"{low} all the same" if low == high else f"{low} to {high}{_without_sign(found.min(), found.max())}"
    return f"{where} {what} {told}."


def _span(values):
    low, high = min(values), max(values)
    return f"at {low:g}" if low == high else f"from {low:g} to {high:g}"


def rule_sentence(answer, tables):
    """Of coefficients, from the tables `policy` and `gains`."""
    rows = tables["policy"][0].itertuples()
    values = [
        f"{row.coefficient} {_digits(row.best)}{f' ({row.bound})' if 'highest' in row.bound or 'lowest' in row.bound else ''}"
        for row in rows
    ]
    gains = tables["gains"][0]
    best, calibrated = gains.iloc[0], gains.iloc[1]
    spreads = [
        f"{_digits(best[column])} instead of {_digits(calibrated[column])} for {column.partition(' [')[0]}"
        for column in gains
        if column.endswith("]")
    ]
    told = f"{_doubt('' if answer.best.conditions.met else answer.best.reason)}Best: {_listed(values)}{_first_move(tables)}. Standard deviations become {_listed(spreads)}."
    return f"{told}{_others_better(gains)}{_first_elsewhere(answer, tables)}"


def _first_elsewhere(answer, tables):
    """The range of the first coefficient in other economies."""
    if "hangs_on" not in tables:
        return ""
    first = tables["policy"][0]["coefficient"].iloc[0]
    return _elsewhere(answer.question.file.hangs_on, tables["hangs_on"][0], first, f"{first} is best at")


def _first_move(tables):
    """What the two coefficients together make the rate do at once: the rule's response is spread by its inertia."""
    best = tables["policy"][0].set_index("number")["best"]
    if not {RESPONSE, INERTIA} <= set(best.index):
        return ""
    new = 1 - best[INERTIA]
    told = f"; the annual rate moves by {_digits(best[RESPONSE] * new)} points in the first quarter for a point of inflation"
    if SLACK in best.index:
        told += f" and by {_digits(QUARTERS_A_YEAR * best[SLACK] * new)} for one of unemployment"
    return told


def _others_better(gains):
    """Rules of others under which something moves less than under the best."""
    best, sentences = gains.iloc[0], []
    for _, other in gains.iloc[2:].iterrows():
        calmer = [c for c in gains if c.endswith("]") and other[c] < best[c]]
        if calmer:
            listed = [f"{_digits(other[c])} for {c.partition(' [')[0]}" for c in gains if c.endswith("]")]
            sentences.append(f" The rule {other['rule']} has {_listed(listed)}.")
    return "".join(sentences)


def _digits(value):
    return two_digits(value) if abs(value) >= 0.1 else f"{value:.2g}"


def _listed(words):
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
