"""Tables of numbers: rows by name, each with its unit, range and source."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TARGET_COLUMNS = (
    "name", "symbol", "kind", "value", "low", "high", "standard_error", "used", "measured",
    "unit", "period", "publisher", "reference", "note",
)  # fmt: skip
PARAMETER_COLUMNS = ("name", "symbol", "value", "unit", "low", "high", "source")
SET_COLUMNS = ("name", "value")
USED, HELD_OUT = "yes", "held_out"
LEVEL, KINDS = "level", ("level", "path", "response", "assumption")


class TableError(ValueError):
    """A table of numbers that cannot be used; the message names file, line and what was expected."""


@dataclass(frozen=True)
class Row:
    """One number of a table; `name` is dotted, its last parts labels on an axis where there are any.

    A target's `kind` is level (the initial steady state has it exactly), path (the transition should come near), response
    (published, compared) or assumption; `measured` says what of the model it is held against, see `moments.moment_of`.
    """

    name: str
    symbol: str
    value: float
    unit: str
    low: float = -math.inf
    high: float = math.inf
    source: str = ""
    kind: str = ""
    standard_error: float = math.nan
    used: bool = True
    measured: str = ""
    period: str = ""
    note: str = ""
    published: str = ""  # quarter; known only in tables of a vintage


def read_table(path: str | Path, columns: Sequence[str]) -> dict[str, Row]:
    """Rows by name; raises TableError on a missing column, a duplicate, or a value that is not a finite number."""
    rows = {}
    for line, raw in read_records(path, columns):
        row = _row(raw, path, line)
        if row.name in rows:
            raise TableError(f"{path}, line {line}: duplicate row {row.name!r}; expected each name once")
        rows[row.name] = row
    return rows


def read_records(path: str | Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """`(line, {column: text})` of every row of a CSV; raises TableError where it or a column is missing."""
    path = Path(path)
    if not path.is_file():
        raise TableError(f"{path}: no such file; expected a CSV with the columns {', '.join(columns)}")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError:
        raise TableError(f"{path}: not a text in UTF-8; save it as CSV in that encoding") from None
    reader = csv.DictReader(lines)
    names = list(reader.fieldnames or ())
    missing = [c for c in columns if c not in names]
    if missing:
        raise TableError(f"{path}, line 1: missing columns {', '.join(missing)}; expected {', '.join(columns)}")
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise TableError(f"{path}, line 1: column {', '.join(sorted(twice))} stands twice; expected each once")
    return [(reader.line_num, raw) for raw in reader if any(raw.values())]


def _row(raw, path, line):
    def number(column):
        try:
            value = float(raw[column])
        except (TypeError, ValueError):
            value = math.nan
        if not math.isfinite(value):
            raise TableError(
                f"{path}, line {line}: {raw['name']}: {column} is {raw[column]!r}; expected a finite number"
            )
        return value

    kind = raw.get("kind") or ""
    if "kind" in raw and kind not in KINDS:
        raise TableError(f"{path}, line {line}: {raw['name']}: kind is {kind!r}; expected one of {', '.join(KINDS)}")
    optional = kind in (LEVEL, "assumption", "response") or "low" not in raw
    numbers = {c: number(c) for c in ("low", "high", "standard_error") if raw.get(c) or (c in raw and not optional)}
    words = {c: raw[c] for c in ("measured", "period", "note", "published") if raw.get(c)}
    source = raw.get("source") or "; ".join(raw[c] for c in ("publisher", "reference") if raw.get(c))
    used = raw.get("used", USED)
    if used not in (USED, HELD_OUT):
        raise TableError(f"{path}, line {line}: {raw['name']}: used is {used!r}; expected {USED} or {HELD_OUT}")
    row = Row(
        raw["name"],
        raw.get("symbol") or "",
        number("value"),
        raw.get("unit") or "",
        source=source,
        kind=kind,
        used=used == USED,
        **numbers,
        **words,
    )
    if not row.low <= row.high:
        raise TableError(
            f"{path}, line {line}: {row.name}: low is {row.low:g}, high {row.high:g}; expected low <= high"
        )
    return row


def target_range(row: Row) -> tuple[float, float]:
    """Least and largest value of a level: shares lie between 0 and 1, returns within reason, nothing else is negative."""
    if row.name.startswith("real_return."):
        return -0.1, 0.5
    return 0.0, 1.0 if "share" in row.unit else math.inf
