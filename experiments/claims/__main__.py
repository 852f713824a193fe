"""`python -m experiments.claims [claims=[C2,C4]] [overrides]`: the verdict on each claim of the narrative, and its report."""

import sys

from experiments.entry import command


def main(arguments=None):
    """Run and return the exit status: 0 all claims answered, 1 something not solved, 2 bad input, 130 interrupted."""
    return command("claims", _run, arguments)


def _run(config, folder):
    from experiments.claims.command import run_claims

    return run_claims(config, folder)


if __name__ == "__main__":
    sys.exit(main())
