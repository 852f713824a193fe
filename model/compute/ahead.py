"""Programs made before they are needed, beside what a process does itself."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from model.compute.store import in_making


class Job(NamedTuple):
    make: Callable[[], Any]
    entry: Path
    made: Future


class Ahead:
    """Jobs for one thread, which with the one that waits for a program keeps two cores busy."""

    def __init__(self):
        self._lock, self._waiting = threading.Lock(), []
        self._thread = ThreadPoolExecutor(1, "ahead")

    def begin(self, make: Callable[[], Any], entry: Path) -> Job:
        job = Job(make, entry, Future())
        with self._lock:
            self._waiting.append(job)
        self._thread.submit(self._next)
        return job

    def result(self, job: Job) -> Any:
        """What the job makes; one that has not begun is done here and now."""
        with self._lock:
            mine = job in self._waiting
            if mine:
                self._waiting.remove(job)
        return job.make() if mine else job.made.result()

    def _next(self):
        """Do a job, the first that no other process is at."""
        with self._lock:
            if not self._waiting:
                return
            job = next((job for job in self._waiting if not in_making(job.entry)), self._waiting[0])
            self._waiting.remove(job)
        try:
            job.made.set_result(job.make())
        except BaseException as failure:  # handed to the thread that asks for the result
            job.made.set_exception(failure)
