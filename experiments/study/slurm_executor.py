"""Workers as SLURM jobs, or as processes of this machine if the address is `local`."""

import shutil
from pathlib import Path

from experiments.request.errors import InputError
from experiments.study.dispatch import WorkerDied, extra
from experiments.study.worker_process import plain, solve_chunk

LOCAL = "local"
MINUTES = 720
PAUSE = 1.0  # seconds between looks at the jobs


class SlurmCrew:
    """Chunks as jobs of submitit, which leave their logs in the study's folder.

    `cluster.options` are parameters of submitit, e.g. `{slurm_partition: long, gpus_per_node: 1, timeout_min: 60}`.
    """

    def __init__(self, config, folder):
        kind = _kind(config.cluster.address)
        submitit = extra("submitit")
        self._executor = submitit.AutoExecutor(folder=Path(folder) / "workers", cluster=kind)
        try:
            self._executor.update_parameters(**{"timeout_min": MINUTES, **dict(config.cluster.options or {})})
        except (NameError, TypeError, ValueError) as error:
            raise InputError(f"cluster.options: {error}") from None
        self._submitit, self._text = submitit, plain(config)

    def submit(self, chunk):
        return self._executor.submit(solve_chunk, chunk, self._text)

    def wait(self, handles):
        return next(self._submitit.helpers.as_completed(handles, poll_frequency=PAUSE))

    def answer(self, handle):
        errors = self._submitit.core.utils
        try:
            return handle.result()
        except errors.FailedJobError:
            raise
        except errors.UncompletedJobError as error:
            raise WorkerDied(f"job {handle.job_id}") from error

    def dismiss(self, handles):
        for handle in handles:
            handle.cancel()


def _kind(address):
    if address not in (None, LOCAL):
        raise InputError(f"cluster.address: got {address}; with cluster.executor=slurm expected null or {LOCAL}")
    if address is None and shutil.which("sbatch") is None:
        raise InputError(
            f"cluster.executor: slurm, but there is no sbatch here; start it on a login node, or set cluster.address={LOCAL}"
        )
    return address or "slurm"
