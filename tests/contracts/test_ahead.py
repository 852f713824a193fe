"""Programs made ahead: who makes them, in which order, and what an ending process leaves."""

import subprocess
import sys
import threading
from concurrent.futures import wait
from functools import partial
from pathlib import Path

import pytest

from model.compute import source
from model.compute.ahead import Ahead
from model.compute.store import one_at_a_time


@pytest.fixture
def busy():
    """`Ahead` whose thread is held until `event.set()`."""
    ahead, event, started = Ahead(), threading.Event(), threading.Event()
    ahead.begin(lambda: (started.set(), event.wait(60)), Path("held"))
    assert started.wait(60)
    yield ahead, event
    event.set()


def test_what_has_not_begun_is_made_by_who_needs_it(busy):
    ahead, _ = busy
    assert ahead.result(ahead.begin(threading.get_ident, Path("needed"))) == threading.get_ident()


def test_what_another_process_is_at_comes_last(busy, tmp_path):
    ahead, event = busy
    order, (taken, free) = [], (tmp_path / "taken", tmp_path / "free")
    with one_at_a_time(taken):
        jobs = [ahead.begin(partial(order.append, entry.name), entry) for entry in (taken, free)]
        event.set()
        wait([job.made for job in jobs], timeout=60)
    assert order == ["free", "taken"]


AT_THE_END = """
import time
from pathlib import Path
from model.compute.ahead import Ahead
ahead = Ahead()
for _ in range(3):
    ahead.begin(lambda: (time.sleep(0.5), print("made", flush=True)), Path("entry"))
time.sleep(0.1)
"""


def test_a_process_that_ends_waits_for_what_has_begun_alone():
    command = [sys.executable, "-c", AT_THE_END]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=source.ROOT)
    assert ended.stdout == "made\n"
