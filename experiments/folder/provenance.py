"""Where numbers come from: device, precision, versions, commit."""

import json
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import jax
import jax.numpy as jnp

from model.compute.source import digest

PACKAGES = ("jax", "jaxlib", "equinox", "numpy", "scipy", "pandas", "hydra-core")


def provenance():
    """Device, precision, versions and commit."""
    return {
        "device": str(jax.devices()[0]),
        "precision": str(jnp.zeros(()).dtype),
        "versions": {name: _version(name) for name in PACKAGES},
        "commit": _commit(),
    }


def economy_of(inputs, settings):
    """What tells an economy and how it is solved, for stored answers."""
    return digest(json.dumps([inputs.numbers, settings.horizon, settings.terminal, settings.smoothing]))


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit():
    """The commit of the source; None where there is no git or no repository."""
    if shutil.which("git") is None:
        return None
    here = Path(__file__).parent
    answer = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None
