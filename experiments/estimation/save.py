"""An estimate as a named calibration that other commands take: its values and its posterior draws."""

import csv

import numpy as np

from calibration.inputs import DRAWS, SETS, set_rows


def save(name, estimation, found, told, draws):
    """Write `calibration/sets/NAME.csv`, with what the estimate left of the set that it began with, and `calibration/draws/NAME.csv` of `draws` `(draws, numbers)`, coordinates, where there are some; the path of the first."""
    values, errors = estimation.values(found.u), np.sqrt(np.diag(told.covariance))
    rows = [
        (e.name, repr(values[e.name]), f"{values[e.name] * e.spread * s:.4g}", "estimated")
        for e, s in zip(estimation.estimated, errors, strict=True)
    ]
    rows += [(a.name, repr(a.prior), "", a.meaning) for a in estimation.assumed]
    told = {name for name, *_ in rows}
    given = {n: value for n, value in estimation.inputs.moved.items() if n not in told}
    rows += [(n, repr(float(value)), "", "given on the command line") for n, value in given.items()]
    kept = [r for r in set_rows(estimation.inputs.name) if r.name not in told | given.keys()]
    rows += [(r.name, repr(r.value), "", r.note) for r in kept]
    write_rows(SETS / f"{name}.csv", ("name", "value", "standard_error", "note"), rows)
    if draws is not None:
        lines = [(k, *(f"{v:.6g}" for v in estimation.values(u).values())) for k, u in enumerate(draws)]
        write_rows(DRAWS / f"{name}.csv", ("draw", *estimation.names), lines)
    return SETS / f"{name}.csv"


def write_rows(path, header, rows):
    """Write a CSV whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle, lineterminator="\n").writerows([header, *rows])
    partial.replace(path)
