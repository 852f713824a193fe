"""`python -m experiments.estimation.baseline_draws [COUNT]`: the baselines of draws of the default calibration, for bands of history and forecast."""

import sys

import pandas as pd

from calibration.economies import Economies
from calibration.inputs import draws_of, load_inputs
from calibration.shocks.baseline_draws import CALIBRATION, FILE
from calibration.shocks.past import model_observables
from calibration.shocks.tables import watched
from experiments.request.draws import read_draws
from model.transition.solutions import NotSolved, Settings

COUNT = 24
TOLD = "gdp unemployment inflation policy_rate business_investment ten_year_yield ai_investment electricity".split()


def main():
    """Write calibration/shocks/baseline_draws.csv."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    inputs = load_inputs(name=CALIBRATION)
    draws = read_draws(draws_of(CALIBRATION), inputs, count).economies
    found = Economies(inputs, Settings()).solve(
        list(draws.values()), lambda done, of: print(f"{done} of {of}", flush=True)
    )
    observed = tuple(o for o in watched() if o.name in TOLD)
    tables = {
        draw: model_observables(baseline, observed).T
        for draw, baseline in zip(draws, found, strict=True)
        if not isinstance(baseline, NotSolved)
    }
    table = pd.concat(tables, names=["draw", "observable"]).swaplevel().sort_index()
    table.to_csv(FILE, float_format="%.5g")
    print(f"{len(tables)} of {count} draws written to {FILE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
