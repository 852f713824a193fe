"""`python3 run.py list [KIND] [WORD] [--json]`: what there is, in words and units; WORD filters, --json is for programs."""

import json
import math
import sys
import textwrap
from functools import cache
from pathlib import Path

import yaml

from experiments.commands import COMMANDS, told
from experiments.request.errors import nearest

CONFIGURATION = Path(__file__).resolve().parent.parent / "conf"
GROUPS = ("scenario", "study", "experiment", "calibration", "claim", "beliefs", "conditions", "rule", "policy")
DEFAULT, WIDTH = "us_2022q4", 120


def main(arguments):
    """Print the entries of a kind, or of those with few entries; returns the exit status."""
    words = [word for word in arguments if word != "--json"]
    kinds = {**{"command": _commands}, **{group: _of_configuration(group) for group in GROUPS}, **MODEL}
    kind = next((kind for kind in kinds if words and words[0].lower() in (kind, f"{kind}s", f"{kind[:-1]}ies")), None)
    chosen = [kind] if kind and words.pop(0) else None
    if len(words) > 1 or any(word.startswith("-") for word in words):
        print(
            f"error: got {' '.join(words)}; expected [KIND] [WORD] [--json], KIND one of {', '.join(kinds)}",
            file=sys.stderr,
        )
        return 2
    if chosen is None:
        chosen = list(kinds) if words else ["command", *GROUPS]
    found = {kind: [row for row in kinds[kind]() if _has(row, words)] for kind in chosen}
    if words and not any(found.values()):
        names = [*kinds, *(name for kind in chosen for name, _ in kinds[kind]())]
        print(f"error: nothing has {words[0]!r} in it{nearest(words[0], names)}", file=sys.stderr)
        return 2
    if "--json" in arguments:
        print(json.dumps({kind: [_fields(*row) for row in rows] for kind, rows in found.items()}))
        return 0
    for kind, rows in found.items():
        if rows:
            print("\n".join([kind, *(_line(*row[:2], whole=bool(words) or len(chosen) == 1) for row in rows)]))
    for kind, change in (("parameter", "economy.NAME=VALUE"), ("target", '"calibration.targets={NAME: VALUE}"')):
        if found.get(kind):
            print(f"values of the default calibration, {DEFAULT}; change one: python3 run.py {change}")
    if not words and len(chosen) > 1:
        print(f"more: list KIND, KIND one of {', '.join(MODEL)}; list WORD looks in all of them")
    return 0


def _fields(name, text, numbers=()):
    return {"name": name, "text": text, **dict(numbers)}


def _has(row, words):
    text = " ".join(row[:2]).lower().replace("_", " ")
    return all(word.lower().replace("_", " ") in text for word in words)


def _commands():
    return [(name, told(module)[1]) for name, module in COMMANDS.items()]


def _of_configuration(group):
    def rows():
        return [(path.stem, _description(path)) for path in sorted((CONFIGURATION / group).glob("*.yaml"))]

    return rows


ADDED = " (two-sector economy alone)"


def _shocks():
    from calibration.shocks.stored import usual
    from calibration.shocks.tables import shocks

    def told(shock):
        persistence, deviation = usual(shock.name)
        return f"{shock.says}; moves {', '.join(shock.instruments)}, {deviation:.2g} usually, of which {persistence:.2g} is left after a quarter"

    return [(shock.name, told(shock)) for shock in shocks()]


def _instruments():
    from model.equilibrium.economy import reference, two_sector

    uses, common = {1.0: "multiplies", 0.0: "is added"}, set(reference().instruments.symbols)
    return [
        (
            e.symbol,
            f"{_spoken(e.name)}: {uses.get(e.metadata['base'], '')}, at rest {e.metadata['base']:g}; {e.name} {e.unit}"
            + (f"; {e.metadata['note']}" if e.metadata["note"] else "")
            + ("" if e.symbol in common else ADDED),
        )
        for e in two_sector().instruments.entries
    ]


def _outcomes():
    from model.equilibrium.outcomes.register import UNITS, spoken

    return [
        (name, f"{spoken(name)} [{unit}]" + (f" by {axis.name}" if axis else ""))
        for name, (unit, axis) in UNITS.items()
    ]


def _spoken(name):
    """`Government: generation subsidy, gas` for `government.generation_subsidy[gas]`."""
    block, _, field = name.replace("_", " ").replace("[", ", ").replace("]", "").partition(".")
    return f"{block}: {field}"


def _equations():
    from model.equilibrium.economy import reference, two_sector

    common = list(reference().register)
    added = [e for e in two_sector().register if e.function not in [known.function for known in common]]
    told = [(e, "") for e in common] + [(e, ADDED) for e in added]
    return [(f"E.{e.number}", f"{e.name}{note}: {e.formula}") for e, note in told]


def _parameters():
    from calibration.inputs import load_inputs

    return [_number(name, row, name, row.low, row.high) for name, row in load_inputs(name=DEFAULT).parameters.items()]


def _targets():
    from calibration.inputs import load_inputs
    from calibration.numbers.tables import target_range

    rows = load_inputs(name=DEFAULT).targets.items()
    return [_number(name, row, f"targets.{name}", *target_range(row)) for name, row in rows]


def _number(name, row, full_name, low, high):
    """A number of the default calibration, with where it is from and what the tables have in its place for other economies."""
    own, tables, common = _numbers()
    told, source = own.get(full_name), tables.row(full_name).source
    if told is not None:
        error = f" with a standard error of {told.standard_error:g}" if math.isfinite(told.standard_error) else ""
        here = f"{told.note[0].upper()}{told.note[1:]}{error}"
        before = "in the reference economy" if full_name in common else "before it was estimated"
        source = f"{here}; {before} {tables.value(full_name):g}: {source}"
    added = "" if full_name in common else ADDED
    allowed = f"{low:g} to {high:g}" if math.isfinite(high) else f"at least {low:g}"
    text = f"{row.value:g} [{row.unit}] {row.symbol}, {allowed}. {source}{added}"
    ends = {end: value if math.isfinite(value) else None for end, value in (("low", low), ("high", high))}
    return name, text, {"value": row.value, "unit": row.unit, "symbol": row.symbol, **ends, "source": source}


@cache
def _numbers():
    """Rows of the default calibration's own numbers, the tables of its economy, and the names that the reference economy has too."""
    from calibration.inputs import load_inputs, made_of, set_rows

    tables = load_inputs(economy_name=made_of(DEFAULT).economy_name)
    return {row.name: row for row in set_rows(DEFAULT)}, tables, set(load_inputs().names)


MODEL = {
    "shock": _shocks,
    "instrument": _instruments,
    "parameter": _parameters,
    "target": _targets,
    "outcome": _outcomes,
    "equation": _equations,
}


def _description(path):
    """A file's description or claim, or else its first comment."""
    text = path.read_text(encoding="utf-8")
    values = yaml.safe_load(text) or {}
    values = values.get("study", values)
    comments = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
    told = [c for c in comments if not c.startswith("@package")]
    return values.get("description") or values.get("claim") or " ".join(told)


def _line(name, text, whole):
    """An entry: one line of it among many kinds, the whole of it where one kind or word is asked for."""
    if not whole:
        return f"  {name:28s} {textwrap.shorten(text, WIDTH - 31, placeholder=' ...')}"
    lines = textwrap.wrap(" ".join(text.split()), WIDTH - max(31, len(name) + 3)) or [""]
    return f"  {name:28s} " + f"\n{' ' * 31}".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
