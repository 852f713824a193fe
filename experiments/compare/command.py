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
FIRST = ("calibration", "rule", "conditions", "beliefs", "scenarios", "changes", "targets")  # keys told before others
ECONOMY = ("calibration", "economy", "households", "parameters")  # keys that move the initial steady state
DRAWS = "calibration.draws"  # of them, the one that does not
OWN_BASE = "each run's own initial steady state is 100: of indices compare growth, not levels"
REFUSED = "not solved: "


def main(arguments):
    """Print what differs; 0, or 2 for folders that are none of a run."""
    try:
        first, second, file = _asked(arguments)
        table = comparison(*(_years(folder) for folder in (first, second)))
        moved = list(different(*(_configuration(folder) for folder in (first, second))))
    except InputError as error:
        print_errors(error)
        return EXIT_BAD_INPUT
    print("\n".join([f"A: {first}", f"B: {second}", *_moved(moved), *_screen(table), *_notes(table, moved)]))
    if file:
        table.to_csv(file, index=False)
        print(f"all outcomes and years: {file}")
    return 0


def comparison(first, second):
    """DataFrame with a row an outcome, path and year: A and B, empty where one has no such row, and B less A, in the outcome's unit."""
    told = [table.melt(KEYS, var_name="year", value_name=run) for table, run in ((first, "A"), (second, "B"))]
    both = pd.concat(told)[[*KEYS, "year"]].drop_duplicates()  # in the order of the first
    for table in told:
        both = both.merge(table, how="left", on=[*KEYS, "year"])
    return both.assign(difference=_numbers(both.B) - _numbers(both.A))


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
    file = folder / YEARS
    if not file.is_file():
        raise InputError(f"{folder}: no {YEARS} there; expected the folder of a run")
    try:
        table = pd.read_csv(file)
    except (ValueError, UnicodeDecodeError) as failure:
        raise InputError(f"{file}: no table of a run: {failure}") from None
    if list(table.columns[: len(KEYS)]) != KEYS or len(table.columns) == len(KEYS):
        raise InputError(f"{file}: got columns {', '.join(table.columns)}; expected {', '.join(KEYS)} and years")
    cells = table.drop(columns=KEYS)
    odd = cells.map(lambda cell: pd.isna(pd.to_numeric(cell, errors="coerce")) and not str(cell).startswith(REFUSED))
    if odd.any(axis=None) or table[KEYS].isna().any(axis=None):
        row = table[odd.any(axis=1) | table[KEYS].isna().any(axis=1)].iloc[0]
        raise InputError(
            f"{file}: the row of {row.outcome}, {row.path} has a cell that is no number: the file is damaged, run again"
        )
    return table


def _configuration(folder):
    file = folder / CONFIGURATION
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder}: no {CONFIGURATION} there; expected the folder of a run") from None
    except (yaml.YAMLError, UnicodeDecodeError) as failure:
        raise InputError(f"{file}: no configuration of a run: {' '.join(str(failure).split())}") from None
    if not isinstance(found, dict):
        raise InputError(f"{file}: got no keys; expected the configuration of a run")
    return found


def _numbers(column):
    """Numbers of a column; none where a path was refused or is not there."""
    return pd.to_numeric(column, errors="coerce")


def _moved(moved):
    first = [row for key in FIRST for row in moved if row[0].partition(".")[0] == key]
    told = [*first, *(row for row in moved if row not in first)]
    yield from (f"{key}: {_short(a)} in A, {_short(b)} in B" for key, a, b in told[:MOST_KEYS])
    if len(told) > MOST_KEYS:
        yield f"{len(told) - MOST_KEYS} more keys of {CONFIGURATION} differ"


def _short(value):
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _screen(table):
    """Few outcomes and years of every path that both have: A, B and their difference."""
    yield f"{'':30}  {'':22}  {'':6}{'A':>9}  {'B':>9}  {'B less A':>9}"
    shown = table[table.year.isin(PRINTED) & table[["A", "B"]].notna().all(axis=1)]
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


def _notes(table, moved):
    """What the numbers do not say: other bases, paths that are refused, and what only one run has."""
    if any(key.partition(".")[0] in ECONOMY for key, *_ in moved if key != DRAWS):
        yield OWN_BASE
    for run in "AB":
        reasons = table.loc[table[run].astype(str).str.startswith(REFUSED), ["path", run]].drop_duplicates("path")
        yield from (f"{path} in {run}: {reason}" for path, reason in reasons.itertuples(index=False))
    for run, other in ("AB", "BA"):
        lone = table[table[other].isna()]
        paths = [path for path in lone.path.unique() if table.loc[table.path == path, other].isna().all()]
        if paths:
            yield f"only in {run}: {', '.join(paths)}"
        if rows := len(lone[~lone.path.isin(paths)]):
            yield f"only in {run}: {rows} more cells of paths that both have (other years, outcomes or units)"


def _told(value, change):
    try:
        number = float(value)
    except ValueError:
        return "-"
    return "-" if pd.isna(number) else signed(number) if change else f"{number:.2f}"
