"""What the page knows beforehand: answers at a few values of every control, from which it predicts while the economy is solved.

`python -m experiments.explore.nearby` makes the file of the default calibration: its baseline, bands over draws of that and of
what presets change, and responses.
"""

import gzip
import json
from pathlib import Path

from experiments.explore.messages import lines_of, message_of, response_of
from experiments.explore.view import SLIDERS, knots
from experiments.folder.provenance import economy_of

STORED = Path(__file__).parent / "stored.json.gz"
FORMAT = 2  # of the file


class Nearby:
    """Responses of every control at its knots, those of a stored file or found one by one in idle times."""

    def __init__(self, solver, schema, inputs, settings):
        self.solver, self.schema = solver, schema
        self.told = stored_for(inputs, settings)
        self.responses = {} if self.told is None else self.told["responses"]
        self.baseline = None if self.told is None else self.told["message"]["lines"]

    def as_message(self):
        """What the page gets, as far as it is known: `responses` as `{control: [[value, {key: changes}]]}`, `message`, `bands`.

        `bands` are `[{settings, levels or changes: {key: [low, high]}}]`: levels of the baseline, changes of presets.
        """
        told = self.told or {}
        return {"responses": dict(self.responses), "message": told.get("message"), "bands": told.get("bands", [])}

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
    return told if (told.get("format"), told["economy"]) == (FORMAT, economy_of(inputs, settings)) else None


def store(solver, schema, inputs, settings, bands):
    """Write the file: baseline, bands, responses of all controls."""
    nearby = Nearby(solver, schema, inputs, settings)
    nearby.told, nearby.responses = None, {}
    answer = solver.checked(schema())
    nearby.baseline = lines_of(answer.solved)
    for job in nearby.missing():
        job()
    told = {
        "format": FORMAT,
        "economy": economy_of(inputs, settings),
        "message": message_of(answer),
        "bands": bands,
        "responses": nearby.responses,
    }
    STORED.write_bytes(gzip.compress(json.dumps(told).encode(), mtime=0))


def main():
    """Make the file of the default calibration."""
    from calibration.inputs import load_inputs
    from experiments.explore.drawn_bands import drawn_bands, scenarios_of_presets
    from experiments.explore.solver import Solver
    from experiments.explore.view import schema_of, stops_of
    from model.transition.solutions import Settings

    inputs, settings = load_inputs(name="us_2022q4"), Settings()
    stops = stops_of(inputs)
    schema = schema_of(stops)
    bands = drawn_bands(scenarios_of_presets(schema, stops, inputs), inputs, settings)
    store(Solver(inputs, settings, stops), schema, inputs, settings, bands)
    print(f"{STORED}: {STORED.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
