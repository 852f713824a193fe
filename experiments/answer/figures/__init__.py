"""Figures of a run."""

import matplotlib

matplotlib.rcParams["text.parse_math"] = False  # names of scenarios are text, whatever letters they have
