"""Where the chunks of a study are solved: in this process, or by workers elsewhere that do the same."""

from experiments.study.work import Worker


def execute(config, study, chunks):
    """Tables `(points, outcomes)` of every chunk, as they are finished."""
    worker = Worker(study)
    for chunk in chunks:
        yield worker.solve(chunk, lambda line: print(f"  {line}", flush=True))
