"""The truth suite: answers known from theory, by hand or in print, against what the solvers and the equations give."""

import model  # noqa: F401 - sets float64 before JAX is imported
