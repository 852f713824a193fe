"""Numbers and where they come from."""

import model  # noqa: F401  (prepares the environment before JAX is imported)
from calibration.calibrate import Calibrated, calibrate, load

__all__ = ["Calibrated", "calibrate", "load"]
