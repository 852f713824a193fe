"""`python -m experiments.estimation.shocks`: the shocks of the default economy estimated anew, and kept in calibration/shocks."""

import sys
import time

import numpy as np
import pandas as pd

from calibration.calibrate import load
from calibration.shocks.estimate import Estimation, bound, drawn_from_prior
from calibration.shocks.posterior import covariance, sample
from calibration.shocks.tables import FOLDER, priors

SEED = 20260101
STARTS = 12
BAND = (5, 95)


def main():
    """Write `estimate.csv` and `draws.csv`."""
    started = time.perf_counter()

    def say(line):
        print(f"{time.perf_counter() - started:.0f} s: {line}", flush=True)

    estimation = Estimation(load())
    mode = highest_mode(estimation, say)
    spread = covariance(estimation, mode.x)
    posterior = sample(estimation, mode.x, spread, SEED, say)
    say(
        f"R-hat at most {posterior.rhat.max():.3f}, effective draws at least {posterior.effective.min():.0f}, "
        f"acceptance {posterior.acceptance:.2f}"
    )
    names = [p.name for p in priors()]
    low, high = np.percentile(posterior.draws, BAND, axis=0)
    table = {
        "name": names,
        "mode": np.asarray(bound(mode.x)),
        "mode_without_pandemic": without_pandemic(estimation, mode.x),
        "mean": posterior.draws.mean(0),
        "low_5": low,
        "high_95": high,
        "rhat": posterior.rhat,
        "effective_draws": posterior.effective,
    }
    pd.DataFrame(table).to_csv(FOLDER / "estimate.csv", index=False, float_format="%.4g")
    pd.DataFrame(posterior.draws, columns=names).to_csv(FOLDER / "draws.csv", index=False, float_format="%.4g")
    say(f"written to {FOLDER}")
    return 0


def highest_mode(estimation, say):
    """The highest of the modes that are found from the priors' centres and from draws of the priors: there are several."""
    rng = np.random.default_rng(SEED)
    found = []
    for k, start in enumerate([None, *(drawn_from_prior(rng) for _ in range(STARTS))]):
        mode = estimation.mode(start)
        say(f"start {k}: log posterior {-mode.fun:.2f}, largest slope {np.abs(mode.jac).max():.1e}")
        found.append(mode)
    return min(found, key=lambda mode: np.nan_to_num(mode.fun, nan=np.inf))


def without_pandemic(estimation, start):
    """The mode where the data of 2020Q1 to 2021Q2 are missing, in the units of the numbers."""
    whole = estimation.data
    estimation.data = whole.copy()
    estimation.data.loc["2020Q1":"2021Q2"] = np.nan
    found = estimation.mode(start)
    estimation.data = whole
    return np.asarray(bound(found.x))


if __name__ == "__main__":
    sys.exit(main())
