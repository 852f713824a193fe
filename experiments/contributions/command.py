"""`python -m experiments.contributions scenarios=[NAME]`: what each component of a scenario contributes, by Shapley value."""

import time
from dataclasses import replace

from experiments.entry import command, use_device
from experiments.request.errors import EXIT_NOT_SOLVED, InputError

MOST_COMPONENTS = 8  # 256 combinations


def main(arguments=None):
    """Run and return the exit status: 0 certified, 1 a combination not solved, 2 bad input."""
    return command("contributions", contributions, arguments)


def contributions(config, folder):
    """One job: every combination of the scenario's components is solved; the table averages over the orders of arrival."""
    from experiments.request.build import composed, prepare
    from experiments.request.scenarios import combinations, scenario_problems

    job = prepare(config)
    if len(config.scenarios) != 1 or config.changes or config.targets or config.scenarios_file:
        raise InputError(
            "scenarios: expected one, whose rows name their components, and no changes, targets or scenarios_file"
        )
    scenario = config.scenarios[0]
    names, scenarios = combinations(scenario, job.inputs, job.beliefs.foreseen)
    if not 2 <= len(names) <= MOST_COMPONENTS:
        raise InputError(
            f"scenario {scenario}: got {len(names)} components; expected 2 to {MOST_COMPONENTS}, named by `component` in its rows"
        )
    job = replace(job, scenarios=tuple(job.under_the_rule(s) for s in scenarios.values()))
    problems = [sentence for s in job.scenarios for sentence in scenario_problems(s, job.inputs, job.settings)]
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    use_device(config.device.value)
    from experiments.answer.figures.contributions import write_contributions_figure
    from experiments.answer.tables.contributions import contribution_table, shares
    from experiments.answer.tables.writing import formatted, write_table
    from experiments.folder.captions import caption_of
    from experiments.folder.record import write_certificate, write_configuration

    started = time.perf_counter()
    baseline, solved = _solve(job)
    seconds = time.perf_counter() - started
    by_coalition = dict(zip(scenarios, solved, strict=True))
    full = composed(config, job.inputs)
    write_configuration(folder, full)
    write_certificate(folder, full, (baseline, *solved), seconds)
    refused = [s for s in (baseline, *solved) if not s.certified]
    if refused:
        for s in refused[:5]:
            print(f"{s.name}: not solved: {s.certificate['reason']}")
        print(f"contributions not shown: {len(refused)} of {len(solved)} combinations not solved")
        return EXIT_NOT_SOLVED
    table = contribution_table(baseline, by_coalition, names)
    caption = (
        f"Contributions to {scenario}: Shapley values over {len(solved)} combinations, all certified; "
        f"they add up to the total. {caption_of(job)}"
    )
    path = write_table(table, folder, "contributions", caption)
    if config.outputs.figures:
        write_contributions_figure(baseline, by_coalition, names, folder, caption)
    print(f"\n{formatted(table).to_string(index=False)}\n\n{shares(table, names)}\n\n{caption}\n")
    print(f"{len(solved)} combinations in {seconds:.0f} s\nwritten: {path}")
    return 0


def _solve(job):
    """`Solved` of the baseline and of every scenario: together where the beliefs allow it."""
    from experiments.answer.results import solve
    from experiments.batch.batch import Batch
    from experiments.batch.coordinates import placed

    def say(line):
        print(line, flush=True)

    if not job.in_batches:
        results = solve(job, say)
        if results.interrupted:
            raise KeyboardInterrupt
        return results.baseline, results.solved[1:]
    points = placed([(job.inputs, s) for s in (None, *job.scenarios)], job.settings.horizon)
    known = len(points[0].coordinates)
    batch = Batch(job.inputs, job.settings, known, distribution=False, conditions=job.conditions)
    baseline, *solved = batch.solve(points, say)[1]
    return baseline, solved
