"""What a terminal shows of a run: few outcomes, few dates, two significant digits."""

from experiments.answer.tables.counterfactual import change, series
from experiments.answer.tables.writing import signed
from experiments.answer.tables.years import calendar_means
from experiments.request.ranges import key_of
from model.core.units import FIRST_YEAR, QUARTERS_A_YEAR

OUTCOMES = {
    ("gdp_real", None): ("GDP, trend = 100", "%", 1),
    ("unemployment", None): ("unemployment, %", "pp", 1),
    ("labour_share", None): ("labour share, % of GDP", "pp", 1),
    ("wage", "low"): ("low-skilled wage, trend = 100", "%", 1),
    ("interconnection_rent", None): ("rent of a connection, c/kWh", "c/kWh", 0),
}
AFTER = (0, 4, 9)  # years from the one of the announcement
COLUMNS, NAME = 4, 26  # scenarios side by side, and letters of their names
FLAGS = 3
CUSTOM = "custom"


def screen(results, job, folder):
    """The lines that are printed: levels of the baseline, changes by scenario, flags, and where the rest is."""
    lines = [
        *_moved(job),
        *_table(results, job),
        *_flags(results),
        f"all numbers, figures and the certificate: {folder}",
    ]
    return "\n".join(
        [*lines, "next: `python3 run.py list` names scenarios and commands; verbose=true prints the whole table"]
    )


def _moved(job):
    if job.inputs.moved:
        yield "with " + ", ".join(f"{key_of(name)}={value:g}" for name, value in job.inputs.moved.items())


def _years(job):
    """From the year of the first announcement on."""
    first = min((s.announced for s in job.scenarios), default=0)
    return [FIRST_YEAR + first // QUARTERS_A_YEAR + years for years in AFTER]


def _table(results, job):
    years, base, shown = _years(job), results.baseline, [s for s in results.solved[1:] if s.certified]
    shown.sort(key=lambda s: s.name != CUSTOM)  # what was asked for on the command line comes first
    if not base.certified:
        return
    widths = [max(len(s.name[:NAME]), 8) for s in shown[:COLUMNS]]
    names = "  ".join(s.name[:NAME].rjust(w) for s, w in zip(shown, widths, strict=False))
    yield f"{job.inputs.name:30}  {'':6}  baseline  {names}".rstrip()
    for (outcome, label), (words, kind, digits) in OUTCOMES.items():
        levels, *others = (calendar_means(series(s.values, outcome, label), years) for s in (base, *shown[:COLUMNS]))
        for year in levels:
            changes = (signed(change(levels[year], other[year], kind)) for other in others)
            cells = "  ".join(text.rjust(w) for text, w in zip(changes, widths, strict=True))
            told = words if year == str(years[0]) else ""
            yield f"{told:30}  {year:6}  {levels[year]:>8.{digits}f}  {cells}".rstrip()
    if shown:
        rest = f"; {len(shown) - COLUMNS} more in table.csv" if len(shown) > COLUMNS else ""
        yield f"means of years; changes from the baseline: % of GDP and wages, points of shares, cents{rest}"


def _flags(results):
    found = [f"{s.name}: {text}" for s in results.solved if s.certified for text in s.certificate["unusual"]]
    yield from (f"flag: {text}" for text in found[:FLAGS])
    if len(found) > FLAGS:
        yield f"{len(found) - FLAGS} more flags in certificate.json"
