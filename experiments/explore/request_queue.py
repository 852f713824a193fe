"""Requests wait here for the one thread that solves: the newest of each window, and never many."""

import sys
import threading
from dataclasses import dataclass, field

MOST_WINDOWS = 16
PATIENCE = 60.0  # seconds a request waits
IDLE = 6.0  # seconds without a request before work is done ahead, which the next request would wait for


class Superseded(Exception):
    """The same window asked for something newer."""


class Busy(Exception):
    """Too many windows wait."""


@dataclass
class _Request:
    job: object
    done: threading.Event = field(default_factory=threading.Event)
    answer: object = None
    error: Exception | None = None


class RequestQueue:
    """`ask(window, job)` returns `job()`, run in the thread of `work`; `ahead` yields jobs for idle times."""

    def __init__(self, ahead=()):
        self._waiting = {}  # by window, in the order of arrival
        self._change = threading.Condition()
        self._ahead, self._closed = iter(ahead), False

    def ask(self, window, job):
        """The answer, in the asking thread; raises Superseded, Busy, or what the job raised."""
        request = _Request(job)
        with self._change:
            older = self._waiting.pop(window, None)
            if older is None and len(self._waiting) >= MOST_WINDOWS:
                raise Busy
            if older is not None:
                older.error = Superseded()
                older.done.set()
            self._waiting[window] = request
            self._change.notify()
        if not request.done.wait(PATIENCE):
            with self._change:
                if self._waiting.get(window) is request:
                    del self._waiting[window]
            raise Busy
        if request.error is not None:
            raise request.error
        return request.answer

    def work(self):
        """Answer requests until `close`; one at a time."""
        while not self._closed:
            request = self._next()
            if request is None:
                self._work_ahead()
                continue
            try:
                request.answer = request.job()
            except Exception as error:  # handed to the thread that asked
                request.error = error
            request.done.set()

    def close(self):
        """Let `work` end."""
        with self._change:
            self._closed = True
            self._change.notify()

    def _next(self):
        with self._change:
            if not self._waiting and not self._closed:
                self._change.wait(IDLE)
            if not self._waiting:
                return None
            return self._waiting.pop(next(iter(self._waiting)))

    def _work_ahead(self):
        job = next(self._ahead, None)
        if job is None or self._closed:
            return
        try:
            job()
        except Exception as error:  # nobody asked for it: whoever does will hear
            print(f"ahead of time: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
