"""`python -m experiments.draws [count]`: is the baseline there at other elasticities? Random draws, each certified or refused."""

import sys
import time

import numpy as np

from calibration import calibrate
from calibration.inputs import load_inputs
from calibration.symbols import resolve
from model.core.units import quarter_label
from model.solve import NotSolved, Settings

SPREAD = 0.25
# Elasticities and slopes of the model, by symbol; a stem moves all its labels together.
MOVED = (
    "theta zeta sigS sigV sigE etaC phT phA epsN_gas epsN_nuc epsN_vre epsX epscu epsf phiG eta kp kw phpi phu rhoi phid"
).split()
LOWEST, HIGHEST = {"theta": 1.2}, {"rhoi": 0.93}


def draw(generator, inputs):
    """Values by name with every moved parameter scaled by a uniform factor within the spread."""
    values = {}
    for symbol in MOVED:
        factor = generator.uniform(1 - SPREAD, 1 + SPREAD)
        rows = [r for r in inputs.parameters.values() if r.symbol == symbol] or [
            r for r in inputs.parameters.values() if r.symbol.startswith(f"{symbol}_")
        ]
        for row in rows:
            value = np.clip(row.value * factor, LOWEST.get(symbol, -np.inf), HIGHEST.get(symbol, np.inf))
            values |= resolve(inputs, row.symbol, float(value))
    return values


def main(count=200, seed=0):
    """Print one line a draw and a summary; returns 0 if at least nine in ten draws are certified."""
    inputs, settings, generator = load_inputs(), Settings(), np.random.default_rng(seed)
    certified, seconds, refusals = 0, [], []
    for i in range(count + 1):  # the first draw also compiles and is counted but not timed
        values, started = draw(generator, inputs), time.perf_counter()
        try:
            outcome = calibrate(values, smoothing=settings.smoothing).baseline(settings).solution.outcome
        except NotSolved as failure:
            outcome = failure.outcome
        if i == 0:
            continue
        seconds.append(time.perf_counter() - started)
        certified += outcome.converged
        where = "" if outcome.worst_quarter is None else f" at {quarter_label(outcome.worst_quarter)}"
        print(
            f"draw {i:3d}: {outcome.code.label}, {seconds[-1]:.2f} s, residual {outcome.max_residual:.0e}{where}",
            flush=True,
        )
        if not outcome.converged:
            refusals.append(f"draw {i}: {outcome.reason}")
    print(
        f"\n{certified} of {count} draws certified; seconds a draw: median {np.median(seconds):.2f}, "
        f"mean {np.mean(seconds):.2f}, largest {np.max(seconds):.2f}"
    )
    print("\n".join(refusals))
    return 0 if certified >= 0.9 * count else 1


if __name__ == "__main__":
    sys.exit(main(*(int(a) for a in sys.argv[1:])))
