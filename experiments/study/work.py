"""The work of a study: one chunk of points solved as a batch, and its answers as two tables."""

import pandas as pd

from experiments.answer.tables.counterfactual import HORIZONS, ROWS, difference, fiscal_cost, output_gain, series
from experiments.batch.batch import POINTS, Batch
from experiments.study.store import OUTCOMES
from model.equilibrium.outcomes.register import RENAMED, UNITS

CERTIFICATE = (
    "outcome", "reason", "max_residual", "worst_equation", "worst_quarter", "walras", "gdp_identity", "flow_of_funds",
    "complementarity_gap", "horizon_gap", "quarters_at_lower_bound", "stable_roots", "predetermined", "newton_iterations",
)  # fmt: skip
COLUMNS = ("point", "certified", *CERTIFICATE, "fiscal_cost", "output_gain", *OUTCOMES)  # which no axis may be called


class Worker:
    """Solves chunks of a study, one after another, and remembers what it learned; a process needs one."""

    def __init__(self, study):
        self.study = study
        job, axes = study.job, len(study.axes)
        self._batch = Batch(job.inputs, job.settings, axes, distribution=False, conditions=job.conditions)

    def solve(self, numbers, say=lambda line: None):
        """Tables `(points, outcomes)` of the points of these numbers."""
        points = [self.study.point(i) for i in numbers]
        baselines, solved = self._batch.solve(points, say)
        reference = self._batch.reference()
        rows, outcomes = [], []
        for i, point, baseline, answer in zip(numbers, points, baselines, solved, strict=True):
            compared = baseline if point.scenario else reference
            rows.append(self._row(i, compared, answer))
            if answer.certified and compared.certified:
                outcomes += _outcomes(i, compared, answer)
        self._batch.forget_economies(most=POINTS)
        return pd.DataFrame(rows), pd.DataFrame(outcomes, columns=OUTCOMES)

    def _row(self, i, compared, answer):
        row = {"point": i}
        row |= {axis.name: value for axis, value in zip(self.study.axes, self.study.values[i], strict=True)}
        row |= {"certified": answer.certified} | {key: answer.certificate.get(key) for key in CERTIFICATE}
        costs = answer.certified and compared.certified
        row["fiscal_cost"] = fiscal_cost(compared, answer) if costs else None
        row["output_gain"] = output_gain(compared, answer) if costs else None
        return row


def _outcomes(i, compared, answer):
    """Rows of the columns `OUTCOMES`."""
    for outcome, label, kind in ROWS:
        for quarters in HORIZONS:
            value = float(series(answer.values, outcome, label)[quarters - 1])
            change = float(difference(compared, answer, outcome, label, kind, quarters))
            yield i, RENAMED.get(outcome, outcome), label or "", quarters, value, UNITS[outcome][0], change, kind
