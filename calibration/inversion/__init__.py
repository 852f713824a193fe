"""The initial steady state in closed form: targets in, parameters and unknowns out.

No root is searched: the two conditions left after the chain of definitions (output such that GDP is one, the labour tax such
that debt is constant) are linear, so two evaluations give them.
"""

from calibration.inversion.invert import Calibration, inversion, invert

__all__ = ["Calibration", "inversion", "invert"]
