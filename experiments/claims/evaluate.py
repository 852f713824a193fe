"""Cases solved in batches, reduced to their measures and kept: a killed run goes on where it was."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from calibration.economies import Economies
from calibration.markets.inputs import market_parameters
from experiments.batch.batch import Batch
from experiments.batch.coordinates import placed
from experiments.claims.files import BASELINE
from experiments.claims.measures import DAILY_QUARTERS, SHOWN, measured, path_of
from experiments.folder.files import write_text
from experiments.markets.questions import Paths, answers
from experiments.request.errors import InputError
from model.compute.source import digest
from model.coupling import core_path
from model.markets.stability import problems
from model.transition.segments import expected
from model.transition.solutions import NotSolved

CHUNK = 192  # points that are solved together
DAILY_PATHS = 500
OTHER_ECONOMY = "The baseline of the economy with other numbers."


@dataclass(frozen=True)
class Evaluation:
    """Measures by name and series by panel of one case, or the reason why there are none; None: not solved, not decisive."""

    values: dict = field(default_factory=dict)
    series: dict = field(default_factory=dict)
    reason: str | None = None


def _read(part):
    """Evaluations by key of a file that `Evaluator` wrote; none where it is damaged or of another kind, which is said."""
    with suppress(ValueError):  # not text, or not JSON
        match json.loads(part.read_text(encoding="utf-8")):
            case {"digest": told, "evaluations": dict(found)} if digest(json.dumps(found)) == told:
                return {key: Evaluation(**content) for key, content in found.items()}
    print(f"{part} is damaged or of another kind: its cases are solved again", flush=True)
    return {}


class Evaluator:
    """Evaluates cases of one run; what is finished is read from `folder`."""

    def __init__(self, inputs, settings, seed, folder, say):
        self.inputs, self.settings, self.seed, self.say = inputs, settings, seed, say
        self._economies = Economies(inputs, settings)
        self._folder = Path(folder)
        self._known, self._answers_of_days = {}, {}
        for part in sorted(self._folder.glob("*.json")):
            self._known |= _read(part)
        self.solved_now = 0

    def evaluate(self, cases, title):
        """Evaluations in the order of the cases, those missing solved first."""
        keys = [case.key(self.settings, self.seed) for case in cases]
        missing = {key: case for key, case in zip(keys, cases, strict=True) if key not in self._known}
        started, done = time.perf_counter(), 0
        for chunk in self._chunks(missing):
            found = self._solve(chunk)
            self._keep(found)
            done += len(chunk)
            rate = (time.perf_counter() - started) / done
            self.say(f"{title}: {done} of {len(missing)} solved, {rate:.1f} s each")
        return [self._known[key] for key in keys]

    def _keep(self, found):
        """Add to what is known, on disk first."""
        content = {key: vars(evaluation) for key, evaluation in found.items()}
        text = json.dumps({"digest": digest(json.dumps(content)), "evaluations": content})
        write_text(self._folder / f"{min(found)}-{len(found)}.json", text)
        self._known |= found
        self.solved_now += len(found)

    def point(self, cases):
        """`(evaluations, paths)` of cases at the point estimate; `paths` are `{claim number: {scenario: Solved}}`."""
        paths = {c.claim.number: found for c, found in zip(cases, self._batch(cases), strict=True)}
        found = {case.key(self.settings, self.seed): self._reduce(case, paths[case.claim.number]) for case in cases}
        self._keep(found)
        return list(found.values()), paths

    def _chunks(self, missing):
        """Cases of one economy stay together; about CHUNK points at a time."""
        by_economy = {}
        for key, case in missing.items():
            by_economy.setdefault((case.claim.of_days, case.inputs.numbers), {})[key] = case
        chunk, size = {}, 0
        for cases in by_economy.values():
            chunk |= cases
            size += 1 + len({self._key(case, *s) for case in cases.values() for s in case.scenarios().items()})
            if size >= CHUNK:
                yield chunk
                chunk, size = {}, 0
        if chunk:
            yield chunk

    def _solve(self, chunk):
        of_paths = {key: case for key, case in chunk.items() if not case.claim.of_days}
        found = {key: self._reduce(case, {}) for key, case in chunk.items() if case.claim.of_days}
        for (key, case), paths in zip(of_paths.items(), self._batch(list(of_paths.values())), strict=True):
            found[key] = self._reduce(case, paths)
        return found

    def _batch(self, cases):
        """`{scenario: Solved}` for every case, each path once."""
        wanted = {}
        for case in cases:
            for name, scenario in ({BASELINE: None} | case.scenarios()).items():
                wanted[self._key(case, name, scenario)] = (case.inputs_of(name), scenario)
        if not wanted:
            return [{} for _ in cases]
        points = placed(list(wanted.values()), self.settings.horizon)
        batch = Batch(self.inputs, self.settings, len(points[0].coordinates), economies=self._economies)
        found = batch.solve(points, lambda line: self.say(f"  {line}"))[1]
        solved = dict(zip(wanted, found, strict=True))
        return [
            {
                name: _named(solved[self._key(case, name, s)], name, s)
                for name, s in ({BASELINE: None} | case.scenarios()).items()
            }
            for case in cases
        ]

    def _key(self, case, name, scenario):
        return case.inputs_of(name).numbers, scenario and _content(scenario)

    def _reduce(self, case, paths):
        """Measures and series of a case; what only supports the answer may be missing, and is None then."""
        claim, days = case.claim, None
        lost = {name: f"{name} not solved: {s.certificate['reason']}" for name, s in paths.items() if not s.certified}
        decisive = {BASELINE} | {s for name in claim.decisive for s in claim.scenarios_of(name)}
        for name in lost:
            if name in decisive:
                return Evaluation(reason=lost[name])
        if claim.of_days:
            try:
                days = self._days(tuple(sorted(case.days.items())), case.questions)
            except InputError as error:
                return Evaluation(reason=f"not simulated: {error.sentences[0]}")
        solved = [name for name in case.measures if not lost.keys() & claim.scenarios_of(name)]
        values = dict.fromkeys(case.measures) | measured(claim, solved, paths, days)
        values = {name: None if value is None or np.isnan(value) else value for name, value in values.items()}
        bad = [name for name in claim.decisive if values[name] is None]
        if bad:
            return Evaluation(reason=f"{bad[0]} is not a number")
        panels = [panel for panel in case.panels if not lost.keys() & panel.series.scenarios]
        return Evaluation(values, {panel.title: path_of(panel.series, paths)[:SHOWN].tolist() for panel in panels})

    def _days(self, numbers, questions):
        """Answers of the daily block with these `(name, value)`, once for all claims."""
        known = self._answers_of_days.setdefault(numbers, {})
        if missing := [question for question in questions if question not in known]:
            p = market_parameters(dict(numbers))
            if refused := list(problems(p, float(np.exp(self._core.log_value_before)))):
                raise InputError(refused)
            known |= answers(Paths(p, self._core, self.seed, DAILY_PATHS), missing)
        return known

    @cached_property
    def _core(self):
        """The core's path at the point estimate, around which markets move."""
        baseline = self._economies.reference
        if isinstance(baseline, NotSolved):
            raise baseline
        first = baseline.economy.units.first_shown
        return core_path(expected(baseline, baseline.solution, first), DAILY_QUARTERS)


def _named(solved, name, scenario):
    """The answer under the scenario's own name: others with the same content share it."""
    if name == BASELINE:
        return solved
    return replace(solved, name=name, description=OTHER_ECONOMY if scenario is None else scenario.description)


def _content(scenario):
    """What a scenario does, whatever its name."""
    return scenario.changes, scenario.targets, scenario.announced
