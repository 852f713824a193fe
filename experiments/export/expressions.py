"""Nodes of a graph as text: infix expressions, with a line of its own for what is used more than once."""

from collections import Counter

from experiments.export.scalars import FUNCTIONS

STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
ATOM = 4


def printed_number(value):
    """17 significant digits, which is the number itself."""
    return f"{value:.17g}"


def definitions(graph, wanted, names):
    """Lines and expressions `([(name, expression), ...], [expression, ...])` of the nodes `wanted`.

    `names` maps nodes to the names that they shall have if they are needed; other nodes that are used more than once are
    called `v1`, `v2`, ... A line uses only names of the lines before it.
    """
    uses = _uses(graph, wanted)
    texts, lines = {}, []
    for node in sorted(uses):
        text, strength = _text(graph, node, texts)
        if graph.nodes[node][0] not in ("symbol", "number") and (node in names or uses[node] > 1):
            name = names.get(node, f"v{len(lines) + 1}")
            lines.append((name, text))
            text, strength = name, ATOM
        texts[node] = text, strength
    return lines, [texts[node][0] for node in wanted]


def _uses(graph, wanted):
    """How often each node that is needed is used."""
    uses = Counter(wanted)
    for node in range(len(graph.nodes) - 1, -1, -1):
        operator, *parts = graph.nodes[node]
        if node in uses and operator not in ("symbol", "number"):
            uses.update(parts)
    return uses


def _text(graph, node, texts):
    operator, *parts = graph.nodes[node]
    if operator == "symbol":
        return parts[0], ATOM
    if operator == "number":
        return printed_number(parts[0]), ATOM if parts[0] >= 0 else 0
    if operator in FUNCTIONS:
        return f"{operator}({texts[parts[0]][0]})", ATOM
    strength = STRENGTH[operator]
    left = _enclosed(texts[parts[0]], strength + (operator == "^"))
    right = _enclosed(texts[parts[1]], strength + 1)
    if operator == "-" and graph.value(parts[0]) == 0:
        return f"-{right}", 0
    return f"{left}{operator}{right}" if operator == "^" else f"{left} {operator} {right}", strength


def _enclosed(part, least):
    text, strength = part
    return text if strength >= least else f"({text})"
