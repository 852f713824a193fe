"""Valuation jumps: what the news itself does to prices, apart from what happens afterwards."""

import pandas as pd

from experiments.answer.tables.counterfactual import why_not
from model.core.axes import TREND_ASSET

COLUMNS = ("scenario", "quarter", "against", *TREND_ASSET.labels)


def jump_table(results):
    """DataFrame with a row a scenario and piece of news, what the jump is measured against, and a column an asset, in %."""
    return pd.DataFrame([row for solved in results.solved for row in _rows(solved)], columns=COLUMNS)


def _rows(solved):
    if not solved.certified:
        return [
            {"scenario": solved.name, "quarter": "", "against": ""} | dict.fromkeys(TREND_ASSET.labels, why_not(solved))
        ]
    return [{"scenario": solved.name, **jump} for jump in solved.certificate["valuation_jumps"]]
