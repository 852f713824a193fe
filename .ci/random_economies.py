"""Random economies with random scenarios: what is certified can exist, and does not depend on the horizon.

`PYTHONPATH=. .venv/bin/python .ci/random_economies.py [ECONOMIES [SAMPLED [CALIBRATION]]]`: the numbers of the global sensitivity and of the
estimation, and both markups above one, within 25 % of their values, one scenario each; of `SAMPLED` certified baselines the first 120
quarters beside those of twice the horizon. Ends with 1 where a certified value is impossible or a path moves by more than 1e-2.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import yaml

from calibration import load
from calibration.economies import Economies
from calibration.inputs import made_of
from experiments.answer.certificate import certified_solution
from model.core.units import quarter_label
from model.equilibrium.plausibility import impossible
from model.transition.scenarios.scenario import Change, Scenario
from model.transition.solutions import BASELINE, NotSolved, Settings
from model.transition.solve import solve_scenario

SPREAD, QUARTERS, ALLOWED, CHUNK = 0.25, 120, 1e-2, 25


def moved_names(inputs):
    """Numbers of the study of global sensitivity and of the estimation."""
    study = yaml.safe_load(
        (Path(__file__).resolve().parents[1] / "conf" / "study" / "global_sensitivity.yaml").read_text()
    )["study"]
    stems = [name for axis in study["axes"].values() for name in axis["parameters"]]
    named = [name for stem in stems for name in inputs.names if name == stem or name.startswith(f"{stem}.")]
    return sorted(
        {
            *named,
            *(row["name"] for row in csv.DictReader(made_of(inputs.name).estimated.open())),
            "production.markup.ai",
            "production.markup.traditional",
        }
    )


def economy_within(inputs, names, rng):
    """Inputs with every one of the `names` moved, uniformly; what is a ratio to one by its distance from it."""
    moved = {}
    for name in names:
        row, origin = inputs.row(name), float(name.startswith("production.markup"))
        value = origin + (inputs.value(name) - origin) * (1 + SPREAD * rng.uniform(-1, 1))
        moved[name] = float(np.clip(value, row.low, row.high))
    return inputs.with_values(moved)


def random_scenario(economy, rng):
    """One instrument moved for some years, or for good."""
    k = int(rng.integers(len(economy.instruments.symbols)))
    symbol, base = economy.instruments.symbols[k], float(economy.at_rest[k])
    low, high = economy.instruments.entries[k].metadata["low"], economy.instruments.entries[k].metadata["high"]
    value = float(np.clip(base + rng.normal(0, 0.1 if base else 0.02), low, high))
    first = int(rng.integers(1, 20))
    last = None if rng.uniform() < 0.3 else first + int(rng.integers(1, 24))
    scenario = Scenario(f"{symbol} to {value:.3g}", "", (Change(symbol, "set", (value,), first, last),), 1)
    return scenario.later(economy.units.first_shown)


def main(count="300", sampled="20", calibration="us_2022q4"):
    count, sampled = int(count), int(sampled)
    rng, inputs, settings = np.random.default_rng(20261127), load(calibration).inputs, Settings()
    names = moved_names(inputs)
    batch, tally, wrong, gaps = Economies(inputs, settings), Counter(), [], []
    for start in range(0, count, CHUNK):
        given = [economy_within(inputs, names, rng) for _ in range(min(CHUNK, count - start))]
        for i, baseline in enumerate(batch.solve(given), start):
            if isinstance(baseline, NotSolved):
                tally[f"no baseline: {str(baseline)[:70]}"] += 1
                continue
            own = certified_solution(baseline, baseline.solution, BASELINE, "")
            tally["baseline certified" if own.certified else f"baseline refused: {own.certificate['reason'][:50]}"] += 1
            if not own.certified:
                continue
            scenario = random_scenario(baseline.economy, rng)
            answer = certified_solution(baseline, solve_scenario(baseline, scenario), scenario.name, "")
            tally[
                "scenario certified" if answer.certified else f"scenario refused: {answer.certificate['reason'][:50]}"
            ] += 1
            found = [(i, s.name, impossible(s.values, quarter_label)) for s in (own, answer) if s.certified]
            wrong += [row for row in found if row[-1]]
            if len(gaps) < sampled:
                gaps.append(_moved(given[i - start], baseline, settings))
                print(f"economy {i}: moves by {gaps[-1]:.1e}", flush=True)
        print(dict(tally), flush=True)
    print(
        f"{count} economies, {len(wrong)} impossible certified values {wrong}; largest move {max(gaps, default=0.0):.1e} of {len(gaps)}"
    )
    return int(bool(wrong) or max(gaps, default=0.0) > ALLOWED)


def _moved(inputs, baseline, settings):
    longer = Economies(inputs, Settings(horizon=2 * settings.horizon)).solve([inputs])[0]
    return float(np.abs(longer.solution.path[:QUARTERS] - baseline.solution.path[:QUARTERS]).max())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
