"""`python -m experiments.estimation.coverage [SAMPLES]`: do 90 % intervals of the shocks' numbers hold the truth in simulated data?

Each of SAMPLES samples has the length and the gaps of the data and is estimated anew, by a search that begins at the truth (an
estimate finds the highest mode from thirteen starts); intervals are those of the normal approximation at the mode, on the scale of
`calibration.shocks.estimate.free`. First the truths are drawn from the priors: there right intervals hold nine tenths (Cook, Gelman
and Rubin, 2006). Then the truth is the stored mode, one point that the data have pulled away from the priors: what the priors pull
back counts against the intervals.
"""

import sys
import time

import jax.numpy as jnp
import numpy as np
from scipy import stats

from calibration.calibrate import load
from calibration.shocks.estimate import Estimation, bound, drawn_from_prior, free, numbers_of, sizes_by_quarter
from calibration.shocks.posterior import covariance
from calibration.shocks.stored import estimate
from calibration.shocks.tables import priors

SAMPLES, SEED, BURN_IN = 40, 20260101, 200
WIDTH = stats.norm.ppf(0.95)
COUNTED = ("persistence.", "deviation.")


def main():
    """Print how often each number's interval held it, and all together, for both kinds of truths."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    estimation, generator = Estimation(load()), np.random.default_rng(SEED)
    mode = np.asarray(free(jnp.asarray(estimate()["mode"].to_numpy())))
    names = [p.name for p in priors()]
    counted = [name.startswith(COUNTED) for name in names]
    kinds = {"drawn from the priors": lambda: np.asarray(drawn_from_prior(generator)), "at the mode": lambda: mode}
    held = {kind: _held(estimation, kind, truth, samples, generator, counted) for kind, truth in kinds.items()}
    for name, *shares in zip(names, *(100 * found.mean(0) for found in held.values()), strict=True):
        print(f"{name:32s} " + ", ".join(f"{share:.0f} % {kind}" for share, kind in zip(shares, held, strict=True)))
    for kind, found in held.items():
        print(f"truths {kind}: {100 * found[:, counted].mean():.1f} % of 90 % intervals of persistences and deviations")
    return 0


def _held(estimation, kind, truth, samples, generator, counted):
    """Whether the interval of each number held it, `(samples, numbers)`."""
    started, held = time.perf_counter(), []
    for k in range(samples):
        numbers = truth()
        estimation.data = simulated(estimation, bound(jnp.asarray(numbers)), generator)
        mode = estimation.mode(jnp.asarray(numbers))
        spread = np.sqrt(np.diag(covariance(estimation, mode.x)))
        held.append(np.abs(numbers - mode.x) <= WIDTH * spread)
        share = np.mean(np.array(held)[:, counted])
        print(f"{time.perf_counter() - started:.0f} s: {kind}, {k + 1} of {samples}, held {share:.3f}", flush=True)
    return np.array(held)


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
