"""Where the chunks of a study are solved: in this process, or by workers elsewhere that do the same."""

from experiments.errors import InputError
from experiments.schema import Executor
from experiments.study.work import Worker


def execute(config, study, chunks, folder):
    """Tables `(points, outcomes)` of every chunk, as they are finished; `folder` takes the logs of workers elsewhere."""
    if solved_here(config.cluster) or not chunks:
        return _here(study, chunks)
    from experiments.study.dispatch import dispatch

    return dispatch(_crew(config, folder), chunks, config.cluster.workers)


def solved_here(cluster):
    """Whether this process does the work; an address alone is that of a Ray cluster. Raises InputError."""
    if cluster.workers < 1:
        raise InputError(f"cluster.workers: got {cluster.workers}; allowed 1 or more")
    return cluster.executor is Executor.here and not cluster.address


def _here(study, chunks):
    worker = Worker(study)
    for chunk in chunks:
        yield worker.solve(chunk, lambda line: print(f"  {line}", flush=True))


def _crew(config, folder):
    if config.cluster.executor is Executor.slurm:
        from experiments.study.slurm_crew import SlurmCrew

        return SlurmCrew(config, folder)
    from experiments.study.ray_crew import RayCrew

    return RayCrew(config)
