"""`python -m experiments.run [overrides]`: one experiment, from a configuration to a run folder."""

import sys

from experiments.entry import Stopwatch, command, use_device
from experiments.errors import EXIT_INTERRUPTED, EXIT_NOT_SOLVED


def main(arguments=None):
    """Run and return the exit status: 0 certified, 1 something not solved, 2 bad input, 130 interrupted."""
    return command("config", run, arguments)


def run(config, folder):
    """One job: `report . solve . prepare`."""
    from experiments.build import composed, prepare

    if config.study.name:
        from experiments.study.run import run_study

        return run_study(config, folder)
    job = prepare(config)
    use_device(config.device.value)
    from experiments.folder import write_folder
    from experiments.results import solve
    from experiments.tables.writing import printed

    stopwatch = Stopwatch()
    results = solve(job, say=lambda line: print(line, flush=True))
    seconds = {**stopwatch.seconds(), **results.seconds}
    table, caption = write_folder(folder, composed(config, job.inputs), job, results, seconds)
    print(f"\n{printed(table)}\n\n{caption}\n\nrun folder: {folder}")
    if results.interrupted:
        return EXIT_INTERRUPTED
    return 0 if results.all_certified else EXIT_NOT_SOLVED


if __name__ == "__main__":
    sys.exit(main())
