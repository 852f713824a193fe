"""Response surfaces: one outcome over two axes of a study's grid."""

import numpy as np
import pandas as pd

from model.equilibrium.outcomes.register import RENAMED

REFUSED = "not solved"


def surfaces(study, points, outcomes):
    """`(file name, table, map)` of every map: a row a value of y, a column a value of x, differences from the baseline."""
    for shown in study.file.maps:
        kind, surface = surface_of(study, points, outcomes, shown)
        table = surface.astype(object).where(surface.notna(), REFUSED)
        table.insert(0, f"{shown.y} \\ {shown.x}", [f"{v:.4g}" for v in surface.index])
        table.columns = [str(c) if isinstance(c, str) else f"{c:.4g}" for c in table.columns]
        table.insert(0, "outcome", f"{title(study, shown)} [{kind}]")
        yield map_name(shown), table, shown


def map_name(shown):
    """The name of a map's files; values that it holds other axes at are a part of it."""
    held = "".join(f"_{axis}_{value:g}" for axis, value in sorted(shown.at.items()))
    return f"surface_{shown.outcome}_{shown.label or 'all'}_{shown.quarters}_{shown.y}_{shown.x}{held}"


def held(study, shown):
    """Values of the axes that a map does not show."""
    values = {}
    for axis in study.axes:
        if axis.name not in (shown.x, shown.y):
            wanted = shown.at.get(axis.name, axis.values[len(axis.values) // 2])
            values[axis.name] = axis.values[np.argmin(np.abs(axis.values - wanted))]
    return values


def title(study, shown):
    """What a map shows, and where the other axes stand."""
    label = f"[{shown.label}]" if shown.label else ""
    others = "".join(f", {name} = {value:.4g}" for name, value in held(study, shown).items())
    return f"{shown.outcome}{label} after {shown.quarters} quarters, difference from baseline{others}"


def surface_of(study, points, outcomes, shown):
    """Unit and DataFrame of a map's differences, NaN where a point is refused."""
    at = points
    for name, value in held(study, shown).items():
        at = at[at[name] == value]
    chosen = outcomes[
        (outcomes.variable == RENAMED.get(shown.outcome, shown.outcome))
        & (outcomes.label == shown.label)
        & (outcomes.quarters == shown.quarters)
    ]
    kind = chosen.difference_in.iloc[0] if len(chosen) else "no point solved"
    merged = at.merge(chosen.astype({"difference": float}), on="point", how="left")
    return kind, pd.pivot_table(merged, index=shown.y, columns=shown.x, values="difference", dropna=False)
