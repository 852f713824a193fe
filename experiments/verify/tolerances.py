"""How near a number has to come, by what limits its precision. One table for all cases and tests, in float64."""

ROUNDING = 1e-12  # a formula evaluated twice
CONVERGED = 1e-10  # residuals of a solved path of the full model
SOLVED = 1e-9  # a path or a steady state solved to 1e-12, or an answer printed with 12 decimals
PRINTED_9_DECIMALS = 1e-9
LIMIT = 1e-6  # a limit taken at a distance of 1e-6
RATE = 2e-2  # a rate of convergence measured by halving
EXTRAPOLATED = 1e-3  # a limit extrapolated from sizes of 2 and 4 %
ACCOUNTS = 1e-9  # identities along a path of the full model, solved to 1e-10
SMOOTHED = 1e-7  # an exact complementarity approached with eps = 1e-8
EXACT = 0.0  # counts and yes or no
