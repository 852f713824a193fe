"""Roots of a few equations, for static allocations and complementarity problems."""

import jax
import jax.numpy as jnp

from model.solvers.outcome import Code
from model.solvers.search.newton import Problem, newton


def root(function, guess, smoothing=(0.0,), tolerance=1e-13):
    """`x` with `function(x, eps)` zero at the last of `smoothing`, by continuation; not a number if there is none."""
    eps = jnp.asarray(smoothing)
    problem = Problem(
        residual=lambda x, stage: (function(x, eps[stage]), jnp.zeros(())),
        factorise=lambda x, _, stage: jax.jacfwd(function)(x, eps[stage]),
        solve=lambda jacobian, residual: -jnp.linalg.solve(jacobian, residual),
        longest=lambda step: 1.0 / jnp.abs(step).max(),
        stages=len(smoothing),
    )
    result = jax.jit(lambda x: newton(problem, x, tolerance, 200))(guess)
    return jnp.where(result.code == Code.CONVERGED, result.x, jnp.nan)
