"""Valuation jumps: what the news itself does to prices, apart from what happens afterwards."""

import pandas as pd

from experiments.answer.tables.counterfactual import why_not
from model.core.axes import TREND_ASSET
from model.transition.solutions import BASELINE

LABELS = TREND_ASSET.labels


def jump_table(results):
    """DataFrame with a row a scenario, what its jump is measured against, and a column an asset, in %."""
    return pd.DataFrame([_row(solved) for solved in results.solved])


def _row(solved):
    against = BASELINE
    if solved.name == BASELINE:
        against = "what was expected before the last news" if solved.history else "initial steady state"
    jumps = {
        label: solved.certificate["valuation_jump"][label] if solved.certified else why_not(solved) for label in LABELS
    }
    return {"scenario": solved.name, "against": against} | jumps
