"""Outcomes that a request names: which can be asked for, and their labels."""

from experiments.request.errors import nearest
from model.equilibrium.outcomes.register import UNITS

HIDDEN = ("gini", "poverty", "top_wealth_share")  # with kinks at every quantile: nothing has a derivative there
SMOOTH = tuple(name for name in UNITS if name not in HIDDEN)
OF_A_QUARTER = tuple(name for name in SMOOTH if not name.startswith("welfare"))


def labels_of(outcome):
    """The labels of an outcome's columns, none where it has one."""
    axis = UNITS[outcome][1]
    return axis.labels if axis else ()


def outcome_problems(where, row, allowed, that):
    """Problems of the outcome and the label of a row; `that` says what is expected of the `allowed` outcomes."""
    if row.outcome not in allowed:
        if row.outcome in UNITS:
            why = (
                "jumps at quantiles, so that it has no derivative"
                if row.outcome in HIDDEN
                else "is one number for a whole path"
            )
            yield f"{where}.outcome: got {row.outcome!r}, which {why}; expected an outcome {that}; see list outcome"
            return
        yield f"{where}.outcome: no outcome {row.outcome!r} {that}{nearest(row.outcome, allowed)}; see list outcome"
        return
    labels = labels_of(row.outcome)
    if (row.label or "") not in (labels or ("",)):
        expected = f"one of {', '.join(labels)}" if labels else "none"
        yield f"{where}.label: got {row.label!r}; {row.outcome} expects {expected}"
