"""Posterior bands: the baseline and every counterfactual of a run for each draw of the calibration, and their quantiles."""

import time
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from experiments.answer.tables.counterfactual import ROWS, change, series
from experiments.batch.batch import POINTS, Batch
from experiments.batch.coordinates import placed
from model.core.units import quarter_label
from model.equilibrium.outcomes.register import RENAMED
from model.transition.solutions import BASELINE

QUARTERS = 60
PERCENT = (5, 16, 50, 84, 95)
ENOUGH = 0.9  # of the draws must be certified
WITHOUT_SIGN = 1e-6  # % or the outcome's unit: what the solver's tolerance leaves open


@dataclass(frozen=True)
class Answers:
    """Paths of every finished draw.

    `levels` `(draws, names, ROWS, QUARTERS)` are in the units of the outcomes, NaN where not certified; the first of `names`
    is the baseline. `reasons` say why a draw is refused, None where all its paths are certified.
    """

    names: tuple[str, ...]
    draws: tuple[int, ...]
    levels: np.ndarray
    reasons: tuple[str | None, ...]
    interrupted: bool = False
    drawn: pd.DataFrame | None = None  # the numbers of every draw, a column each

    @property
    def certified(self):
        """Draws of which all paths are certified."""
        return sum(reason is None for reason in self.reasons)

    def numbers(self, name):
        """Levels of the baseline, or a scenario's differences in the units of ROWS: `(certified draws, ROWS, QUARTERS)`."""
        numbers = self._numbers(name)
        return numbers[_known(numbers)]

    def _numbers(self, name):
        base, here = self.levels[:, 0], self.levels[:, self.names.index(name)]
        if name == BASELINE:
            return here
        return np.stack([change(base[:, i], here[:, i], kind) for i, (*_, kind) in enumerate(ROWS)], 1)

    def owed(self, name):
        """`(names of the numbers, squared rank correlations (numbers, ROWS, QUARTERS))` of a band with what was drawn."""
        numbers = self._numbers(name)
        known = _known(numbers)
        drawn = self.drawn.loc[known, self.drawn.loc[known].nunique() > 1]
        return tuple(drawn), squared_rank_correlations(drawn.to_numpy(), numbers[known])

    def refusal(self, name):
        """Why the bands of a scenario are not shown, or None."""
        count, solved = len(self.numbers(name)), len(self.draws)
        if count >= max(2, ENOUGH * solved):
            return None
        return f"bands not shown: only {count} of {solved} draws certified"

    @property
    def refusals(self):
        """`{name: reason}` of all bands that are not shown."""
        return {name: reason for name in self.names if (reason := self.refusal(name))}

    def certificate(self):
        """What certificate.json says of the draws."""
        refused = Counter(reason for reason in self.reasons if reason)
        return {"used": len(self.draws), "certified": self.certified, "refused": dict(refused)}


def _known(numbers):
    return ~np.isnan(numbers).any((1, 2))


def squared_rank_correlations(drawn, numbers):
    """Spearman's, squared, `(columns of drawn, ...)`, of draws `(draws, columns)` with answers `(draws, ...)`; 0 where nothing moves."""
    x, y = (rankdata(values, axis=0) for values in (drawn, numbers))
    x, y = x - x.mean(0), y - y.mean(0)
    together = np.tensordot(x, y, (0, 0)) ** 2
    alone = np.multiply.outer((x**2).sum(0), (y**2).sum(0))
    return np.divide(together, alone, out=np.zeros_like(together), where=alone > 0)


def quantiles(numbers):
    """Percentiles PERCENT over the draws, the leading axis: `(percentiles, ...)`."""
    return np.percentile(numbers, PERCENT, axis=0)


def sign(numbers):
    """`(share of draws above zero, sign of the median, share of draws of that sign)` over the leading axis."""
    signs = np.where(np.abs(numbers) <= WITHOUT_SIGN, 0.0, np.sign(numbers))
    middle = np.median(numbers, axis=0)
    reported = np.where(np.abs(middle) <= WITHOUT_SIGN, 0.0, np.sign(middle))
    return (signs > 0).mean(0), reported, (signs == reported).mean(0)


def solve_draws(job, scenarios, say):
    """`Answers` of all draws of a job for the baseline and these scenarios; Ctrl-C keeps what is finished."""
    names = (BASELINE, *(s.name for s in scenarios))
    draws, economies = job.draws.economies.keys(), job.draws.economies.values()
    pairs = [(e, s and job.scenario_in(e, s)) for e in economies for s in (None, *scenarios)]
    points = placed(pairs, job.settings.horizon)
    known = len(points[0].coordinates)
    batch = Batch(job.inputs, job.settings, known, distribution=False, conditions=job.conditions)
    step, started = max(1, POINTS // len(names)), time.perf_counter()
    levels, reasons, interrupted = [], [], False
    try:
        for first in range(0, len(draws), step):
            chunk = points[first * len(names) : (first + step) * len(names)]
            solved = batch.solve(chunk, lambda line: say(f"  {line}"))[1]
            batch.forget_economies()
            for i in range(0, len(solved), len(names)):
                paths = solved[i : i + len(names)]
                levels.append([_levels(s) for s in paths])
                reasons.append(next((s.certificate["reason"] for s in paths if not s.certified), None))
            rate = (time.perf_counter() - started) / len(reasons)
            say(f"draws {len(reasons)}/{len(draws)}: {reasons.count(None)} certified, {rate:.1f} s a draw")
    except KeyboardInterrupt:
        say("interrupted: writing what is finished")
        interrupted = True
    shape = (len(reasons), len(names), len(ROWS), QUARTERS)
    return Answers(
        names,
        tuple(draws)[: len(reasons)],
        np.reshape(levels[: len(reasons)], shape),
        tuple(reasons),
        interrupted,
        pd.DataFrame([inputs.moved for inputs in economies]).iloc[: len(reasons)],
    )


def _levels(solved):
    """Outcomes `(ROWS, QUARTERS)`."""
    if not solved.certified:
        return np.full((len(ROWS), QUARTERS), np.nan)
    return np.stack([series(solved.values, outcome, label)[:QUARTERS] for outcome, label, _ in ROWS])


def tidy_draws(answers):
    """Table `draw, scenario, variable, label, quarter, value` of all certified paths, in the units of the outcomes."""
    keys = np.indices(answers.levels.shape).reshape(4, -1)
    columns = {
        "draw": answers.draws,
        "scenario": answers.names,
        "variable": [RENAMED.get(outcome, outcome) for outcome, *_ in ROWS],
        "label": [label or "" for _, label, _ in ROWS],
        "quarter": [quarter_label(t) for t in range(QUARTERS)],
    }
    axes = dict(zip(columns, (0, 1, 2, 2, 3), strict=True))
    table = pd.DataFrame({name: np.array(values)[keys[axes[name]]] for name, values in columns.items()})
    table["value"] = answers.levels.ravel()
    return table.dropna(ignore_index=True)
