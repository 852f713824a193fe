"""`python -m experiments.estimation.baseline_draws [COUNT]`: the baselines of draws of the default calibration, for bands of history and forecast."""

import sys

import pandas as pd

from calibration import calibrate
from calibration.economies import Economies
from calibration.inputs import draws_of, load_inputs
from calibration.shocks.baseline_draws import CALIBRATION, FILE, FORECAST, WITHOUT_SHOCKS
from calibration.shocks.estimate import Estimation
from calibration.shocks.outlook import expected
from calibration.shocks.past import QUARTERS_AHEAD, read_past
from calibration.shocks.stored import numbers_at_mode
from calibration.shocks.tables import watched
from experiments.request.draws import read_draws
from model.transition.solutions import NotSolved, Settings

COUNT = 24


def main():
    """Write calibration/shocks/baseline_draws.csv."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    inputs = load_inputs(name=CALIBRATION)
    draws = read_draws(draws_of(CALIBRATION), inputs, count).economies
    found = Economies(inputs, Settings()).solve(
        list(draws.values()), lambda done, of: print(f"{done} of {of}", flush=True)
    )
    tables = {
        (part, draw): table
        for (draw, own), baseline in zip(draws.items(), found, strict=True)
        if not isinstance(baseline, NotSolved)
        for part, table in _told(own, baseline).items()
    }
    table = pd.concat(tables, names=["part", "draw", "observable"]).swaplevel().sort_index()
    table.to_csv(FILE, float_format="%.5g")
    print(f"{len(tables) // 2} of {count} draws written to {FILE}")
    return 0


def _told(inputs, baseline):
    """What is watched in an economy, `(observable, quarter)`: without shocks, and what it expects that reads the data."""
    past = read_past(Estimation(calibrate(inputs=inputs)), baseline, numbers_at_mode())
    quarters = past.quarters[len(past.known) :]
    ahead = pd.DataFrame(expected(past, len(quarters)), quarters, [o.name for o in watched()])
    still = past.without_shocks.iloc[past.first : past.first + QUARTERS_AHEAD]
    return {WITHOUT_SHOCKS: still.T, FORECAST: ahead.T.reindex(columns=still.index)}


if __name__ == "__main__":
    sys.exit(main())
