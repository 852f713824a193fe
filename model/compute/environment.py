"""Process settings that must stand before JAX and NumPy are imported. Of what the user set, only the precision is overridden."""

import os
import sys
from importlib.metadata import version
from pathlib import Path

# jaxlib 0.10 on CPU can deadlock when one program runs several loops with batched LAPACK calls; later versions
# neither need the flag nor may know it, and an unknown XLA flag aborts the process.
_CPU_SCHEDULER_FLAG = "--xla_cpu_enable_concurrency_optimized_scheduler"


def prepare_environment() -> None:
    """Set one BLAS thread, float64, values instead of exceptions inside programs, and a persistent compile cache."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("EQX_ON_ERROR", "nan")
    os.environ["JAX_ENABLE_X64"] = "true"  # whatever it was: no number here stands in single precision
    os.environ.setdefault("JAX_NUM_CPU_DEVICES", str(_cores()))
    if (folder := _cache_folder()) is not None:
        os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(folder))
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.1")
    flags = os.environ.get("XLA_FLAGS", "")
    if version("jaxlib").startswith("0.10.") and _CPU_SCHEDULER_FLAG not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} {_CPU_SCHEDULER_FLAG}=false".strip()
    if "jax" in sys.modules:  # imported before us, so it has read its variables: set the same in its configuration
        config = sys.modules["jax"].config
        config.update("jax_enable_x64", True)
        config.update("jax_compilation_cache_dir", os.environ.get("JAX_COMPILATION_CACHE_DIR"))
        config.update(
            "jax_persistent_cache_min_compile_time_secs",
            float(os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"]),
        )


def _cores():
    """Processors that this process may use; each is a device of its own for sweeps."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cache_folder():
    """Where compiled programs are kept; None without a home folder, as in containers."""
    root = os.environ.get("XDG_CACHE_HOME")
    home = os.path.expanduser("~")
    if not root and not (os.path.isabs(home) and home != "/"):
        return None
    return Path(root or Path(home) / ".cache") / "two-economies" / "jax"
