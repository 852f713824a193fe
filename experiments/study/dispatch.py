"""Chunks handed to workers in other processes: so many at a time, and again if a worker dies."""

from collections import Counter, deque

from experiments.request.errors import InputError

ATTEMPTS = 4


class WorkerDied(Exception):
    """A worker or its machine is gone, and with it the answer to a chunk."""


def dispatch(executor, chunks, workers):
    """Answers to the chunks, as they are finished, with at most `workers` chunks handed out.

    An executor has `submit(chunk) -> handle`, `wait(handles) -> handle` of a finished one, `answer(handle)`, which raises WorkerDied,
    and `dismiss(handles)`. Raises RuntimeError if workers die over one chunk `ATTEMPTS` times.
    """
    waiting, handed_out, deaths = deque(map(tuple, chunks)), {}, Counter()
    try:
        while waiting or handed_out:
            while waiting and len(handed_out) < workers:
                chunk = waiting.popleft()
                handed_out[executor.submit(chunk)] = chunk
            handle = executor.wait(list(handed_out))
            chunk = handed_out.pop(handle)
            try:
                answer = executor.answer(handle)
            except WorkerDied as death:
                deaths[chunk] += 1
                _say_death(chunk, deaths[chunk], death)
                waiting.append(chunk)
                continue
            yield answer
    finally:
        executor.dismiss(list(handed_out))


def _say_death(chunk, times, death):
    points = f"points {chunk[0]} to {chunk[-1]}"
    if times == ATTEMPTS:
        raise RuntimeError(f"{points}: {times} workers died over them; the last: {death}") from death
    print(f"a worker died ({death}): {points} are tried again elsewhere", flush=True)


def extra(name):
    """The module of that name, from the extra `cluster`; raises InputError if it is not installed."""
    from importlib import import_module

    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise InputError(
            f"cluster.executor: {name} is not installed; install the extra: pip install 'two-economies[cluster]'"
        ) from None
