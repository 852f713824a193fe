"""Workers on a Ray cluster, or on this machine alone if there is no address."""

import socket

from experiments.request.errors import InputError
from experiments.study.dispatch import WorkerDied, extra
from experiments.study.worker_process import plain, solve_chunk

PATIENCE = 10  # seconds to reach a cluster


class RayCrew:
    """Chunks as Ray tasks; a process of Ray's serves many of them, and builds and compiles the study once.

    `cluster.options` are those of a Ray task, e.g. `{num_gpus: 1}`. Every machine finds this package where the driver does.
    """

    def __init__(self, config, workers):
        self._ray = extra("ray")
        self._mine = not self._ray.is_initialized()
        if self._mine:
            _connect(self._ray, config.cluster.address)
        options = {"num_cpus": self._cores(workers), "scheduling_strategy": "SPREAD", "max_retries": 0}
        options |= dict(config.cluster.options or {})
        self._task = self._ray.remote(solve_chunk).options(**options)
        self._arguments = plain(config), max(1, int(options["num_cpus"]))

    def _cores(self, workers):
        """Processors of a worker: its share of the cluster's, no more than the smallest machine has."""
        machines = [int(node["Resources"].get("CPU", 0)) for node in self._ray.nodes() if node["Alive"]]
        able = [count for count in machines if count] or [1]
        return max(1, min(sum(able) // workers, min(able)))

    def submit(self, chunk):
        return self._task.remote(chunk, *self._arguments)

    def wait(self, handles):
        return self._ray.wait(handles)[0][0]

    def answer(self, handle):
        errors = self._ray.exceptions
        try:
            return self._ray.get(handle)
        except errors.RayTaskError:
            raise
        except errors.RayError as error:
            raise WorkerDied(type(error).__name__) from error

    def dismiss(self, handles):
        for handle in handles:
            self._ray.cancel(handle, force=True)
        if self._mine:
            self._ray.shutdown()


def _connect(ray, address):
    try:
        if address:
            _knock(address)
            ray.init(address=address, log_to_driver=False)
        else:
            ray.init(include_dashboard=False, log_to_driver=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"cluster.address: got {address}; no Ray cluster can be used there: {error}") from None


def _knock(address):
    """Raise OSError where nobody listens at HOST:PORT, which Ray itself takes minutes to say."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if port.isdigit():
        socket.create_connection((host, int(port)), PATIENCE).close()
