"""What is solved alone, side by side: as many threads as devices, as a compiled program holds one core."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import jax

_here = threading.local()
Item = TypeVar("Item")
Answer = TypeVar("Answer")


def side_by_side(function: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
    """`function(item)` of every item, in order; one after another where that is itself a part of what is side by side.

    Who stops listening, as an interrupted program does, leaves what has not begun and goes on at once; the process ends when
    what has begun does.
    """
    if getattr(_here, "inside", False):
        yield from map(function, items)
        return
    threads = ThreadPoolExecutor(len(jax.devices()), initializer=setattr, initargs=(_here, "inside", True))
    try:
        yield from threads.map(function, items)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
