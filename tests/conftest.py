"""Settings of the test run: float64 before JAX is imported, fixed seeds, one solve of the full model for all."""

import model  # noqa: F401 - sets float64 before JAX is imported

# isort: split

import sys
from pathlib import Path

import absl.logging
import jax
import numpy as np
import pytest

MEMORY_MAPS, MOST_MAPS = Path("/proc/self/maps"), 25_000

absl.logging.get_absl_handler().python_handler.stream = (
    sys.__stderr__
)  # it would close pytest's, which it was born with


def pytest_sessionstart(session):
    assert jax.config.jax_enable_x64, "float64 is off: JAX was imported before the model"


@pytest.fixture(scope="module", autouse=True)
def few_memory_maps():
    """Forget compiled programs before a process has more memory maps than Linux allows: the next one to be loaded would break it.

    A gradient through a whole calibration takes 13,000 of the usual 65,530 (jax-ml/jax #27201).
    """
    yield
    if MEMORY_MAPS.is_file() and len(MEMORY_MAPS.read_bytes().splitlines()) > MOST_MAPS:
        jax.clear_caches()


@pytest.fixture
def rng():
    return np.random.default_rng(20260101)


@pytest.fixture(scope="session")
def reference_paths():
    from experiments.verify.reference import reference_paths

    return reference_paths()


@pytest.fixture(scope="session")
def calibrated():
    """The default economy, unless a module has another."""
    from calibration.calibrate import load

    return load()


@pytest.fixture(scope="session")
def baseline(calibrated):
    return calibrated.baseline()
