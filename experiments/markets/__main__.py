"""`python -m experiments.markets [overrides]`: daily paths around the core's, and what they depend on."""

import sys

from experiments.entry import command
from experiments.request.errors import InputError


def main(arguments=None):
    """Run and return the exit status: 0 solved, 1 not solved, 2 bad input."""
    return command("markets", run, arguments)


def run(config, folder):
    if config.estimate:
        from experiments.markets.estimation import estimate_markets

        return estimate_markets(config, folder)
    if config.estimate_also:
        raise InputError(f"estimate_also: got {list(config.estimate_also)}; expected estimate=true with it")
    from experiments.markets.command import run_markets

    return run_markets(config, folder)


if __name__ == "__main__":
    sys.exit(main())
