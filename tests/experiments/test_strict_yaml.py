"""Scenario files are read as they look."""

import pytest
import yaml

from experiments.request.strict_yaml import read_yaml


def test_numbers_are_decimal_and_words_are_words():
    assert read_yaml("{a: 010, b: 1e-1, c: '1', d: 1:30, e: yes, on: .5, f: true, g: null, h: -3, i: [1, 2.5]}") == {
        "a": 10, "b": 0.1, "c": "1", "d": "1:30", "e": "yes", "on": 0.5, "f": True, "g": None, "h": -3, "i": [1, 2.5],
    }  # fmt: skip


@pytest.mark.parametrize(
    "text, said",
    [
        ("a: 1\na: 2", "line 1: a stands twice"),
        ("a:\n  - {value: 0.1, value: 0.3}", "line 2: value stands twice"),
        ("a: &x [1]\nb: *x", "line 2: an alias"),
        ("[" * 5000 + "]" * 5000, "nested more than 40 levels deep"),
        ("a: 1e999", "a number is too large"),
        ("#" * 1_000_001, "letters; at most"),
    ],
)
def test_what_a_reader_would_not_expect_is_refused(text, said):
    with pytest.raises(yaml.YAMLError, match=said):
        read_yaml(text)
