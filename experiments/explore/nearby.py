"""What the page knows beforehand: answers at a few values of every control, from which it predicts while the economy is solved.

`python -m experiments.explore.nearby` makes the file of the default calibration: its baseline, bands over draws, and responses.
"""

import gzip
import json
from pathlib import Path

import numpy as np

from experiments.explore.messages import lines_of, message_of, response_of
from experiments.explore.view import SLIDERS, knots
from experiments.folder.provenance import economy_of

STORED = Path(__file__).parent / "stored.json.gz"
BAND = (5, 95)
DRAWS = 24


class Nearby:
    """Responses of every control at its knots, those of a stored file or found one by one in idle times."""

    def __init__(self, solver, schema, inputs, settings):
        self.solver, self.schema = solver, schema
        self.told = stored_for(inputs, settings)
        self.responses = {} if self.told is None else self.told["responses"]
        self.baseline = None if self.told is None else self.told["message"]["lines"]

    def as_message(self):
        """What the page gets: `{responses: {control: [[value, {key: changes}]]}, baseline, message, bands}`, as far as known."""
        told = self.told or {}
        return {"responses": dict(self.responses), "message": told.get("message"), "bands": told.get("bands")}

    def missing(self):
        """Jobs that find what is not known yet: policies first, as they are quick."""
        for name, values in wanted(self.solver.stops).items():
            known = [value for value, _ in self.responses.get(name, ())]
            yield from (lambda n=name, v=value: self.find(n, v) for value in values if value not in known)

    def find(self, name, value):
        """Solve a control at a value, all else as it is, and keep the response."""
        if self.baseline is None:
            self.baseline = lines_of(self.solver.solve(self.schema()).solved)
        solved = self.solver.solve(self.schema(**{name: value})).solved
        if solved.certified:
            self.responses.setdefault(name, []).append([value, response_of(solved, self.baseline)])
            self.responses[name].sort(key=lambda known: known[0])


def wanted(stops):
    """`{control: values}` at which answers are known beforehand."""
    found = {slider.name: knots(slider) for slider in SLIDERS}
    return found | {s.name: [i for i in range(len(s.values)) if i != s.middle] for s in stops}


def stored_for(inputs, settings):
    """The stored file if it is of this economy, else None."""
    if not STORED.is_file():
        return None
    told = json.loads(gzip.decompress(STORED.read_bytes()))
    return told if told["economy"] == economy_of(inputs, settings) else None


def store(solver, schema, inputs, settings, bands):
    """Write the file: baseline, bands, responses of all controls."""
    nearby = Nearby(solver, schema, inputs, settings)
    nearby.told, nearby.responses = None, {}
    answer = solver.solve(schema())
    answer.check_horizon()
    nearby.baseline = lines_of(answer.solved)
    for job in nearby.missing():
        job()
    told = {
        "economy": economy_of(inputs, settings),
        "message": message_of(answer),
        "bands": bands,
        "responses": nearby.responses,
    }
    STORED.write_bytes(gzip.compress(json.dumps(told).encode(), mtime=0))


def bands_of(solved):
    """`{key: [low, high]}` over draws of the baseline."""
    lines = [lines_of(s) for s in solved if s.certified]
    return {
        key: np.percentile([line[key] for line in lines], BAND, axis=0).round(4).tolist()
        for key in (lines[0] if lines else ())
    }


def main():
    """Make the file of the default calibration."""
    from calibration.inputs import draws_of, load_inputs
    from experiments.batch.batch import Batch
    from experiments.batch.coordinates import placed
    from experiments.explore.solver import Solver
    from experiments.explore.view import schema_of, stops_of
    from experiments.request.draws import read_draws
    from model.transition.solutions import Settings

    inputs, settings = load_inputs(name="us_2022q4"), Settings()
    economies = list(read_draws(draws_of(inputs.name), inputs, DRAWS).economies.values())
    points = placed([(inputs, None), *((e, None) for e in economies)], settings.horizon)
    drawn = Batch(inputs, settings, len(points[0].coordinates)).solve(points, print)[1][1:]
    stops = stops_of(inputs)
    store(Solver(inputs, settings, stops), schema_of(stops), inputs, settings, bands_of(drawn))
    print(f"{STORED}: {STORED.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
