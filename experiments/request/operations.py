"""Balance-sheet operations written in dollars and dates, as changes of the economy's instruments."""

import math
from itertools import pairwise

import numpy as np

from calibration.numbers.balance_sheet import balance_sheet
from experiments.request.errors import InputError, nearest
from model.core.units import quarter_label
from model.transition.scenarios.public_balance_sheet import OPERATIONS, mapped, rate_innovations
from model.transition.scenarios.scenario import Change

POLICY_RATE = "policy_rate"
AMOUNT, PACE, SHARE, RATE = "tn USD", "bn USD a month", "pp of public debt", "bp a year"
UNITS = dict.fromkeys(OPERATIONS, (AMOUNT, PACE, SHARE)) | {POLICY_RATE: (RATE,)}
SETTLEMENTS = ("reserves", "reverse_repo")
HOLDINGS = (
    "bills_public",
    "coupons_public",
    "treasury_account",
    "fed_bills",
    "fed_coupons",
    "reserves",
    "reverse_repo",
)


def changes_of(rows, quarter, rate_smoothing, where):
    """Changes of `varpi`, `dspr` and `epsi` that operations bring about; all of them act on one balance sheet.

    `rows` are `schema.OperationRow`, `quarter(label)` reads a date, `rate_smoothing` is that of the policy rule. Raises
    InputError with every problem.
    """
    problems = [p for i, row in enumerate(rows) for p in _problems(row, quarter, f"{where}.operations.{i}")]
    if problems:
        raise InputError(problems)
    moves = [row for row in rows if row.operation != POLICY_RATE]
    changes = _balance_sheet_changes(moves, quarter, where) if moves else []
    rates = [row for row in rows if row.operation == POLICY_RATE]
    return (*changes, *(_rate_change(row, quarter, rate_smoothing) for row in rates))


def _problems(row, quarter, where):
    if row.operation not in UNITS:
        yield f"{where}.operation: got {row.operation!r}{nearest(row.operation, UNITS)}; expected one of {', '.join(UNITS)}"
        return
    if row.unit not in UNITS[row.operation]:
        yield f"{where}.unit: got {row.unit!r}; expected one of {', '.join(UNITS[row.operation])}"
    if not all(isinstance(a, int | float) and not isinstance(a, bool) and math.isfinite(a) for a in _amounts(row)):
        yield f"{where}.amount: got {row.amount!r}; expected a finite number or a list of them, one a quarter"
    if row.settled is not None and (row.operation != "quantitative_easing" or row.settled not in SETTLEMENTS):
        yield f"{where}.settled: got {row.settled!r}; expected one of {', '.join(SETTLEMENTS)}, with quantitative_easing"
    if row.last is None and (row.unit in (PACE, RATE) or len(_amounts(row)) > 1):
        yield f"{where}.to: Field required for a pace, a rate or a list of amounts"
    if row.held_to is not None and row.operation == POLICY_RATE:
        yield f"{where}.held_to: got {row.held_to}; expected none with {POLICY_RATE}, which ends with `to`"
    if row.held_to is not None and row.last is None:
        yield f"{where}.held_to: got {row.held_to}; expected it together with `to`"
    dates = {"from": row.first, "to": row.last, "held_to": row.held_to}
    for name, label in dates.items():
        try:
            dates[name] = None if label is None else quarter(label)
        except ValueError as error:
            yield f"{where}.{name}: {error}"
            return
    ordered = [(name, t) for name, t in dates.items() if t is not None]
    for (earlier, before), (later, after) in pairwise(ordered):
        if after < before:
            yield f"{where}: {later} is {quarter_label(after)}, before {earlier}, {quarter_label(before)}"
            return
    if dates["from"] < 0:
        yield f"{where}.from: got {row.first}; expected {quarter_label(0)} or later"
    if dates["to"] is not None and len(_amounts(row)) not in (1, dates["to"] - dates["from"] + 1):
        yield f"{where}.amount: got {len(_amounts(row))} numbers; expected 1 or {dates['to'] - dates['from'] + 1}, one a quarter"


def _amounts(row):
    return row.amount if isinstance(row.amount, list) else [row.amount]


def _balance_sheet_changes(rows, quarter, where):
    before = balance_sheet()
    ends = [row.held_to or row.last for row in rows]
    for_ever = None in ends
    first = min(quarter(row.first) for row in rows)
    last = max(quarter(label) for row in rows for label in (row.first, row.last, row.held_to) if label is not None)
    if for_ever:
        last += 1  # by then only what stays is left
    effects = []
    for t in range(first, last + 1):
        after = before
        for row in rows:
            settled = {"settled": row.settled} if row.settled else {}
            after = OPERATIONS[row.operation](after, _trillions(row, t, quarter, before), **settled)
        negative = [name for name in HOLDINGS if getattr(after, name) < 0]
        if negative:
            raise InputError(
                f"{where}.operations: {negative[0]} would be {getattr(after, negative[0]):.3g} tn USD in {quarter_label(t)}; "
                f"it is {getattr(before, negative[0]):.3g} at the start; take a smaller amount"
            )
        effects.append(mapped(before, after))
    end = None if for_ever else last
    columns = zip(("varpi", "dspr"), np.array(effects).T, strict=True)
    return [Change(symbol, "add", tuple(map(float, values)), first, end) for symbol, values in columns if values.any()]


def _trillions(row, t, quarter, sheet):
    """The amount of an operation that stands on the balance sheet in quarter t."""
    first, last = quarter(row.first), None if row.last is None else quarter(row.last)
    end = last if row.held_to is None else quarter(row.held_to)
    if t < first or (end is not None and t > end):
        return 0.0
    amounts = _amounts(row)
    inside = t if last is None else min(t, last)
    amount = amounts[0] if len(amounts) == 1 else amounts[inside - first]
    if row.unit == PACE:
        paid = amounts * (inside - first + 1) if len(amounts) == 1 else amounts[: inside - first + 1]
        return 3 * sum(paid) / 1000
    return amount * sheet.public_debt / 100 if row.unit == SHARE else amount


def _rate_change(row, quarter, rate_smoothing):
    first, last = quarter(row.first), quarter(row.last)
    length, amounts = last - first + 1, _amounts(row)
    shocks = rate_innovations(np.array(amounts * length if len(amounts) == 1 else amounts) / 1e4, rate_smoothing)
    return Change("epsi", "add", tuple(map(float, shocks)), first, last + 1)
