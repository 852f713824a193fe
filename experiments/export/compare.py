"""How far two paths of one scenario are apart."""

import numpy as np

from experiments.export.equations import coordinate_names


def furthest(path, solution):
    """Largest difference of any unknown in solver coordinates, with the unknown's name and the quarter.

    `path` is `(T, n)`, another solver's answer; what is not a finite number counts as infinitely far.
    """
    gap = np.abs(np.asarray(path) - solution.path)
    gap = np.where(np.isfinite(gap), gap, np.inf)
    quarter, unknown = np.unravel_index(int(gap.argmax()), gap.shape)
    economy, late = solution.economy, solution.first_quarter + int(quarter)
    return float(gap.max()), coordinate_names(economy)[unknown], economy.units.quarter_label(late)
