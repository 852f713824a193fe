"""`python -m experiments.explore [port=8765] [overrides]`: the page where the economy is solved again as a slider moves."""

import sys

from experiments.entry import command


def main(arguments=None):
    """Serve until Ctrl-C; the exit status: 0, 1 if the baseline is not solved, 2 bad input."""
    return command("explore", _run, arguments)


def _run(config, folder):
    from experiments.explore.command import explore

    return explore(config)


if __name__ == "__main__":
    sys.exit(main())
