"""The command `compare`: two run folders side by side."""

from pathlib import Path

import pandas as pd
import yaml

from experiments.answer.tables.screen import OUTCOMES
from experiments.answer.tables.writing import signed
from experiments.request.errors import EXIT_BAD_INPUT, InputError, print_errors
from model.equilibrium.outcomes.register import spoken
from model.transition.solutions import BASELINE

OUTPUTS, YEARS, CONFIGURATION = Path("outputs"), "years.csv", "config.yaml"
KEYS = ["outcome", "path", "unit"]
PRINTED, MOST_KEYS = ("2026", "2030", "2035"), 12


def main(arguments):
    """Print what differs; 0, or 2 for folders that are none of a run."""
    try:
        first, second, file = _asked(arguments)
        table = comparison(*(_years(folder) for folder in (first, second)))
        moved = different(*(_configuration(folder) for folder in (first, second)))
    except InputError as error:
        print_errors(error)
        return EXIT_BAD_INPUT
    print("\n".join([f"A: {first}", f"B: {second}", *_moved(moved), *_screen(table)]))
    if file:
        table.to_csv(file, index=False)
        print(f"all outcomes and years: {file}")
    return 0


def comparison(first, second):
    """DataFrame with a row an outcome, path and year that both have: A, B, and B less A, in the outcome's unit."""
    told = [table.melt(KEYS, var_name="year", value_name="value") for table in (first, second)]
    both = told[0].merge(told[1], on=[*KEYS, "year"], suffixes=("_a", "_b"))
    values = both[["value_a", "value_b"]].apply(pd.to_numeric, errors="coerce")  # a path that was refused has a reason
    both = both[[*KEYS, "year"]].assign(A=values.value_a, B=values.value_b)
    return both.assign(difference=both.B - both.A)


def different(first, second, where=""):
    """`(key, A, B)` of every key whose values differ; None where one has no such key."""
    for key in dict.fromkeys([*first, *second]):
        a, b = first.get(key), second.get(key)
        if isinstance(a, dict) and isinstance(b, dict):
            yield from different(a, b, f"{where}{key}.")
        elif a != b:
            yield f"{where}{key}", a, b


def _asked(arguments):
    """Both folders and the file to write, if any."""
    files = [a for a in arguments if a.endswith(".csv")]
    folders = [Path(a) for a in arguments if a not in files] or _last_two()
    if len(folders) != 2 or len(files) > 1:
        raise InputError(
            f"got {' '.join(arguments)}; expected two run folders, or none for the last two, and a file.csv"
        )
    return (*folders, files[0] if files else None)


def _last_two():
    found = sorted(OUTPUTS.glob(f"*/*/{YEARS}"), key=lambda path: path.stat().st_mtime)
    if len(found) < 2:
        raise InputError(f"{OUTPUTS}: got {len(found)} runs there; expected two, or name their folders")
    return [path.parent for path in found[-2:]]


def _years(folder):
    if not (folder / YEARS).is_file():
        raise InputError(f"{folder}: no {YEARS} there; expected the folder of a run")
    return pd.read_csv(folder / YEARS)


def _configuration(folder):
    return yaml.safe_load((folder / CONFIGURATION).read_text(encoding="utf-8"))


def _moved(moved):
    moved = list(moved)
    yield from (f"{key}: {_short(a)} in A, {_short(b)} in B" for key, a, b in moved[:MOST_KEYS])
    if len(moved) > MOST_KEYS:
        yield f"{len(moved) - MOST_KEYS} more keys of {CONFIGURATION} differ"


def _short(value):
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _screen(table):
    """Few outcomes and years of every path: A, B and their difference."""
    yield f"{'':30}  {'':22}  {'':6}{'A':>9}  {'B':>9}  {'B less A':>9}"
    shown = table[table.year.isin(PRINTED)]
    for (outcome, label), (words, *_) in OUTCOMES.items():
        rows = shown[shown.outcome == spoken(outcome, label)]
        for path, of_path in rows.groupby("path", sort=False):
            for row in of_path.itertuples():
                told = words if row.Index == rows.index[0] else ""
                name = path[:22] if row.Index == of_path.index[0] else ""
                levels = [_told(value, path != BASELINE) for value in (row.A, row.B)]
                cells = "  ".join(f"{text:>9}" for text in (*levels, _told(row.difference, True)))
                yield f"{told:30}  {name:22}  {row.year:6}{cells}"
    yield "means of years; the baseline in levels, scenarios as changes from it"


def _told(value, change):
    return "-" if pd.isna(value) else signed(value) if change else f"{value:.2f}"
