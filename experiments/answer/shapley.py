"""Shapley values: what each member adds to a coalition, averaged over all orders in which they can come (Shapley, 1953)."""

from itertools import combinations
from math import factorial

import numpy as np


def coalitions(members):
    """All nonempty subsets, each a tuple in the order of `members`."""
    return [c for size in range(1, len(members) + 1) for c in combinations(members, size)]


def shapley_values(members, worth):
    """`{member: value}` for `worth` `{coalition: array}` of all nonempty subsets; the empty one is worth zero."""
    count = len(members)
    nothing = np.zeros_like(next(iter(worth.values())))
    values = {}
    for member in members:
        others = [m for m in members if m != member]
        total = nothing
        for before in [(), *coalitions(others)]:
            weight = factorial(len(before)) * factorial(count - len(before) - 1) / factorial(count)
            after = tuple(m for m in members if m in before or m == member)
            total = total + weight * (worth[after] - (worth[before] if before else nothing))
        values[member] = total
    return values
