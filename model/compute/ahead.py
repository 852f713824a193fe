"""Programs made before they are needed, beside what a process does itself."""

import atexit
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple

from model.compute.store import in_making


class Job(NamedTuple):
    make: Callable[[], Any]
    entry: Path
    made: Future


class Ahead:
    """Jobs for one thread, which with the one that waits for a program keeps two cores busy.

    A process that ends leaves what has not begun, and waits for what has: a thread cannot be stopped inside the compiler.
    """

    def __init__(self):
        self._lock, self._waiting = threading.Lock(), []
        self._thread: threading.Thread | None = None
        atexit.register(self._end)

    def begin(self, make: Callable[[], Any], entry: Path) -> Job:
        job = Job(make, entry, Future())
        with self._lock:
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="ahead", daemon=True)
                self._thread.start()
        return job

    def result(self, job: Job) -> Any:
        """What the job makes; one that has not begun is done here and now."""
        with self._lock:
            mine = job in self._waiting
            if mine:
                self._waiting.remove(job)
        if mine:
            _do(job)
        return job.made.result()

    def _work(self):
        while (job := self._next()) is not None:
            _do(job)

    def _next(self):
        """The first job that no other process is at, else the first; without one the thread ends."""
        with self._lock:
            if not self._waiting:
                self._thread = None
                return None
            job = next((job for job in self._waiting if not in_making(job.entry)), self._waiting[0])
            self._waiting.remove(job)
            return job

    def _end(self):
        with self._lock:
            self._waiting.clear()
            thread = self._thread
        if thread is not None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second Ctrl-C does not wait
            thread.join()


def _do(job):
    try:
        job.made.set_result(job.make())
    except BaseException as failure:  # handed to who asks for the result
        job.made.set_exception(failure)
