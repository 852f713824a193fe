"""Draws of the calibration from a file, each an economy."""

import csv
from dataclasses import dataclass
from pathlib import Path

from calibration.inputs import Inputs
from experiments.request.errors import InputError, nearest
from experiments.request.ranges import out_of_range

DRAW = "draw"
MAKER = "`python -m calibration.run save=NAME` makes one"
SHOWN_PROBLEMS = 10


@dataclass(frozen=True)
class Draws:
    """Economies by the number of their draw; `notes` say how they differ from the file."""

    economies: dict[int, Inputs]
    notes: tuple[str, ...] = ()

    def __len__(self):
        return len(self.economies)


def read_draws(path, inputs, count):
    """The first `count` draws of a CSV with a column `draw` and a column a number, by its name in `Inputs`.

    Numbers that `inputs` already moved keep the user's value. Raises InputError with file, line and what was expected.
    """
    if path is None:
        raise InputError(
            f"calibration.draws: got null with uncertainty=posterior, and calibration {inputs.name} came without draws; expected a CSV; {MAKER}"
        )
    path = existing(path)
    try:
        with path.open(newline="", encoding="utf-8") as handle:
            reader = csv.reader(handle)
            lines = [(reader.line_num, cells) for cells in reader if cells]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"calibration.draws: {path}: not a CSV: {error}") from None
    names = _names(path, lines[0][1] if lines else [], inputs)
    values = _values(path, names, lines[1:], inputs)
    free = [name for name in names if name not in inputs.moved]
    if not free:
        raise InputError(f"calibration.draws: {path}: every column is set by you; expected one that may differ")
    used = dict(list(values.items())[:count])
    economies = {draw: inputs.with_values({name: row[name] for name in free}) for draw, row in used.items()}
    return Draws(economies, tuple(_notes(path, names, inputs, len(values), count)))


def existing(path):
    """The path of a file of draws; raises InputError where there is none."""
    if not Path(path).is_file():
        raise InputError(f"calibration.draws: {path}: no such file; expected a CSV of draws; {MAKER}")
    return Path(path)


def _names(path, header, inputs):
    """The columns but the first."""
    if len(header) < 2 or header[0] != DRAW:
        got = ", ".join(header[:3]) or "nothing"
        raise InputError(f"{path}, line 1: got {got}; expected the column {DRAW}, then one a number; {MAKER}")
    names = header[1:]
    problems = [
        f"{path}, line 1: unknown column {n!r}{nearest(n, inputs.names)}" for n in names if n not in inputs.names
    ]
    problems += [f"{path}, line 1: column {n!r} is there twice" for n in dict.fromkeys(names) if names.count(n) > 1]
    _refuse(path, problems)
    return names


def _values(path, names, lines, inputs):
    """`{draw: {name: number}}`."""
    values, problems = {}, []
    for line, cells in lines:
        where = f"{path}, line {line}"
        if len(cells) != len(names) + 1:
            problems.append(f"{where}: got {len(cells)} cells; expected {len(names) + 1}")
            continue
        draw = _whole(cells[0])
        if draw is None or draw in values:
            problems.append(f"{where}: {DRAW}: got {cells[0]!r}; expected a whole number, each once")
            continue
        row = dict(zip(names, map(_number, cells[1:]), strict=True))
        problems += [f"{where}: {sentence}" for sentence in out_of_range(inputs, row)]
        values[draw] = row
    _refuse(path, problems)
    if len(values) < 2:
        raise InputError(f"{path}: draws: got {len(values)}; expected 2 or more; {MAKER}")
    return values


def _refuse(path, problems):
    more = len(problems) - SHOWN_PROBLEMS
    if problems:
        raise InputError(problems[:SHOWN_PROBLEMS] + ([f"{path}: {more} more problems"] if more > 0 else []))


def _whole(cell):
    try:
        return int(cell)
    except ValueError:
        return None


def _number(cell):
    """The number in a cell, or the cell."""
    try:
        return float(cell)
    except ValueError:
        return cell


def _notes(path, names, inputs, available, count):
    kept = ", ".join(f"{name} = {inputs.moved[name]:g}" for name in names if name in inputs.moved)
    if kept:
        yield f"set by you and the same in all draws: {kept}"
    if available < count:
        yield f"{path} has {available} draws; all are used"
