"""The one table of tolerances, by what limits the precision; the verification table uses the same."""

from experiments.verify.tolerances import (  # noqa: F401
    ACCOUNTS,
    CONVERGED,
    EXACT,
    EXTRAPOLATED,
    LIMIT,
    PRINTED_9_DECIMALS,
    RATE,
    ROUNDING,
    SMOOTHED,
    SOLVED,
)

LANES = 1e-9  # paths solved together against paths solved alone, in solver coordinates
