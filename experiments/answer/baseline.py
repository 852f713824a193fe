"""The baseline of a command that is about it alone, certified and on record in the run folder."""

import time

from experiments.answer.results import solve
from experiments.folder.record import write_certificate, write_configuration
from experiments.request.build import composed


def certified_baseline(config, job, folder):
    """Solve the baseline of a job, write configuration and certificate; the `Baseline`, None where it is not certified."""
    started, kept = time.perf_counter(), []
    results = solve(job, lambda line: print(line, flush=True), kept.append)
    full = composed(config, job.inputs)
    write_configuration(folder, full)
    write_certificate(folder, full, results.solved, time.perf_counter() - started)
    return kept[0] if results.all_certified else None
