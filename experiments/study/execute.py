"""Where the points of a study are solved: in this process, by processes beside it, or by workers elsewhere that do the same."""

import math

import jax

from experiments.batch.batch import FEW
from experiments.request.errors import InputError
from experiments.request.schema import Executor
from experiments.study.dispatch import dispatch
from experiments.study.local_executor import LocalCrew, room_for_workers
from experiments.study.work import Worker

FIRST_POINTS = FEW - 1  # of a worker: with the baseline as many as are solved one by one while programs are made
LEAST_POINTS, LEAST_ECONOMIES = 64, 12  # of a process of its own
ROUNDS = 2  # chunks that each of them solves, about: they end at the same time
WORKERS_ELSEWHERE, MOST_WORKERS = 2, 1000


def execute(config, study, missing, folder):
    """Tables `(points, outcomes)` of the `missing` points in chunks, as they are finished; `folder` takes logs from elsewhere."""
    if not missing:
        return iter(())
    if not solved_here(config.cluster):
        workers = config.cluster.workers or WORKERS_ELSEWHERE
        return dispatch(_executor(config, workers, folder), chunks(missing, study.file.chunk), workers)
    workers = _workers_here(config.cluster, study, len(missing))
    if workers == 1:
        return _here(study, _parts(study, missing, 1, study.file.chunk))
    size = min(study.file.chunk, math.ceil(len(missing) / (ROUNDS * workers)))
    return _by_processes(config, workers, _parts(study, missing, workers, size))


def _parts(study, missing, workers, size):
    """Chunks of a size, in one economy after a small one for each of the workers, so that what is wrong shows soon."""
    small = min(size, FIRST_POINTS)
    first = workers * small if len(missing) > 2 * workers * small and not study.moves_economies else 0
    return [*chunks(missing[:first], small), *chunks(missing[first:], size)]


def chunks(numbers, size):
    """The numbers in parts of a size."""
    return [numbers[i : i + size] for i in range(0, len(numbers), size)]


def solved_here(cluster):
    """Whether this machine does the work; an address alone is that of a Ray cluster. Raises InputError."""
    if cluster.workers is not None and not 1 <= cluster.workers <= MOST_WORKERS:
        raise InputError(f"cluster.workers: got {cluster.workers}; allowed 1 to {MOST_WORKERS}, or null")
    return cluster.executor is Executor.here and not cluster.address


def _workers_here(cluster, study, points):
    """Processes that share the work: one a processor where that is what computes, as long as each has enough to do."""
    if jax.default_backend() != "cpu":
        return 1
    least = LEAST_ECONOMIES if study.moves_economies else LEAST_POINTS
    return cluster.workers or max(1, min(room_for_workers(), points // least))


def _here(study, parts):
    worker = Worker(study)
    for part in parts:
        yield worker.solve(part, lambda line: print(f"  {line}", flush=True))


def _by_processes(config, workers, parts):
    print(f"{workers} processes, {len(parts)} chunks", flush=True)
    return dispatch(LocalCrew(config, workers), parts, workers)


def _executor(config, workers, folder):
    if config.cluster.executor is Executor.slurm:
        from experiments.study.slurm_executor import SlurmCrew

        return SlurmCrew(config, folder)
    from experiments.study.ray_executor import RayCrew

    return RayCrew(config, workers)
