"""Figures of a run; every figure takes `Figure` from here, in which text is text whatever letters it has."""

import matplotlib
from matplotlib.figure import Figure

matplotlib.rcParams["text.parse_math"] = False

__all__ = ["Figure"]
