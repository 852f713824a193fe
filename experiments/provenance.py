"""Where numbers come from: device, precision, versions, commit."""

import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import jax

PACKAGES = ("jax", "jaxlib", "equinox", "numpy", "scipy", "pandas", "hydra-core")


def provenance():
    """Device, precision, versions and commit."""
    return {
        "device": str(jax.devices()[0]),
        "precision": "float64",
        "versions": {name: _version(name) for name in PACKAGES},
        "commit": _commit(),
    }


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit():
    here = Path(__file__).parent
    answer = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None
