"""What is solved alone, side by side: one thread for each device, as a compiled program holds one core."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import jax

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def side_by_side(function: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
    """`function(item)` of every item, in order; who stops listening leaves what has not begun."""
    threads = ThreadPoolExecutor(len(jax.devices()))
    try:
        yield from threads.map(function, items)
    finally:
        threads.shutdown(cancel_futures=True)
