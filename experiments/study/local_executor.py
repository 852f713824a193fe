"""Workers on this machine: processes, each with processors of its own.

They do more than one process whose devices are the processors: nobody waits for the slowest, and Python's share of the work
is spread as well.
"""

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait

from experiments.study.dispatch import WorkerDied
from experiments.study.worker_process import plain, solve_chunk

MEMORY = 4 * 2**30  # bytes that a worker may come to need


class LocalCrew:
    """Chunks as messages to processes that build and compile the study once."""

    def __init__(self, config, workers):
        cores = _cores()
        self._text = plain(config)
        self._idle = [_Worker(cores[i::workers] or cores) for i in range(workers)]
        self._busy = {}

    def submit(self, chunk):
        worker = self._idle.pop()
        if not worker.process.is_alive():
            worker = _Worker(worker.cores)
        worker.pipe.send((chunk, self._text, len(worker.cores)))
        self._busy[worker.pipe] = worker
        return worker.pipe

    def wait(self, handles):
        return wait(handles)[0]

    def answer(self, handle):
        worker = self._busy.pop(handle)
        try:
            answer, failure = handle.recv()
        except (EOFError, OSError) as error:
            worker.process.join()
            self._idle.append(_Worker(worker.cores))
            raise WorkerDied(f"exit status {worker.process.exitcode}") from error
        self._idle.append(worker)
        if failure:
            raise failure
        return answer

    def dismiss(self, _):
        for worker in (*self._idle, *self._busy.values()):
            worker.process.kill()
            worker.process.join()


def room_for_workers():
    """Processes that this machine has processors and memory for."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(len(_cores()), memory // MEMORY))


class _Worker:
    def __init__(self, cores):
        self.cores = cores
        self.pipe, theirs = multiprocessing.get_context("spawn").Pipe()
        self.process = multiprocessing.get_context("spawn").Process(target=_work, args=(theirs, cores), daemon=True)
        self.process.start()
        theirs.close()


def _cores():
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))


def _work(pipe, cores):
    """Solve what comes for as long as there is a parent; an interruption is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    pipe.send(_answered(pipe.recv()))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)  # what is compiled for the first points had all processors
    while True:
        pipe.send(_answered(pipe.recv()))


def _end_with_the_parent():
    multiprocessing.parent_process().join()
    os._exit(1)


def _answered(request):
    try:
        return solve_chunk(*request), None
    except Exception as failure:
        return None, failure
