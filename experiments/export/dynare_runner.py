"""Runs Dynare on a `.mod` file in Octave and reads back the path that it finds."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

FOLDER_VARIABLE = "DYNARE_MATLAB"
NEAR_THE_PREPROCESSOR = ("matlab", "lib/dynare/matlab")
LAST_LINES = 12
SCRIPT = """
addpath('{matlab}');
dynare('{name}.mod', {flags});
found = oo_.endo_simul(1:M_.orig_endo_nbr, 2:end-1)';
dlmwrite('path.csv', found, 'precision', '%.17g');
state = oo_.deterministic_simulation;
iterations = NaN;
if isfield(state, 'iterations') iterations = state.iterations; end
dlmwrite('state.csv', [state.status, iterations, solver_seconds, options_.dynatol.f], 'precision', '%.17g');
"""


class DynareRun(NamedTuple):
    """What Dynare found: `path` is `(T, n)` in the coordinates and the order of the file's unknowns.

    `seconds` is the time inside `perfect_foresight_solver` alone, without preprocessing and compiling; `iterations` counts
    the last simulation, which is the only one unless Dynare needed its homotopy; it is -1 where Dynare does not say.
    `tolerance` is Dynare's own: the largest change of any unknown in the last Newton step.
    """

    path: np.ndarray
    seconds: float
    iterations: int
    tolerance: float


class DynareError(RuntimeError):
    """Dynare is not there, or it did not solve the file."""


def dynare_folder():
    """Folder of Dynare's own functions, None if there is none: DYNARE_MATLAB, or near the preprocessor on the path."""
    named = os.environ.get(FOLDER_VARIABLE)
    preprocessor = shutil.which("dynare-preprocessor")
    found = [Path(named)] if named else []
    if preprocessor:
        found += [parent / near for parent in Path(preprocessor).resolve().parents for near in NEAR_THE_PREPROCESSOR]
    return next((folder for folder in found if (folder / "dynare.m").is_file()), None)


def dynare_available():
    """Whether Octave and Dynare are installed."""
    return shutil.which("octave-cli") is not None and dynare_folder() is not None


def compiler_available():
    """Whether Octave can compile the equations, which makes Dynare faster by far."""
    return shutil.which("mkoctfile") is not None


def run_dynare(mod_path, timeout=1800.0, compiled=None):
    """DynareRun of a file that `experiments.export` wrote; the file's folder stays as it is.

    `compiled` asks for equations in C, by default wherever there is a compiler; `timeout` is in seconds. Raises
    DynareError with the last lines that Dynare printed.
    """
    if not dynare_available():
        raise DynareError(
            "dynare: not found; expected octave-cli on the path and Dynare 5 or newer, "
            f"on Debian and Ubuntu `apt install dynare octave-dev`; else name its folder matlab in {FOLDER_VARIABLE}"
        )
    mod_path = Path(mod_path)
    flags = ["nolog", "nograph"] + ["-DCOMPILED=1"] * (compiler_available() if compiled is None else compiled)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(mod_path, folder)
        script = SCRIPT.format(
            matlab=dynare_folder(), name=mod_path.stem, flags=", ".join(f"'{flag}'" for flag in flags)
        )
        said = octave(script, Path(folder), timeout)
        return _result(Path(folder), mod_path, said)


def octave(script, folder, timeout=1800.0):
    """What Octave says when it runs a script in a folder; raises DynareError where it does not end."""
    (folder / "start_dynare.m").write_text(script, encoding="utf-8")
    try:
        done = subprocess.run(
            ["octave-cli", "--no-init-file", "start_dynare.m"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DynareError(
            f"dynare: not finished after {timeout:g} seconds; raise timeout or install octave-dev"
        ) from None
    return done.stdout


def _result(folder, mod_path, said):
    last = "\n".join(said.strip().splitlines()[-LAST_LINES:])
    if not (folder / "state.csv").is_file():
        raise DynareError(f"dynare: {mod_path} could not be run; its last words were\n{last}")
    status, iterations, seconds, tolerance = np.loadtxt(folder / "state.csv", delimiter=",")
    path = np.loadtxt(folder / "path.csv", delimiter=",")
    if not status or not np.isfinite(path).all():
        raise DynareError(f"dynare: {mod_path} was run, but not solved; its last words were\n{last}")
    return DynareRun(path, float(seconds), int(np.nan_to_num(iterations, nan=-1)), float(tolerance))
