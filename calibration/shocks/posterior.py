"""Posterior draws of persistences and sizes of shocks: NUTS on the exact posterior, in coordinates in which it is about normal."""

from collections.abc import Callable
from typing import Any, NamedTuple

import blackjax
import jax
import jax.numpy as jnp
import numpy as np
from blackjax.diagnostics import effective_sample_size, potential_scale_reduction
from jaxtyping import Float

from calibration.shocks.estimate import Estimation, bound

CHAINS, DROPPED, KEPT = 2, 20, 150
STEP_SIZE, MOST_DOUBLINGS = 0.35, 5  # in coordinates in which the posterior is about a standard normal
STEP, SMALLEST_CURVATURE = 1e-4, 0.05  # of differences of the gradient; in a direction that data and prior hardly tell


class Posterior(NamedTuple):
    """Draws in the units of the numbers, and how well the chains agree."""

    draws: Float[np.ndarray, "draws numbers"]
    rhat: Float[np.ndarray, "numbers"]
    effective: Float[np.ndarray, "numbers"]
    acceptance: float


def covariance(estimation: Estimation, mode: Float[np.ndarray, "numbers"]) -> Float[np.ndarray, "numbers numbers"]:
    """Of `free` numbers at the mode: the inverse of the curvature, from differences of the exact gradient."""
    data, known = estimation.arrays

    def gradient(at):
        return np.asarray(estimation.value_and_gradient(jnp.asarray(at), data, known)[1])

    steps = STEP * np.eye(len(mode))
    hessian = np.array([(gradient(mode - step) - gradient(mode + step)) / (2 * STEP) for step in steps])
    sizes, directions = np.linalg.eigh((hessian + hessian.T) / 2)
    return (directions / np.maximum(sizes, SMALLEST_CURVATURE)) @ directions.T


def sample(
    estimation: Estimation,
    mode: Float[np.ndarray, "numbers"],
    spread: Float[np.ndarray, "numbers numbers"],
    seed: int,
    say: Callable[[str], Any] = lambda line: None,
) -> Posterior:
    """`Posterior` around the mode of `free` numbers; `spread` is their covariance there. One chain runs after the other."""
    data, known = estimation.arrays
    root = jnp.asarray(np.linalg.cholesky(spread))

    def density(whitened):
        return estimation.log_posterior(mode + root @ whitened, data, known)

    kernel: Any = blackjax.nuts(density, STEP_SIZE, jnp.ones(len(mode)), max_num_doublings=MOST_DOUBLINGS)
    advanced = jax.jit(kernel.step)

    def chain(key):
        begin, run = jax.random.split(key)
        state, found, accepted = kernel.init(jax.random.normal(begin, mode.shape)), [], []
        for k, key in enumerate(jax.random.split(run, DROPPED + KEPT)):
            state, told = advanced(key, state)
            found.append(np.asarray(state.position))
            accepted.append(float(told.acceptance_rate))
            if not (k + 1) % 20:
                say(f"{k + 1} of {DROPPED + KEPT} draws of a chain, acceptance {np.mean(accepted):.2f}")
        return np.array(found[DROPPED:]), np.mean(accepted)

    chains, accepted = zip(*map(chain, jax.random.split(jax.random.key(seed), CHAINS)), strict=True)
    together = jnp.asarray(np.array(chains))
    free = mode + np.concatenate(chains) @ np.asarray(root).T
    return Posterior(
        np.asarray(bound(jnp.asarray(free))),
        np.asarray(potential_scale_reduction(together)),
        np.asarray(effective_sample_size(together)),
        float(np.mean(accepted)),
    )
