"""What is solved side by side: answers in order, a failure where it is met, no waiting for those that nobody wants."""

import threading

import jax
import pytest

from model.compute.side_by_side import side_by_side


def test_answers_come_in_order_from_as_many_threads_as_devices():
    threads = set()

    def double(item):
        threads.add(threading.get_ident())
        return 2 * item

    assert list(side_by_side(double, range(20))) == [2 * item for item in range(20)]
    assert 1 <= len(threads) <= len(jax.devices())


def test_a_failure_comes_in_its_place():
    def inverse(item):
        return 1 / item

    answers = side_by_side(inverse, (2, 0, 4))
    assert next(answers) == 0.5
    with pytest.raises(ZeroDivisionError):
        next(answers)


def test_who_stops_listening_neither_waits_nor_begins_more():
    begun, ended, go_on = [], [], threading.Event()

    def slow(item):
        begun.append(item)
        if item:
            go_on.wait(60)
        ended.append(item)
        return item

    answers = side_by_side(slow, range(1000))
    try:
        assert next(answers) == 0
        answers.close()
        assert ended == [0]
        assert len(begun) <= 1 + len(jax.devices())
    finally:
        go_on.set()


def test_what_is_a_part_of_what_is_side_by_side_stays_in_its_thread():
    def threads(_):
        return set(side_by_side(lambda _: threading.get_ident(), range(4))) == {threading.get_ident()}

    assert all(side_by_side(threads, range(4)))
