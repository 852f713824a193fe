"""A scenario as a `.mod` file: the economy's equations, both ends of the path, the instruments and how to solve it."""

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from experiments.export.equations import BEFORE, NEXT, SUFFIX, coordinate_names, quarter_equations
from experiments.export.expressions import printed_number
from model.equilibrium.economy import Economy

TOLERANCE = 1e-10  # of the last Newton step
OTHER_QUARTER = {BEFORE: ", quarter before", NEXT: ", next quarter"}
HANDED_ON = "// The quarter before the first: what it hands on; all else is that of the initial steady state."
ITERATIONS = 25  # before Dynare turns to its own homotopy


@dataclass(frozen=True)
class Export:
    """One scenario to be written; arrays in solver coordinates."""

    economy: Economy
    name: str
    description: str
    calibration: str  # one sentence
    first_quarter: int  # calendar position of the first quarter that is solved
    parameters: object
    before: np.ndarray  # (n,), the quarter before the first
    terminal: np.ndarray  # (n,), the quarter after the last
    long_run: np.ndarray  # (n,), the steady state that the path goes to
    guess_from: np.ndarray  # (n,), where the straight line starts
    guess_weight: np.ndarray  # (T,), its weight on `long_run`
    instruments: np.ndarray  # (T + 2, instruments), quarters -1 to T

    @property
    def guess(self):
        """Where a solver starts, `(T, n)`: the line between the steady states that the file writes down."""
        weight = self.guess_weight[:, None]
        return (1 - weight) * self.guess_from + weight * self.long_run


def mod_text(export):
    """Contents of the `.mod` file."""
    moves = np.ptp(export.instruments, axis=0) > 0
    moving = {
        s: path for s, path, m in zip(export.economy.instruments.symbols, export.instruments.T, moves, strict=True) if m
    }
    fixed = {
        s: e for s, e, m in zip(export.economy.instruments.symbols, export.instruments[0], moves, strict=True) if not m
    }
    equations = quarter_equations(export.economy, export.parameters, fixed)
    parts = (
        _header(export, fixed),
        _declarations(export, moving, equations.shifted),
        _model(export, equations),
        _ends(export, moving, equations.shifted),
        _shocks(moving),
        _solution(export, moving, equations.shifted),
    )
    return "\n".join(parts)


def mod_name(scenario):
    """Name of a scenario's file: Dynare allows letters, digits and underscores, and no digit first."""
    name = re.sub(r"\W", "_", scenario, flags=re.ASCII)
    return name if name[:1].isalpha() else f"scenario_{name}"


def _header(export, fixed):
    horizon = len(export.guess_weight)
    first, last = (export.economy.units.quarter_label(export.first_quarter + t) for t in (0, horizon - 1))
    standing = ", ".join(f"{s} = {value:g}" for s, value in fixed.items())
    name = mod_name(export.name)
    lines = f"""Two Economies: an AI-capital sector, a labour-intensive sector and energy; {len(export.economy.variables)} equations a quarter.
Scenario {export.name}: {export.description}
{export.calibration}.
Parameters are numbers in the equations, because both steady states move with them: another calibration is another file.
Horizon: {horizon} quarters; period 1 is {first}, period {horizon} is {last}. Terminal condition: {_terminal(export)}.
Smoothing of the complementarity conditions: {float(export.parameters.smoothing):g}.
Units: the initial steady state's quarterly GDP is 1 and so is its yearly electricity; rates and inflation are per quarter;
without trend growth. Unknowns called ln_X are natural logarithms of X, as our own solver has them; all others are levels.
Names that end in _before and _next are of the quarters t-1 and t+1.
The paths of the instruments are given, the natural rate rstar in the policy rule among them.
Instruments that do not move: {standing}.
Run: octave-cli --eval "addpath FOLDER_OF_DYNARE/matlab; dynare {name}.mod -DCOMPILED=1"
(without a C compiler leave out -DCOMPILED=1 and be patient). The paths are in oo_.endo_simul, a row an unknown.
Written for Dynare 5 and newer. Licence: Apache 2.0."""
    without_macros = lines.replace("@", "(at)")  # Dynare expands macros in comments too
    return "\n".join(f"// {line}" for line in without_macros.splitlines()) + "\n"


def _terminal(export):
    after = f"period {len(export.guess_weight) + 1}"
    if np.array_equal(export.terminal, export.long_run):
        return f"{after} is at the terminal steady state"
    return f"{after} is where our path is then, on the saddle path of the terminal steady state"


def _declarations(export, moving, shifted):
    unknowns = [
        f"  {name} ({_long(entry)})"
        for name, entry in zip(coordinate_names(export.economy), export.economy.variables.entries, strict=True)
    ]
    entries = dict(zip(export.economy.instruments.symbols, export.economy.instruments.entries, strict=True))
    instruments = [f"  {s} ({_long(entries[s])})" for s in moving]
    instruments += [f"  {s + SUFFIX[shift]} ({_long(entries[s], OTHER_QUARTER[shift])})" for s, shift in shifted]
    return "\n".join(["var", *unknowns, ";\n", "varexo", *instruments, ";\n"])


def _long(entry, later=""):
    logs = "log of " if entry.metadata.get("log") else ""
    return f"long_name='{logs}{entry.name} {entry.unit}{later}'"


def _model(export, equations):
    defined = [f"# {name} = {expression};" for name, expression in equations.locals]
    named = zip(export.economy.rows, equations.residuals, strict=True)
    stated = [f"[name='{row}']\n{expression} = 0;" for row, expression in named]
    head = ["@#ifdef COMPILED", "model(use_dll, no_static);", "@#else", "model(no_static);", "@#endif"]
    return "\n".join([*head, *defined, *stated, "end;\n"])


def _ends(export, moving, shifted):
    def values(block, unknowns, quarter):
        rows = [
            *zip(coordinate_names(export.economy), unknowns, strict=True),
            *((s, path[quarter]) for s, path in moving.items()),
        ]
        rows += [(s + SUFFIX[shift], moving[s][quarter]) for s, shift in shifted]
        return [f"{block};", *(f"{name} = {printed_number(value)};" for name, value in rows), "end;\n"]

    before, after = values("initval", export.before, 0), values("endval", export.terminal, -1)
    return "\n".join([HANDED_ON, *before, "// The quarter after the last.", *after])


def _shocks(moving):
    rows = ["shocks;"]
    for symbol, path in moving.items():
        spells = list(_spells(path[1:-1]))
        periods = ", ".join(f"{a}:{b}" if b > a else f"{a}" for a, b, _ in spells)
        values = ", ".join(f"({printed_number(value)})" for *_, value in spells)
        rows.append(f"var {symbol};\nperiods {periods};\nvalues {values};")
    return "\n".join([*rows, "end;\n"])


def _spells(path):
    """First and last period and value of each spell of equal values, periods counted from 1."""
    starts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    for a, b in pairwise(starts):
        yield a + 1, b, path[a]


def _solution(export, moving, shifted):
    return f"""perfect_foresight_setup(periods={len(export.guess_weight)});
// Instruments of the quarter before and of the next.
{_shifts(moving, shifted)}
// The starting guess: a line from the initial to the terminal steady state, in the coordinates of the unknowns.
guess_from = {_column(export.guess_from)};
long_run = {_column(export.long_run)};
guess_weight = {_column(export.guess_weight)};
oo_.endo_simul(:, 2:end-1) = guess_from * (1 - guess_weight)' + long_run * guess_weight';
solver_clock = tic;
perfect_foresight_solver(stack_solve_algo=6, tolf={TOLERANCE:g}, maxit={ITERATIONS});
solver_seconds = toc(solver_clock);
"""


def _shifts(moving, shifted):
    """Statements that fill the instruments of other quarters from those of the same quarter."""
    rows = {BEFORE: ("2:end", "1:end-1"), NEXT: ("1:end-1", "2:end")}
    columns = enumerate(shifted, start=len(moving) + 1)
    places = [(rows[shift], column, list(moving).index(s) + 1) for column, (s, shift) in columns]
    return "\n".join(
        f"oo_.exo_simul({to}, {column}) = oo_.exo_simul({source}, {now});" for (to, source), column, now in places
    )


def _column(values):
    return "[" + "; ".join(printed_number(v) for v in values) + "]"
