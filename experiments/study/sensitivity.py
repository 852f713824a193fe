"""Sobol indices of a study's outcomes: what share of their variance each axis explains."""

import numpy as np
import pandas as pd

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
    blocks = values.reshape(len(study.axes) + 2, study.file.samples)
    whole = blocks[:, np.isfinite(blocks).all(0)]
    count = whole.shape[1]
    if count < 2 or np.ptp(whole[:2]) == 0:
        return
    draws = np.random.default_rng(study.file.seed).integers(count, size=(RESAMPLES, count))
    found, resampled = saltelli_indices(whole), saltelli_indices(whole[:, draws])
    low, high = (np.nanquantile(resampled, q, axis=2) for q in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    for j, axis in enumerate(study.axes):
        row = {**head, "axis": axis.name, "samples": count, "mean": whole[0].mean(), "deviation": whole[0].std()}
        for i, name in enumerate(("first_order", "total_order")):
            row |= {name: found[i, j], f"{name}_low": low[i, j], f"{name}_high": high[i, j]}
        yield row


def saltelli_indices(blocks):
    """First-order and total indices `(2, axes, ...)` of values `(axes + 2, ..., samples)` at A, B and A with columns of B.

    Estimators of Saltelli et al. (2010, table 2, b) and Jansen (1999). The error of the first grows with the mean, which is taken off.
    """
    a, b, mixed = blocks[0], blocks[1], blocks[2:]
    both = np.concatenate([a, b], -1)
    variance, mean = both.var(-1), both.mean(-1, keepdims=True)
    return np.stack([((b - mean) * (mixed - a)).mean(-1), ((a - mixed) ** 2).mean(-1) / 2]) / variance
