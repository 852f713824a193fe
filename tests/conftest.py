"""Settings of the test run: float64 before JAX is imported, fixed seeds, one solve of the full model for all."""

import model  # noqa: F401 - sets float64 before JAX is imported

# isort: split

import sys

import absl.logging
import jax
import numpy as np
import pytest

absl.logging.get_absl_handler().python_handler.stream = (
    sys.__stderr__
)  # it would close pytest's, which it was born with


def pytest_sessionstart(session):
    assert jax.config.jax_enable_x64, "float64 is off: JAX was imported before the model"


@pytest.fixture
def rng():
    return np.random.default_rng(20260101)


@pytest.fixture(scope="session")
def reference_paths():
    from experiments.verify.reference import reference_paths

    return reference_paths()
