"""Sobol indices of a study's outcomes: what share of their variance each axis explains."""

import numpy as np
import pandas as pd
from scipy.stats import sobol_indices

CONFIDENCE = 0.95
RESAMPLES = 400
QUARTERS = (4, 20, 40)


def sobol_table(study, points, outcomes):
    """First-order and total indices with bootstrap intervals, a row an outcome and axis (Saltelli, 2010).

    A sample of which any of its `axes + 2` points is refused is left out whole; the column `samples` says how many count.
    """
    rows = []
    chosen = outcomes[outcomes.quarters.isin(QUARTERS)]
    for (variable, label, quarters), group in chosen.groupby(["variable", "label", "quarters"], sort=False):
        values = np.full(len(study), np.nan)
        values[group.point] = group.value
        rows += _indices(
            study, values, {"outcome": f"{variable}[{label}]" if label else variable, "quarters": quarters}
        )
    return pd.DataFrame(rows)


def _indices(study, values, head):
    d, n = len(study.axes), study.file.samples
    blocks = values.reshape(d + 2, n)
    whole = np.isfinite(blocks).all(0)
    a, b, mixed = blocks[0, whole], blocks[1, whole], blocks[2:, whole]
    if whole.sum() < 2 or np.ptp(a) == 0:
        return
    found = sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": mixed[:, None]}, n=int(whole.sum()))
    bands = found.bootstrap(confidence_level=CONFIDENCE, n_resamples=RESAMPLES)
    for j, axis in enumerate(study.axes):
        row = {
            **head,
            "axis": axis.name,
            "samples": int(whole.sum()),
            "mean": float(a.mean()),
            "deviation": float(a.std()),
        }
        for name in ("first_order", "total_order"):
            interval = getattr(bands, name).confidence_interval
            row[name] = float(np.ravel(getattr(found, name))[j])
            row[f"{name}_low"], row[f"{name}_high"] = (
                float(np.ravel(interval.low)[j]),
                float(np.ravel(interval.high)[j]),
            )
        yield row
