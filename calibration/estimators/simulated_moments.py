"""Simulated method of moments for the daily block (McFadden, 1989): the same random numbers at every parameter.

So the simulated moments are smooth in the parameters, and their derivatives are those of the simulation itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import scipy.optimize

from calibration.markets.inputs import estimated_names, parameter_rows, target_rows
from model.compute.compile import compiled
from model.core.units import DAYS_A_QUARTER
from model.markets.declarations import Parameters
from model.markets.moments import moments
from model.markets.paths import Block, Setting, everything_on, quiet_core, simulate_block

SAMPLES = 64
QUARTERS, FORGOTTEN = 148, 2  # of a sample, as many as the data have, after some in which the market forgets its start
TOLERANCE = 1e-5


class Estimate(NamedTuple):
    """`names` are of the parameters, `used` of the moments."""

    names: tuple[str, ...]
    values: np.ndarray
    standard_errors: np.ndarray
    at_bound: tuple[str, ...]
    moments: dict[str, float]  # of the model, all of them
    used: tuple[str, ...]
    objective: float  # sum of squared standard errors that the used moments are off
    converged: bool
    reason: str


def estimate(
    market_value: float,
    payout: float,
    seed: int,
    values: Mapping[str, float] | None = None,
    names: tuple[str, ...] | None = None,
    also_used: Sequence[str] = (),
    say: Callable[[str], Any] = lambda line: None,
) -> Estimate:
    """`Estimate` of the parameters `names` (None: all marked in the table), the others at `values` or as shipped.

    `market_value` and quarterly `payout` in trillions of dollars; `also_used` are moments held out otherwise.
    """
    names, rows, targets = names or estimated_names(), parameter_rows(), target_rows()
    used = tuple(name for name, row in targets.items() if row.used or name in also_used)
    data, errors = (np.array([getattr(targets[name], f) for name in used]) for f in ("value", "standard_error"))
    fixed = {**{name: row.value for name, row in rows.items()}, **(values or {})}
    program = _moments_program(names, tuple(targets), quiet_core(market_value, payout, QUARTERS), seed)
    low, high = (np.array([getattr(rows[name], f) for name in names]) for f in ("low", "high"))
    start = np.clip([fixed[name] for name in names], low + 1e-6 * (high - low), high - 1e-6 * (high - low))
    distance = _Distance(program, fixed, used, data, errors, say)
    found = scipy.optimize.least_squares(
        distance.residuals,
        start,
        distance.slopes,  # pyright: ignore[reportArgumentType]
        (low, high),
        x_scale="jac",
        xtol=TOLERANCE,
        ftol=TOLERANCE,
        max_nfev=60,
    )
    scaled = distance.slopes(found.x)
    simulated = distance.simulated(found.x)
    covariance = np.linalg.pinv(scaled.T @ scaled)
    bound = tuple(name for name, active in zip(names, found.active_mask, strict=True) if active)
    return Estimate(
        names,
        found.x,
        np.sqrt(np.diag(covariance)),
        bound,
        {name: value for name, (value, _) in simulated.items()},
        used,
        float((found.fun**2).sum()),
        bool(found.success),
        found.message,
    )


class _Distance:
    """How many standard errors the used moments are off, and its derivatives; the last point is kept."""

    def __init__(self, program, fixed, used, data, errors, say):
        self._program, self._fixed, self._used = program, fixed, used
        self._data, self._errors, self._say = data, errors, say
        self._known = {}

    def simulated(self, x):
        """`{moment: (value, derivatives)}` of all moments."""
        key = x.tobytes()
        if key not in self._known:
            self._known.clear()
            found, slopes = jax.device_get(self._program(jnp.asarray(x), self._fixed))
            self._known[key] = {name: (float(value), slopes[name]) for name, value in found.items()}
            self._say(f"objective {(self.residuals(x) ** 2).sum():.6g}")
        return self._known[key]

    def residuals(self, x):
        return (np.array([self.simulated(x)[name][0] for name in self._used]) - self._data) / self._errors

    def slopes(self, x):
        return np.array([self.simulated(x)[name][1] for name in self._used]) / self._errors[:, None]


def _moments_program(names, moment_names, core, seed):
    """Compiled `(x, fixed) -> ({moment: value}, {moment: derivatives by x})`."""

    def simulated(x, fixed):
        p = Parameters(**fixed | dict(zip(names, x, strict=True)))
        setting = Setting(p, core, everything_on(), jax.random.key(seed))
        day = simulate_block(setting, Block(jnp.asarray(0), jnp.zeros((SAMPLES, QUARTERS))))
        found = moments(p, day, FORGOTTEN * DAYS_A_QUARTER, smooth=True)
        return {name: found[name] for name in moment_names}

    def both(x, fixed):
        return simulated(x, fixed), jax.jacfwd(simulated)(x, fixed)

    return compiled(both)
