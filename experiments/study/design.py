"""A study: its axes, its points in order, and what is asked of each."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from omegaconf import OmegaConf
from pydantic import BaseModel, ConfigDict, Field

from experiments.answer.tables.counterfactual import HORIZONS, ROWS, shown_name
from experiments.batch.batch import Point
from experiments.request.build import prepare
from experiments.request.errors import InputError, nearest
from experiments.request.scenarios import scenario_problems
from experiments.request.validation import validate
from experiments.study.axes import MOST_POINTS, read_axes
from experiments.study.tables import map_name
from experiments.study.work import COLUMNS

NAME = r"\w[\w-]{0,99}"  # of a study and of an axis, which are parts of file names
DESIGNS = ("grid", "sobol")
SCENARIO = "point"


class MapFile(BaseModel):
    """A response surface: `outcome` after `quarters` over two axes, the others `at` their middle or the value nearest."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    outcome: str
    label: str = ""
    quarters: int
    x: str
    y: str
    at: dict[str, float] = {}


class StudyFile(BaseModel):
    """A file in conf/study/."""

    model_config = ConfigDict(extra="forbid")
    name: str
    description: str
    design: str
    samples: int = Field(ge=2, le=MOST_POINTS)
    seed: int = Field(ge=0)
    chunk: int = Field(ge=1, le=4096)
    axes: dict = Field(min_length=1)
    maps: list[MapFile]


@dataclass(frozen=True)
class Study:
    """Points are numbered in the order of `coordinates`; a grid's last axis runs fastest."""

    file: StudyFile
    axes: tuple
    job: object

    @cached_property
    def coordinates(self):
        """Places `(points, axes)` from 0 to 1 along every axis."""
        if self.file.design == "grid":
            places = [[axis.place(v) for v in axis.values] for axis in self.axes]
            return np.stack(np.meshgrid(*places, indexing="ij"), -1).reshape(-1, len(self.axes))
        return saltelli(self.file.samples, len(self.axes), self.file.seed)

    @cached_property
    def values(self):
        """Values `(points, axes)` in the units of the axes."""
        if self.file.design == "grid":
            return np.stack(np.meshgrid(*(a.values for a in self.axes), indexing="ij"), -1).reshape(-1, len(self.axes))
        return np.array([[a.value(p) for a, p in zip(self.axes, row, strict=True)] for row in self.coordinates])

    def __len__(self):
        if self.file.design == "grid":
            return math.prod(len(axis.values) for axis in self.axes)
        return self.file.samples * (len(self.axes) + 2)

    def extremes(self):
        """Numbers of the first and the last point, and for every axis of one with its least and one with its largest value."""
        ends = (end(self.values, 0) for end in (np.argmin, np.argmax))
        return sorted({0, len(self) - 1, *(int(i) for end in ends for i in end)})

    @property
    def moves_economies(self):
        """Whether points have steady states of their own."""
        return any(axis.parameters for axis in self.axes)

    def point(self, i):
        """What is solved at the point of that number."""
        values = list(zip(self.axes, self.values[i], strict=True))
        moved, rows, targets = {}, [], []
        for axis, value in values:
            moved |= {name: float(v) for name, v in axis.numbers(value, self.job.inputs).items()}
            rows += axis.rows(float(value))
            targets += axis.target_rows(float(value))
        inputs = self.job.inputs.with_values(moved) if moved else self.job.inputs
        body = {key: some for key, some in (("changes", rows), ("targets", targets)) if some}
        scenario = self.job.built(SCENARIO, body, inputs) if body else None
        origin = tuple(axis.place(axis.neutral(value)) for axis, value in values)
        return Point(inputs, scenario, tuple(self.coordinates[i]), origin)


def study_of(config):
    """Study of a composed configuration; raises InputError."""
    job = prepare(config)
    if job.scenarios:
        raise InputError(
            "scenarios: points of a study bring their own; leave scenarios, changes, targets and scenarios_file out"
        )
    return read_study(OmegaConf.to_container(config.study, resolve=True), job)


def read_study(raw, job):
    """Study of a configuration; raises InputError with every problem."""
    file = validate(StudyFile, raw, "study")
    if not re.fullmatch(NAME, file.name):
        raise InputError(
            f"study.name: got {file.name!r}; expected a name of at most 100 letters, digits, _ and -, which names its folder"
        )
    if file.design not in DESIGNS:
        raise InputError(f"study.design: got {file.design!r}; expected one of {', '.join(DESIGNS)}")
    if file.design == "sobol" and not math.log2(file.samples).is_integer():
        raise InputError(f"study.samples: got {file.samples}; expected a power of two")
    if file.design == "sobol" and file.maps:
        raise InputError("study.maps: a map needs a grid of points, and design: sobol has none; leave maps out")
    study = Study(file, read_axes(file.axes, job.inputs), job)
    if len(study) > MOST_POINTS:
        raise InputError(
            f"study: got {len(study):,} points; at most {MOST_POINTS:,} are one study: take fewer an axis, or samples"
        )
    problems = [*_axis_names(study.axes), *_moved_twice(study.axes)]
    for i in study.extremes():
        point = study.point(i)
        problems += scenario_problems(point.scenario, point.inputs, job.settings) if point.scenario else ()
    names = [axis.name for axis in study.axes]
    for i, shown in enumerate(file.maps):
        problems += [
            f"study.maps.{i}: no axis {n!r}; there are {', '.join(names)}"
            for n in (shown.x, shown.y, *shown.at)
            if n not in names
        ]
        if shown.x == shown.y:
            problems.append(f"study.maps.{i}: got {shown.x} as x and y; expected two axes")
        problems += [
            f"study.maps.{i}.at: got {n}, an axis of the map; expected others"
            for n in (shown.x, shown.y)
            if n in shown.at
        ]
        problems += _not_stored(shown, f"study.maps.{i}")
    problems += [
        f"study.maps: got {name} {count} times; expected maps that differ"
        for name, count in Counter(map(map_name, file.maps)).items()
        if count > 1
    ]
    if problems:
        raise InputError(problems)
    return study


def _axis_names(axes):
    names = [axis.name.lower() for axis in axes]  # columns of files, where letters have no case
    for axis, name in zip(axes, names, strict=True):
        if not re.fullmatch(NAME, axis.name):
            yield f"study.axes: got {axis.name!r}; expected a name of at most 100 letters, digits, _ and -"
        if name in COLUMNS or names.count(name) > 1:
            yield f"study.axes.{axis.name}: the name is taken by a column of the tables; give it another"


def _moved_twice(axes):
    movers = Counter(name for axis in axes for name in axis.parameters)
    for name in (name for name, count in movers.items() if count > 1):
        both = " and ".join(axis.name for axis in axes if name in axis.parameters)
        yield f"study.axes: got {name} in {both}; expected each number in one axis"


def _not_stored(shown, where):
    stored = [shown_name(outcome, label) for outcome, label, _ in ROWS]
    wanted = shown_name(shown.outcome, shown.label)
    if wanted not in stored:
        yield f"{where}: no outcome {wanted!r}{nearest(wanted, stored)}; there are {', '.join(stored)}"
    if shown.quarters not in HORIZONS:
        yield f"{where}.quarters: got {shown.quarters}; expected one of {', '.join(map(str, HORIZONS))}"


def saltelli(samples, axes, seed):
    """Places `(samples (axes + 2), axes)` for Sobol indices: A, B, and A with one column of B each (Saltelli, 2010)."""
    from scipy.stats import qmc  # takes most of a second, which grids need not wait for

    both = qmc.Sobol(2 * axes, seed=seed).random(samples)
    a, b = both[:, :axes], both[:, axes:]
    mixed = np.repeat(a[None], axes, 0)
    for j in range(axes):
        mixed[j, :, j] = b[:, j]
    return np.concatenate([a, b, *mixed])
