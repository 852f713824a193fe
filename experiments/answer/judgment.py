"""The log of judgment: every target of a run, what moves to hit it, and every change of an instrument that is a shock too."""

import numpy as np
import pandas as pd

from calibration.shocks.stored import usual
from calibration.shocks.tables import shocks
from model.core.units import quarter_label
from model.equilibrium.outcomes.register import RENAMED, UNITS
from model.transition.calendar import instruments_from

LARGE = 3.0  # standard deviations
COLUMNS = "scenario what name label quarter asked without got size standard_deviations persistence".split()
TEXTS = COLUMNS[:5]
SHOWN_QUARTERS, SHOWN_SIZES = 40, 4  # of a change; of what is too large


def judged(found, economy):
    """What a certificate says of targets: each gap, and what moved in its unit and in its own standard deviations."""
    units, instruments = economy.units, economy.instruments
    pins = [
        {
            "outcome": RENAMED.get(pin.target.outcome, pin.target.outcome),
            "label": _label(pin.target),
            "quarter": units.quarter_label(pin.quarter),
            "asked": pin.asked,
            "got": pin.got,
            "without": pin.without,
        }
        for pin in found.pins
    ]
    moved = [
        {
            "name": judgment.mover.name,
            "quarter": units.quarter_label(judgment.quarter),
            "size": judgment.size,
            "unit": instruments.entries[instruments.index(judgment.mover.instruments[0])].unit.strip("[]"),
            "standard_deviations": judgment.share,
            "persistence": judgment.mover.persistence,
        }
        for judgment in found.judgments
    ]
    return {"largest_target_gap": found.largest_gap, "targets": pins, "judgment": moved}


def large(found, units):
    """Sentences on movers that take more than three of their standard deviations."""
    for mover in dict.fromkeys(j.mover for j in found.judgments):
        sizes = {units.quarter_label(j.quarter): abs(j.share) for j in found.judgments if j.mover == mover and j.share}
        if too_large := [f"{quarter} ({size:.1f})" for quarter, size in sizes.items() if size > LARGE]:
            yield f"{mover.name} takes more than three standard deviations to hit the targets in {', '.join(too_large[:SHOWN_SIZES])}"


def large_changes(baseline, solution):
    """Sentences on shocks of one instrument of which a solution has more than three standard deviations over its baseline."""
    economy, first = baseline.economy, solution.first_quarter
    before = instruments_from(baseline.solution.exogenous, first)
    judgments = solution.found.judgments if solution.found is not None else ()  # `large` speaks of these
    told = {symbol for judgment in judgments for symbol in judgment.mover.instruments}
    for shock in shocks():
        symbol = shock.instruments[0]
        if len(shock.instruments) > 1 or symbol in told or symbol not in economy.instruments.symbols:
            continue
        column = economy.instruments.index(symbol)
        persistence, deviation = usual(shock.name)
        shares = _fresh((solution.exogenous - before)[1:, column], persistence) / deviation
        quarters = [
            f"{economy.units.quarter_label(first + k)} ({abs(shares[k]):.1f})"
            for k in np.flatnonzero(np.abs(shares) > LARGE)
        ]
        if quarters:
            yield f"{shock.name} is changed by more than three standard deviations of the data in {', '.join(quarters[:SHOWN_SIZES])}"


def moved_most(certificate):
    """What moves to hit the targets, each at its largest, in words; empty where nothing does."""
    found = {}
    for row in certificate.get("judgment", ()):
        share = row["standard_deviations"]
        size, unit = (row["size"], row["unit"]) if share is None else (share, "standard deviations")
        if size and abs(size) > abs(found.get(row["name"], (0.0,))[0]):
            found[row["name"]] = size, unit, row["quarter"], row["persistence"]
    return "; ".join(
        f"{name} by up to {size:+.2g} ({unit}, {quarter}; "
        + (f"{left:.2g} of it is left a quarter later)" if left else "found anew for each quarter)")
        for name, (size, unit, quarter, left) in found.items()
    )


def judgment_table(results, job):
    """Table of `COLUMNS`, a row each thing: targets, what moved, and changes of instruments that are shocks."""
    rows = []
    for solved in results.solved:
        if not solved.certified:
            continue
        for pin in solved.certificate.get("targets", ()):
            rows.append({"scenario": solved.name, "what": "target", "name": pin["outcome"], **pin})
        for moved in solved.certificate.get("judgment", ()):
            rows.append({"scenario": solved.name, "what": "moved", **moved})
    for scenario in job.scenarios:
        rows += [{"scenario": scenario.name, "what": "change", **row} for c in scenario.changes for row in _change(c)]
    told = [[row.get(column, "" if column in TEXTS else np.nan) for column in COLUMNS] for row in rows]
    return pd.DataFrame(told, columns=COLUMNS).astype({c: float for c in COLUMNS if c not in TEXTS})


def _change(change):
    """Rows of a change by addition of an instrument that a shock moves alone."""
    shock = next((s for s in shocks() if s.instruments == (change.instrument,)), None)
    if shock is None or change.operation != "add":
        return
    persistence, deviation = usual(shock.name)
    count = SHOWN_QUARTERS if change.last is None else min(SHOWN_QUARTERS, change.last - change.first + 1)
    values = np.array([*change.values, *[change.values[-1]] * SHOWN_QUARTERS])[:count]
    for k, (value, new) in enumerate(zip(values, _fresh(values, persistence), strict=True)):
        quarter = quarter_label(change.first + k)
        yield {
            "name": change.instrument,
            "quarter": quarter,
            "size": value,
            "standard_deviations": new / deviation,
            "persistence": persistence,
        }


def _fresh(values, persistence):
    """What happens in each quarter anew where what is left of the past fades at `persistence`."""
    return values - persistence * np.concatenate([[0.0], values[:-1]])


def _label(target):
    axis = UNITS[target.outcome][1]
    return "" if target.column is None else axis.labels[target.column]
