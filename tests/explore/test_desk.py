"""Requests: the newest of a window wins, never many wait, errors reach who asked, and idle time is used."""

import threading
import time

import pytest

from experiments.explore import request_queue as module
from experiments.explore.request_queue import Busy, RequestQueue, Superseded


@pytest.fixture
def start():
    """`start(ahead) -> RequestQueue` whose thread works until the test ends."""
    desks = []

    def begin(ahead=()):
        desk = RequestQueue(ahead)
        thread = threading.Thread(target=desk.work)
        thread.start()
        desks.append((desk, thread))
        return desk

    yield begin
    for desk, thread in desks:
        desk.close()
        thread.join(5)
        assert not thread.is_alive()


class Held:
    """A job that ends when it is let go."""

    def __init__(self, answer):
        self.answer, self.begun, self.let_go = answer, threading.Event(), threading.Event()

    def __call__(self):
        self.begun.set()
        assert self.let_go.wait(5)
        return self.answer


def asked(desk, window, job, answers):
    """A thread that asks and keeps what it hears."""

    def ask():
        try:
            answers.append(desk.ask(window, job))
        except (Busy, Superseded, ZeroDivisionError) as error:
            answers.append(type(error))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def until(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_a_job_is_answered_and_its_error_handed_on(start):
    desk = start()
    assert desk.ask("w", lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        desk.ask("w", lambda: 1 / 0)
    assert desk.ask("w", lambda: 8) == 8


def test_the_newest_of_a_window_wins_and_other_windows_wait_their_turn(start):
    desk, held, order = start(), Held("first"), []
    heard = {name: [] for name in ("first", "old", "new", "other")}
    threads = [asked(desk, "a", held, heard["first"])]
    assert held.begun.wait(5)
    threads.append(asked(desk, "a", lambda: order.append("old"), heard["old"]))
    until(lambda: "a" in desk._waiting)
    threads.append(asked(desk, "b", lambda: order.append("other"), heard["other"]))
    until(lambda: "b" in desk._waiting)
    threads.append(asked(desk, "a", lambda: order.append("new"), heard["new"]))
    until(lambda: heard["old"])
    held.let_go.set()
    for thread in threads:
        thread.join(5)
    assert heard["first"] == ["first"] and heard["old"] == [Superseded]
    assert sorted(order) == ["new", "other"]


def test_more_windows_than_there_is_room_for_are_busy(start, monkeypatch):
    monkeypatch.setattr(module, "MOST_WINDOWS", 2)
    desk, held, answers = start(), Held(0), []
    threads = [asked(desk, "working", held, answers)]
    assert held.begun.wait(5)
    threads += [asked(desk, f"waiting {i}", lambda: 1, answers) for i in range(2)]
    until(lambda: len(desk._waiting) == 2)
    with pytest.raises(Busy):
        desk.ask("one too many", lambda: 2)
    held.let_go.set()
    for thread in threads:
        thread.join(5)
    assert sorted(answers) == [0, 1, 1]


def test_a_request_that_waits_too_long_leaves_the_queue(start, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    desk, held, answers = start(), Held(0), []
    thread = asked(desk, "working", held, answers)
    assert held.begun.wait(5)
    with pytest.raises(Busy):
        desk.ask("waiting", lambda: 1)
    assert desk._waiting == {}
    held.let_go.set()
    thread.join(5)


def test_idle_time_is_used(start, monkeypatch):
    monkeypatch.setattr(module, "IDLE", 0.01)
    done = []
    start((lambda: done.append(1), lambda: done.append(2)))
    until(lambda: done == [1, 2])


def test_work_ahead_that_fails_ends_nothing(start, monkeypatch, capsys):
    monkeypatch.setattr(module, "IDLE", 0.01)
    done = []
    desk = start((lambda: 1 / 0, lambda: done.append(1)))
    until(lambda: done == [1])
    assert desk.ask("w", lambda: 7) == 7
