"""Order in which the local derivatives of a program are multiplied and added up to its Jacobian.

The scalars that a program computes are the nodes of a graph, and a local derivative is an edge. A node is eliminated by
joining each edge into it with each edge out of it, product on product; what is left are edges from inputs to outputs, the
entries of the Jacobian. The next node is the one with the fewest products (Markowitz, 1957; Griewank and Reese, 1991).
Nothing here knows a value: the result is a list of multiply-adds that serves every point.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

Count = int | np.integer
ZERO, ONE = 0, 1  # numbers that every list of values begins with


class Scaled(NamedTuple):
    """`sign` times the value numbered `number`."""

    number: int
    sign: float = 1.0


class Recipe(NamedTuple):
    """How entries follow from values 0, 1 and the local derivatives `used`, in this order.

    Step by step, value `first + step * width + k` is `signs[step, 0, k] v[a] v[b] + signs[step, 1, k] v[c] v[d]` with
    a, b, c, d from `operands[step, :, k]`; entry i of the Jacobian is `entry_signs[i]` times value `entries[i]`.
    """

    used: np.ndarray  # (used,), numbers of local derivatives
    operands: np.ndarray  # (steps, 4, width)
    signs: np.ndarray  # (steps, 2, width)
    entries: np.ndarray  # (entries,)
    entry_signs: np.ndarray  # (entries,)
    rows: np.ndarray  # (entries,)
    columns: np.ndarray  # (entries,)


class Graph:
    """Nodes are numbers from 1, inputs first; node 0 is what depends on no input. Local derivatives are numbered from 2."""

    def __init__(self, inputs: int):
        self.inputs = inputs
        self.nodes = inputs + 1
        self.into = defaultdict(dict)  # node -> {node before: products}

    def add(self, edges: Iterable[tuple[Count, Count, float]]) -> int:
        """A new node with `edges`: a node before it, the number of the derivative by it (1: it is one), and its sign."""
        node, self.nodes = self.nodes, self.nodes + 1
        for before, number, sign in edges:
            if before:
                self.into[node].setdefault(int(before), []).append((sign, int(number), ONE))
        return node

    def recipe(self, outputs: Sequence[Count], width: int) -> Recipe:
        """`Recipe` of the derivatives of the nodes `outputs` by the inputs, in steps of `width` multiply-adds."""
        outputs = [self.add([(node, ONE, 1.0)]) for node in outputs]
        elimination = _Elimination(self, outputs)
        elimination.run()
        entries = [
            (row, before - 1, elimination.value(products))
            for row, node in enumerate(outputs)
            for before, products in sorted(elimination.into[node].items())
        ]
        rows, columns, found = zip(*entries, strict=True) if entries else ((), (), ())
        return _scheduled(elimination.steps, found, np.array(rows, int), np.array(columns, int), width)


class _Elimination:
    """A graph on which nodes are eliminated; values that are made on the way have negative numbers."""

    def __init__(self, graph, outputs):
        self.steps = []  # of a new value each: up to two products (sign, number, number)
        self.into = {node: {} for node in outputs}
        self.out_of = defaultdict(set)
        waiting = list(outputs)
        while waiting:
            node = waiting.pop()
            self.into[node] = {before: list(products) for before, products in graph.into[node].items()}
            for before in self.into[node]:
                self.out_of[before].add(node)
                if before > graph.inputs and before not in self.into:
                    self.into[before] = {}
                    waiting.append(before)
        self._left = set(self.into) - set(outputs)

    def run(self) -> None:
        """Eliminate all nodes but inputs and outputs."""
        queue = [(self._cost(node), node) for node in self._left]
        heapq.heapify(queue)
        while queue:
            cost, node = heapq.heappop(queue)
            if node not in self._left:
                continue
            if cost != (now := self._cost(node)):
                heapq.heappush(queue, (now, node))
                continue
            for neighbour in self._eliminate(node):
                if neighbour in self._left:
                    heapq.heappush(queue, (self._cost(neighbour), neighbour))

    def _cost(self, node):
        return len(self.into[node]) * len(self.out_of[node])

    def _eliminate(self, node):
        """Join each edge into `node` with each edge out of it; the nodes whose edges have changed."""
        self._left.discard(node)
        before = {u: self.value(products) for u, products in self.into.pop(node).items()}
        after = sorted(self.out_of.pop(node))
        for u in before:
            self.out_of[u].discard(node)
        for w in after:
            number, sign = self.value(self.into[w].pop(node))
            for u, along in before.items():
                self.into[w].setdefault(u, []).append((sign * along.sign, number, along.number))
                self.out_of[u].add(w)
        return [*before, *after]

    def value(self, products: Sequence[tuple[float, int, int]]) -> Scaled:
        """The sum of products as one value."""
        if len(products) == 1 and ONE in products[0][1:]:
            sign, *numbers = products[0]
            return Scaled(max(numbers, key=lambda number: number != ONE), sign)
        total = self._step(products[:2])
        for product in products[2:]:
            total = self._step([(1.0, total, ONE), product])
        return Scaled(total)

    def _step(self, pair):
        self.steps.append(pair)
        return -len(self.steps)


def _scheduled(steps, found, rows, columns, width):
    """`Recipe` with as many multiply-adds at a time as do not need each other."""
    numbers = [number for pair in steps for _, *both in pair for number in both] + [v.number for v in found]
    used = np.unique([number for number in numbers if number > ONE])
    place = {ZERO: ZERO, ONE: ONE} | {int(number): ONE + 1 + i for i, number in enumerate(used)}
    first = len(place)
    chunks = _chunks(steps, width)
    for i, chunk in enumerate(chunks):
        place |= {-1 - step: first + i * width + k for k, step in enumerate(chunk)}
    operands = np.zeros((len(chunks), 4, width), np.int32)
    signs = np.zeros((len(chunks), 2, width))
    for i, chunk in enumerate(chunks):
        for k, step in enumerate(chunk):
            for j, (sign, a, b) in enumerate(steps[step]):
                operands[i, 2 * j : 2 * j + 2, k] = place[a], place[b]
                signs[i, j, k] = sign
    entries, entry_signs = np.array([place[v.number] for v in found], np.int32), np.array([v.sign for v in found])
    return Recipe(used - ONE - 1, operands, signs, entries, entry_signs, rows, columns)


def _chunks(steps, width):
    """Steps in the order of taking them, `width` at a time; those that most others wait for go first."""
    needs = [{-1 - number for _, *both in pair for number in both if number < 0} for pair in steps]
    waiting_for = defaultdict(list)
    for step, before in enumerate(needs):
        for other in before:
            waiting_for[other].append(step)
    height = [0] * len(steps)
    for step in reversed(range(len(steps))):
        height[step] = 1 + max((height[other] for other in waiting_for[step]), default=0)
    missing = [len(before) for before in needs]
    ready = [(-height[step], step) for step, count in enumerate(missing) if not count]
    heapq.heapify(ready)
    chunks = []
    while ready:
        chunk = [heapq.heappop(ready)[1] for _ in range(min(width, len(ready)))]
        for step in chunk:
            for other in waiting_for[step]:
                missing[other] -= 1
                if not missing[other]:
                    heapq.heappush(ready, (-height[other], other))
        chunks.append(chunk)
    return chunks
