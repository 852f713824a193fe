"""Valuation jumps: what the news itself does to prices, apart from what happens afterwards."""

import pandas as pd

from experiments.tables.counterfactual import why_not
from model.core.axes import TREND_ASSET

LABELS = TREND_ASSET.labels


def jump_table(results):
    """DataFrame with a row a scenario and a column an asset, in %; the baseline jumps from the initial steady state."""
    rows = [
        {"scenario": s.name, **{k: s.certificate["valuation_jump"][k] if s.certified else why_not(s) for k in LABELS}}
        for s in results.solved
    ]
    return pd.DataFrame(rows)
