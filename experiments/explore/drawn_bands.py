"""Bands of the page over draws of a calibration: of the baseline's levels, and of what presets change."""

import numpy as np

from calibration.inputs import draws_of
from experiments.batch.batch import Batch
from experiments.batch.coordinates import placed
from experiments.explore.messages import changes_of, lines_of
from experiments.explore.view import NAME, PRESETS, moved_numbers, scenario_body
from experiments.request.draws import read_draws
from experiments.request.scenarios import build_scenario

BAND = (5, 95)
DRAWS = 24


def band_of(lines):
    """`{key: [low, high]}` over draws, from `{key: values}` of each."""
    return {key: np.percentile([line[key] for line in lines], BAND, axis=0).round(4).tolist() for key in lines[0]}


def scenarios_of_presets(schema, stops, inputs):
    """`[(settings, scenario)]` of the presets that move policies alone."""
    views = [(preset.settings, schema(**preset.settings)) for preset in PRESETS]
    return [
        (settings, build_scenario(NAME, scenario_body(view), inputs=inputs))
        for settings, view in views
        if not moved_numbers(view, stops)
    ]


def drawn_bands(presets, inputs, settings):
    """`bands` as of `Nearby.as_message` over the first stored draws of a calibration."""
    economies = read_draws(draws_of(inputs.name), inputs, DRAWS).economies.values()
    points = placed(
        [(e, s) for e in economies for s in (None, *(scenario for _, scenario in presets))], settings.horizon
    )
    baselines, solved = Batch(inputs, settings, len(points[0].coordinates)).solve(points, print)
    pairs = list(zip(solved, baselines, strict=True))
    each = [pairs[k :: 1 + len(presets)] for k in range(1 + len(presets))]
    if lost := [s.certificate["reason"] for s in solved if not s.certified]:
        raise ValueError(f"{len(lost)} of {len(solved)} paths of draws have no certificate, the first: {lost[0]}")
    found = [{"settings": {}, "levels": band_of([lines_of(s) for s, _ in each[0]])}]
    return found + [
        {"settings": asked, "changes": band_of([changes_of(s, base) for s, base in own])}
        for (asked, _), own in zip(presets, each[1:], strict=True)
    ]
