"""`python -m experiments.run [overrides]`: one experiment, from a configuration to a run folder."""

import sys

from experiments.entry import Stopwatch, command, use_device
from experiments.errors import EXIT_INTERRUPTED, EXIT_NOT_SOLVED


def main(arguments=None):
    """Run and return the exit status: 0 certified, 1 something not solved, 2 bad input, 130 interrupted."""
    return command("config", run, arguments, _together)


def _together(configs, say):
    from experiments.together import solve_together

    return solve_together(configs, say)


def run(config, folder, results=None):
    """One job: `report . solve . prepare`; `results` are given where the jobs of a sweep were solved together."""
    from experiments.build import composed, prepare

    if config.study.name:
        from experiments.study.run import run_study

        return run_study(config, folder)
    job = prepare(config)
    use_device(config.device.value)
    from experiments.folder import write_folder
    from experiments.results import announce, solve
    from experiments.tables.writing import printed

    stopwatch = Stopwatch()
    if results is None:
        results = solve(job, _say)
    else:
        for solved in results.solved:
            announce(solved, _say)
    seconds = {**stopwatch.seconds(), **results.seconds}
    table, caption = write_folder(folder, composed(config, job.inputs), job, results, seconds)
    print(f"\n{printed(table)}\n\n{caption}\n\nrun folder: {folder}")
    if results.interrupted:
        return EXIT_INTERRUPTED
    return 0 if results.all_certified else EXIT_NOT_SOLVED


def _say(line):
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
