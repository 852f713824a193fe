"""`python -m experiments.estimation.coverage [SAMPLES]`: do 90 % intervals of the shocks' numbers hold the truth in simulated data?

Each sample has the length and the gaps of the data, is drawn at the stored mode, and is estimated anew from the priors' centres; intervals are those of the
normal approximation at its mode, on the scale of `calibration.shocks.estimate.free`.
"""

import sys
import time

import jax.numpy as jnp
import numpy as np
from scipy import stats

from calibration.calibrate import load
from calibration.shocks.estimate import Estimation, bound, free, numbers_of, sizes_by_quarter
from calibration.shocks.posterior import covariance
from calibration.shocks.stored import estimate
from calibration.shocks.tables import priors

SAMPLES, SEED, BURN_IN = 40, 20260101, 200
WIDTH = stats.norm.ppf(0.95)
COUNTED = ("persistence.", "deviation.")


def main():
    """Print how often each number's interval held it, and all together."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    started, generator = time.perf_counter(), np.random.default_rng(SEED)
    estimation, names = Estimation(load()), [p.name for p in priors()]
    truth = estimate()["mode"].to_numpy()
    held = []
    for k in range(samples):
        estimation.data = simulated(estimation, truth, generator)
        mode = estimation.mode()
        spread = np.sqrt(np.diag(covariance(estimation, mode.x)))
        held.append(np.abs(np.asarray(free(jnp.asarray(truth))) - mode.x) <= WIDTH * spread)
        print(f"{time.perf_counter() - started:.0f} s: {k + 1} of {samples}, held {np.mean(held):.3f}", flush=True)
    counted = [name.startswith(COUNTED) for name in names]
    for name, share in zip(names, np.mean(held, 0), strict=True):
        print(f"{name:32s} {100 * share:.0f} %")
    print(f"persistences and deviations together: {100 * np.mean(np.array(held)[:, counted]):.1f} % of 90 % intervals")
    return 0


def simulated(estimation, values, generator):
    """Data drawn at the numbers `values`, with the gaps of the estimation's own."""
    numbers = numbers_of(bound(free(jnp.asarray(values))))
    space, data = estimation.space(numbers.persistence), estimation.data
    transition, impact = np.asarray(space.transition), np.asarray(space.impact)
    sizes = np.asarray(sizes_by_quarter(numbers, data.index))
    state, found = np.zeros(len(transition)), []
    for size in np.concatenate([np.tile(sizes[0], (BURN_IN, 1)), sizes]):
        state = transition @ state + impact @ (size * generator.normal(size=len(size)))
        found.append(state[-data.shape[1] :])
    noisy = np.array(found[BURN_IN:]) + np.asarray(numbers.noise) * generator.normal(size=data.shape)
    drawn = data.copy()
    drawn[:] = np.where(data.isna(), np.nan, noisy)
    return drawn


if __name__ == "__main__":
    sys.exit(main())
