"""Estimation of the daily block: tables of parameters and of moments."""

import time
from pathlib import Path

import pandas as pd

from calibration.estimators.simulated_moments import SAMPLES, estimate
from calibration.markets.inputs import estimated_names, market_parameters, parameter_rows, target_rows
from experiments.answer.tables.writing import formatted, write_table
from experiments.entry import use_device
from experiments.markets.setting import prepare_market
from experiments.markets.tables import MARKET_VALUE, PAYOUT, long_run_moments, moment_table
from experiments.request.build import prepare
from experiments.request.errors import EXIT_NOT_SOLVED, InputError, nearest


def estimate_markets(config, folder):
    """Simulated method of moments from the shipped numbers; the exit status."""
    if prepare(config).scenarios:
        raise InputError("scenarios: numbers of markets are estimated without; leave scenarios and changes out")
    market, rows, moments = prepare_market(config), parameter_rows(), target_rows()
    also = list(config.estimate_also)
    unknown = [name for name in also if name not in {**rows, **moments}]
    if unknown:
        near = nearest(unknown[0], [*rows, *moments])
        raise InputError(
            f"estimate_also: got {unknown[0]!r}{near}; expected a number of the daily block or a moment of markets"
        )
    names = (*estimated_names(), *(name for name in also if name in rows))
    use_device(config.device.value)
    started = time.perf_counter()
    found = estimate(MARKET_VALUE, PAYOUT, market.seed, market.moved, names, also, lambda line: print(line, flush=True))
    numbers = pd.DataFrame(
        [
            {
                "name": n,
                "value": v,
                "standard_error": s,
                "unit": rows[n].unit,
                "at a bound": "yes" if n in found.at_bound else "",
            }
            for n, v, s in zip(found.names, found.values, found.standard_errors, strict=True)
        ]
    )
    caption = (
        f"Simulated method of moments: {SAMPLES} samples as long as the data, seed {market.seed}; sum of squared standard errors {found.objective:.4g} "
        f"over {len(found.used)} moments; standard errors are those of the data, without simulation error. {found.reason}"
    )
    values = market.moved | dict(zip(found.names, map(float, found.values), strict=True))
    table = moment_table(long_run_moments(market_parameters(values), market.seed), also)
    write_table(numbers, Path(folder), "estimated", caption)
    write_table(table, Path(folder), "moments", caption)
    print(f"\n{formatted(numbers).to_string(index=False)}\n\n{formatted(table).to_string(index=False)}\n\n{caption}")
    for name, value, error in zip(found.names, found.values, found.standard_errors, strict=True):
        if error > abs(value):
            print(f"the moments hardly inform {name}: {value:.3g} with a standard error of {error:.3g}")
    print(f"\nestimation {time.perf_counter() - started:.0f} s\nfolder: {folder}")
    return 0 if found.converged else EXIT_NOT_SOLVED
