"""An estimation: which numbers move, what is known of them, which path moments they should hit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from calibration.calibrate import Calibrated, calibrate
from calibration.economies import Economies
from calibration.gradients import baseline_gradient
from calibration.inputs import Inputs, made_of
from calibration.measures.moments import Moment, moment_of, path_moments
from calibration.numbers.tables import Row, TableError, read_records
from model.transition.derivatives.path_gradient import moment_derivatives
from model.transition.solutions import Baseline, NotSolved, Settings

ESTIMATED_COLUMNS = ("name", "prior", "spread", "meaning")
SMALLEST, FARTHEST = 1e-12, 8.0  # a number, and a coordinate


class Estimated(NamedTuple):
    """A number that is estimated: log-normal prior with median `prior` and standard deviation `spread` of its log.

    One of spread 0 is assumed.
    """

    name: str
    prior: float
    spread: float
    meaning: str


@dataclass(frozen=True)
class Estimation:
    """Data, prior and model. Coordinates `u` `(numbers,)` are logs less the prior's, in its standard deviations."""

    inputs: Inputs
    settings: Settings
    estimated: tuple[Estimated, ...]
    first_quarter: str
    left_out: tuple[str, ...] = ()
    assumed: tuple[Estimated, ...] = ()
    observed: tuple[float, ...] | None = None  # in place of the rows' values
    known: list[Baseline] = field(default_factory=list, compare=False, repr=False)  # the last baseline, for guesses

    @property
    def rows(self) -> list[Row]:
        """The rows of the targets that are used."""
        kept = [r for r in self.inputs.moments.values() if r.kind == "path" and r.used and r.name not in self.left_out]
        if not kept:
            raise TableError("no path moment to estimate from: expected rows of kind path with used = yes")
        return kept

    @property
    def moments(self) -> tuple[Moment, ...]:
        return tuple(moment_of(row, self.first_quarter) for row in self.rows)

    @property
    def data(self) -> Float[np.ndarray, "moment"]:
        return np.array([row.value for row in self.rows] if self.observed is None else self.observed)

    @property
    def errors(self) -> Float[np.ndarray, "moment"]:
        """Standard errors of the data `(moments,)`."""
        return np.array([row.standard_error for row in self.rows])

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(e.name for e in self.estimated)

    def values(self, u: Float[np.ndarray, "number"]) -> dict[str, float]:
        """Numbers by name at coordinates `u`."""
        return {e.name: float(e.prior * np.exp(e.spread * x)) for e, x in zip(self.estimated, u, strict=True)}

    def coordinates(self, values: Mapping[str, float]) -> Float[np.ndarray, "number"]:
        """The inverse of `values`."""
        return np.array([np.log(values[e.name] / e.prior) / e.spread for e in self.estimated])

    def bounds(self) -> Float[np.ndarray, "2 number"]:
        """Least and largest coordinates `(2, numbers)` that the table of parameters allows."""
        rows = {name: self.inputs.row(name) for name in self.names}
        ends = [{name: max(getattr(r, end), SMALLEST) for name, r in rows.items()} for end in ("low", "high")]
        return np.clip([self.coordinates(values) for values in ends], -FARTHEST, FARTHEST)

    def solved(self, u: Float[np.ndarray, "number"]) -> tuple[Calibrated, Baseline]:
        """`(calibrated, baseline)` at `u`; raises model.transition.solutions.NotSolved."""
        calibrated = self.calibrated(u)
        near = self.known[0].segments if self.known else ()
        baseline = calibrated.baseline(self.settings, near=near if len(near) > 1 else ())
        self.known[:] = [baseline]
        return calibrated, baseline

    def calibrated(self, u: Float[np.ndarray, "number"]) -> Calibrated:
        """The economy at `u`, without its path."""
        return calibrate(self.values(u), smoothing=self.settings.smoothing, inputs=self.inputs)

    def measure(self, baseline: Baseline) -> Float[np.ndarray, "moment"]:
        """Moments `(moments,)` of a solved baseline."""
        solution = baseline.solution
        return np.asarray(
            moment_derivatives(path_moments(baseline.economy, self.moments))(solution.problem, solution.path)[0]
        )

    def jacobian(self, calibrated: Calibrated, baseline: Baseline) -> Float[np.ndarray, "moment number"]:
        """`(moments, numbers)`: derivatives of the moments by the coordinates, implicit through the whole solve."""
        by_input = baseline_gradient(calibrated, baseline, path_moments(baseline.economy, self.moments)).by_input
        values = calibrated.inputs
        return np.stack([by_input[e.name] * values.value(e.name) * e.spread for e in self.estimated], 1)

    def solve_many(
        self, points: Float[np.ndarray, "point number"], say: Callable[[int, int], Any] = lambda done, count: None
    ) -> list[Baseline | NotSolved]:
        """Baselines, or `NotSolved`, at coordinates `(points, numbers)`, solved together."""
        different, which = np.unique(points, axis=0, return_inverse=True)
        economies = [self.inputs.with_values(self.values(u)) for u in different]
        answers = Economies(self.inputs, self.settings).solve(economies, say)
        return [answers[i] for i in which.ravel()]

    def measure_many(self, answers: Sequence[Baseline | NotSolved]) -> Float[np.ndarray, "answer moment"]:
        """Moments `(answers, moments)`; NaN where there is no baseline."""
        nothing = np.full(len(self.data), np.nan)
        return np.array([nothing if isinstance(a, NotSolved) else self.measure(a) for a in answers])

    def batch(
        self, points: Float[np.ndarray, "point number"], say: Callable[[int, int], Any] = lambda done, count: None
    ) -> Float[np.ndarray, "point moment"]:
        """Moments `(points, moments)` at coordinates `(points, numbers)`, solved together; NaN where there is no baseline."""
        return self.measure_many(self.solve_many(points, say))

    def jacobian_at(self, u: Float[np.ndarray, "number"], baseline: Baseline) -> Float[np.ndarray, "moment number"]:
        """`jacobian` where the baseline at `u` is solved already."""
        return self.jacobian(self.calibrated(u), baseline)

    def distances(self, moments: Float[np.ndarray, "... moment"]) -> Float[np.ndarray, "... moment"]:
        """Moments less data in standard errors."""
        return (moments - self.data) / self.errors


def load_estimated(inputs: Inputs, path: str | Path) -> tuple[tuple[Estimated, ...], tuple[Estimated, ...]]:
    """`(estimated, assumed)`, both tuples of `Estimated`; raises TableError."""
    rows = [
        _estimated(inputs, f"{Path(path)}, line {line}: {r['name']}", r)
        for line, r in read_records(path, ESTIMATED_COLUMNS)
    ]
    if len({r.name for r in rows}) < len(rows):
        raise TableError(f"{Path(path)}: a name stands twice; expected each once")
    if not any(r.spread for r in rows):
        raise TableError(f"{Path(path)}: nothing to estimate; expected a row of spread above 0")
    return tuple(r for r in rows if r.spread), tuple(r for r in rows if not r.spread)


def _estimated(inputs, where, record):
    try:
        row = inputs.row(record["name"])
    except KeyError:
        raise TableError(f"{where}: no such number; expected a name of parameters.csv or targets.NAME") from None
    try:
        prior, spread = float(record["prior"]), float(record["spread"])
    except ValueError:
        raise TableError(
            f"{where}: prior is {record['prior']!r}, spread {record['spread']!r}; expected numbers"
        ) from None
    if not (row.low <= prior <= row.high and (prior > 0 or spread == 0) and spread >= 0):
        raise TableError(
            f"{where}: prior {prior:g}, spread {spread:g}; expected {row.low:g} to {row.high:g} and spread at least 0, "
            "a prior above 0 where it is estimated"
        )
    return Estimated(record["name"], prior, spread, record["meaning"])


def with_assumed(
    inputs: Inputs, estimated: Sequence[Estimated], fixed: Sequence[Estimated], values: Mapping[str, float]
) -> tuple[tuple[Estimated, ...], tuple[Estimated, ...]]:
    """`(estimated, assumed)` where the numbers of `values` are assumed instead; raises TableError on one that is not estimated or out of range."""
    by_name = {row.name: row for row in estimated}
    if unknown := [name for name in values if name not in by_name]:
        raise TableError(f"assumed: {unknown[0]!r} is not estimated; expected one of {', '.join(by_name)}")
    for row in map(inputs.row, values):
        if not row.low <= values[row.name] <= row.high:
            raise TableError(f"assumed: {row.name}: got {values[row.name]:g}; allowed {row.low:g} to {row.high:g}")
    left = tuple(row for row in estimated if row.name not in values)
    taken = (Estimated(name, value, 0.0, f"assumed: {by_name[name].meaning}") for name, value in values.items())
    return left, (*fixed, *taken)


def estimation_of(
    inputs: Inputs,
    settings: Settings,
    path: str | Path | None = None,
    first_quarter: str | None = None,
    assumed: Mapping[str, float] | None = None,
    **rest: Any,
) -> Estimation:
    """`Estimation` of the numbers in a table, on inputs that have its assumed ones and those that are `assumed` beside.

    The table and the first quarter of the model are those that the set of values is made with, unless given.
    """
    estimated, fixed = load_estimated(inputs, path or made_of(inputs.name).estimated)
    estimated, fixed = with_assumed(inputs, estimated, fixed, assumed or {})
    first = first_quarter or inputs.economy.units.quarter_label(0)
    inputs = inputs.with_set(inputs.name, {a.name: a.prior for a in fixed})
    return Estimation(inputs, settings, estimated, first, assumed=fixed, **rest)
