"""Response surfaces: one outcome over two axes of a study's grid."""

import numpy as np
import pandas as pd

REFUSED = "not solved"


def surfaces(study, points, outcomes):
    """`(file name, table, map)` of every map: a row a value of y, a column a value of x, differences from the baseline."""
    for shown in study.file.maps:
        kind, surface = surface_of(study, points, outcomes, shown)
        label = f"[{shown.label}]" if shown.label else ""
        table = surface.astype(object).where(surface.notna(), REFUSED)
        table.insert(0, f"{shown.y} \\ {shown.x}", [f"{v:.4g}" for v in surface.index])
        table.columns = [str(c) if isinstance(c, str) else f"{c:.4g}" for c in table.columns]
        table.insert(0, "outcome", f"{shown.outcome}{label} after {shown.quarters} quarters, {kind} from baseline")
        yield f"surface_{shown.outcome}_{shown.label or 'all'}_{shown.quarters}_{shown.y}_{shown.x}", table, shown


def surface_of(study, points, outcomes, shown):
    """Unit and DataFrame of a map's differences, NaN where a point is refused."""
    at = points
    for axis in study.axes:
        if axis.name not in (shown.x, shown.y):
            wanted = shown.at.get(axis.name, axis.values[len(axis.values) // 2])
            at = at[at[axis.name] == axis.values[np.argmin(np.abs(axis.values - wanted))]]
    chosen = outcomes[
        (outcomes.variable == shown.outcome) & (outcomes.label == shown.label) & (outcomes.quarters == shown.quarters)
    ]
    kind = chosen.difference_in.iloc[0] if len(chosen) else ""
    merged = at.merge(chosen, on="point", how="left")
    return kind, pd.pivot_table(merged, index=shown.y, columns=shown.x, values="difference", dropna=False)
