"""Impulse responses as a table: outcome, quarter, linear and nonlinear response."""

import jax.numpy as jnp
import numpy as np
import pandas as pd

from experiments.answer.tables.counterfactual import ROWS, series, shown_name
from model.equilibrium.outcomes.report import reporter

QUARTERS = 40
STEP = 1e-4


def response_table(found, rest, shocked):
    """Responses of the main outcomes over forty quarters, in per cent or in the outcome's own unit.

    `found` is as of `model.transition.derivatives.responses`; `rest` and `shocked` are the certified outcomes of its two paths.
    """
    base_problem, resting = found.rest.solution.problem, found.rest.solution.path

    def values(path, exogenous):
        problem = base_problem._replace(exogenous=jnp.asarray(exogenous))
        economy = found.rest.economy
        given = (jnp.asarray(a) for a in (path, found.rest.initial, economy.at_rest))
        report = reporter(economy)(problem, *given)
        return {key: np.asarray(value) for key, value in report.values.items()}

    still = found.rest.solution.exogenous
    above, below = (values(resting + h * found.linear, still + h * found.direction) for h in (STEP, -STEP))
    rows = []
    for outcome, label, kind in ROWS:
        base = series(rest.values, outcome, label)[:QUARTERS]
        slope = (series(above, outcome, label) - series(below, outcome, label))[:QUARTERS] / (2 * STEP)
        change = series(shocked.values, outcome, label)[:QUARTERS] - base
        scale = 100 / base if kind == "%" else np.ones(QUARTERS)
        rows.append(
            pd.DataFrame(
                {
                    "outcome": shown_name(outcome, label),
                    "quarters": np.arange(1, QUARTERS + 1),
                    "unit": kind,
                    "linear": slope * scale,
                    "nonlinear": change * scale,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)
