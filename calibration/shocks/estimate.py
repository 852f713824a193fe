"""Persistences and sizes of shocks from the data before the model's first quarter: posterior mode and draws around it."""

from functools import cached_property
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import scipy.optimize
from jax import Array
from jaxtyping import Float

from calibration.calibrate import Calibrated
from calibration.shocks.likelihood import log_likelihood
from calibration.shocks.observations import before, level, read_data
from calibration.shocks.state_space import observed_slopes, state_space
from calibration.shocks.tables import directions, observables, priors, shocks
from model.compute.compile import compiled
from model.core.types import Real, Scalar
from model.equilibrium.outcomes.register import UNITS
from model.solvers.first_order.law import Shocks, steady_law
from model.solvers.first_order.saddle_path import saddle_path
from model.transition.derivatives.shocks import law_at_rest

PANDEMIC = ("2020Q1", "2020Q2", "2020Q3")


class Numbers(NamedTuple):
    """What is estimated, in its own units."""

    persistence: Float[Real, "shocks"]
    deviation: Float[Real, "shocks"]
    noise: Float[Real, "observables"]
    pandemic: Float[Real, "quarters"]  # scale of all shocks in the quarters PANDEMIC
    decay: Scalar  # of the last of them, by quarter


def numbers_of(values: Float[Real, "numbers"]) -> Numbers:
    """`Numbers` from the values of `priors()`, in their order."""
    k, noisy = len(shocks()), [o.noise for o in observables()]
    persistence, deviation, noise, rest = jnp.split(jnp.asarray(values), [k, 2 * k, 2 * k + sum(noisy)])
    every = jnp.zeros(len(noisy)).at[np.flatnonzero(noisy)].set(noise)
    return Numbers(persistence, deviation, every, rest[:-1], rest[-1])


def sizes_by_quarter(numbers: Numbers, quarters: Any) -> Float[Array, "quarters shocks"]:
    """Standard deviations of the shocks in each of the `quarters`, labels in their order (Lenza and Primiceri, 2022)."""
    labels = list(quarters)
    first = labels.index(PANDEMIC[0]) if PANDEMIC[0] in labels else len(labels)
    since = np.arange(len(labels)) - first
    last = len(PANDEMIC) - 1
    fading = 1 + (numbers.pandemic[-1] - 1) * numbers.decay ** np.maximum(since - last, 0)
    scale = jnp.where(since > last, fading, numbers.pandemic[np.clip(since, 0, last)])
    return jnp.where(since < 0, 1.0, scale)[:, None] * numbers.deviation


def free(values: Float[Real, "numbers"]) -> Float[Real, "numbers"]:
    """Values as numbers on the whole line: log odds of those between zero and one, logarithms of others."""
    within = np.array([p.distribution == "beta" for p in priors()])
    return jnp.where(within, jnp.log(values) - jnp.log1p(-jnp.where(within, values, 0.5)), jnp.log(values))


def bound(numbers: Float[Real, "numbers"]) -> Float[Real, "numbers"]:
    """Inverse of `free`."""
    within = np.array([p.distribution == "beta" for p in priors()])
    return jnp.where(within, jax.nn.sigmoid(numbers), jnp.exp(jnp.where(within, 0.0, numbers)))


def log_prior(numbers: Float[Real, "numbers"]) -> Scalar:
    """Density of `free` numbers, their transformation counted."""
    within = np.array([p.distribution == "beta" for p in priors()])
    mean, deviation = (np.array([getattr(p, part) for p in priors()]) for part in ("mean", "deviation"))
    strength = mean * (1 - mean) / deviation**2 - 1
    a, b = np.where(within, mean * strength, 1.0), np.where(within, (1 - mean) * strength, 1.0)
    odds = -a * jnp.logaddexp(0.0, -numbers) - b * jnp.logaddexp(0.0, numbers)
    logs = -0.5 * ((numbers - np.log(mean)) / deviation) ** 2
    return jnp.where(within, odds, logs).sum()


def drawn_from_prior(rng: np.random.Generator) -> Float[Real, "numbers"]:
    """`free` numbers drawn from their priors."""
    values = []
    for prior in priors():
        strength = prior.mean * (1 - prior.mean) / prior.deviation**2 - 1
        if prior.distribution == "beta":
            values.append(rng.beta(prior.mean * strength, (1 - prior.mean) * strength))
        else:
            values.append(rng.lognormal(np.log(prior.mean), prior.deviation))
    return free(jnp.array(values))


class Estimation:
    """The posterior of `free` numbers, for one calibrated economy and the data before its first quarter."""

    def __init__(self, calibrated: Calibrated, data: pd.DataFrame | None = None):
        self.calibrated, self.economy = calibrated, calibrated.economy
        self.first = self.economy.units.quarter_label(0)
        self.x0 = np.asarray(self.economy.variables.pack(calibrated.initial))
        rest = jnp.asarray(self.economy.at_rest)
        self.saddle = saddle_path(self.economy, calibrated.parameters, rest, jnp.asarray(self.x0))
        still = Shocks(directions(self.economy), np.full(len(shocks()), 0.5))
        self.resting = law_at_rest(self.economy, calibrated.parameters, self.x0, self.saddle, still)
        self.slopes = observed_slopes(self.resting.outcomes, UNITS, observables())[0]
        self.data = before(read_data() if data is None else data, self.initial, self.first)

    @property
    def initial(self) -> dict[str, float]:
        """Levels of the observables at rest."""
        values = self.resting.outcomes.values
        return {o.name: float(level(o, values[o.outcome], UNITS)[0]) for o in observables()}

    @cached_property
    def _steady(self):
        return steady_law(self.economy)

    def space(self, persistence: Float[Real, "shocks"]) -> Any:
        """State space at rest."""
        p, rest = self.calibrated.parameters, self.economy.at_rest
        law = self._steady(p, rest, self.x0, self.saddle.rule, Shocks(directions(self.economy), persistence))
        return state_space(law, self.slopes, persistence, self.economy.carried, observables())

    def log_posterior(self, numbers: Float[Real, "numbers"], data: Any, known: Any) -> Scalar:
        """Of `free` numbers, given `data` `(quarters, observables)` where `known`."""
        own = numbers_of(bound(numbers))
        sizes = sizes_by_quarter(own, self.data.index)
        return log_prior(numbers) + log_likelihood(self.space(own.persistence), sizes, own.noise, data, known)

    @cached_property
    def value_and_gradient(self) -> Any:
        """Compiled `(numbers, data, known) -> (log posterior, gradient)`."""
        return compiled(jax.value_and_grad(self.log_posterior))

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """The data, zero where not known, and where they are known."""
        values = self.data.to_numpy(float)
        return np.nan_to_num(values), np.isfinite(values)

    def mode(self, start: Float[Real, "numbers"] | None = None, say: Any = None) -> scipy.optimize.OptimizeResult:
        """Posterior mode of `free` numbers, from the priors' centres unless a `start` is given."""
        data, known = self.arrays
        centres = free(jnp.array([p.mean for p in priors()]))

        def objective(numbers):
            value, gradient = self.value_and_gradient(jnp.asarray(numbers), data, known)
            if say:
                say(float(value))
            return -float(value), -np.asarray(gradient)

        at = np.asarray(centres if start is None else start)
        return scipy.optimize.minimize(
            objective, at, jac=True, method="L-BFGS-B", options={"maxiter": 500, "maxfun": 800}
        )
