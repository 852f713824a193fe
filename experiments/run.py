"""`python -m experiments.run [overrides]`: one experiment, from a configuration to a run folder."""

import sys
import time

from experiments.entry import Stopwatch, command, use_device
from experiments.request.errors import EXIT_INTERRUPTED, EXIT_NOT_SOLVED


def main(arguments=None):
    """Run and return the exit status: 0 certified, 1 something not solved, 2 bad input, 130 interrupted."""
    return command("config", run, arguments, _together)


def _together(configs, say):
    from experiments.batch.joint_jobs import solve_together

    return solve_together(configs, say)


def run(config, folder, results=None):
    """One job: `report . solve . prepare`; `results` are given where the jobs of a sweep were solved together."""
    from experiments.request.build import composed, prepare

    if config.study.name or config.study.axes:
        from experiments.study.run import run_study

        return run_study(config, folder)
    job = prepare(config)
    use_device(config.device.value)
    from experiments.answer.results import announce, solve
    from experiments.answer.tables.screen import screen
    from experiments.answer.tables.writing import printed
    from experiments.folder.run_folder import write_folder
    from experiments.request.rules import determinacy

    stopwatch = Stopwatch()
    if results is None:
        results = solve(job, _say)
    else:
        for solved in results.solved:
            announce(solved, _say)
    seconds = {**stopwatch.seconds(), **results.seconds}
    full = composed(config, job.inputs)
    table, caption = write_folder(folder, full, job, results, seconds)
    if config.verbose:
        print(f"\n{printed(table)}\n\n{caption}\n")
    if job.rule and results.baseline.certified:
        _say(determinacy(job.rule, results.baseline.certificate))
    status = 0 if results.all_certified else EXIT_NOT_SOLVED
    if results.interrupted:
        status = EXIT_INTERRUPTED
    elif job.draws:
        status = max(status, _bands(full, folder, job, results))
    _say(screen(results, job, folder))
    return status


def _bands(config, folder, job, results):
    """Solve the draws of the calibration and add their bands to the run folder; the exit status."""
    if not results.baseline.certified:
        _say("bands not shown: the baseline is not solved")
        return EXIT_NOT_SOLVED
    from experiments.answer.bands import solve_draws
    from experiments.answer.tables.bands import summary
    from experiments.folder.run_folder import write_bands

    for note in job.draws.notes:
        _say(note)
    started = time.perf_counter()
    scenarios = [s for s, solved in zip(job.scenarios, results.solved[1:], strict=True) if solved.certified]
    answers = solve_draws(job, scenarios, _say)
    seconds = time.perf_counter() - started
    table, caption = write_bands(folder, config, job, results, answers, seconds)
    print(f"\n{summary(table)}\n\n{caption}\n")
    if answers.interrupted:
        return EXIT_INTERRUPTED
    return EXIT_NOT_SOLVED if answers.refusals else 0


def _say(line):
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
