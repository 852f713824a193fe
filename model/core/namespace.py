"""Formulas that serve on the host and inside derivatives alike."""

from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np


def namespace(*values: object) -> ModuleType:
    """`jax.numpy` if any of the values is a JAX array or traced, else NumPy."""
    return jnp if any(isinstance(v, jax.Array) for v in values) else np
