"""`python -m experiments.export target=dynare [overrides]`: baseline and scenarios as files for another solver."""

import sys
from pathlib import Path

from omegaconf import OmegaConf

from experiments.entry import command, use_device
from experiments.request.errors import EXIT_NOT_SOLVED, InputError, nearest

TARGETS = ("dynare",)
AGREEMENT = 1e-8


def main(arguments=None):
    """Export and return the exit status: 0 written (and agreed), 1 not solved or not agreed, 2 bad input."""
    return command("export", export, arguments)


def export(config, folder):
    """One job: a `.mod` file for the baseline and for each scenario; with `check` Dynare solves each of them too."""
    from experiments.export.dynare import mod_name
    from experiments.export.dynare_runner import DynareError, dynare_available
    from experiments.request.build import prepare
    from model.transition.solutions import BASELINE

    job = prepare(config)
    problems = [*_problems(config), *job.several_views("exported paths")]
    names = [BASELINE, *(scenario.name for scenario in job.scenarios)]
    problems += [
        f"scenarios: {' and '.join(same)} would have the same file {file}.mod; rename one"
        for file in dict.fromkeys(map(mod_name, names))
        if len(same := [name for name in names if mod_name(name) == file]) > 1
    ]
    if config.check and not dynare_available():
        problems.append("check: got true; expected octave-cli and Dynare here; install them or leave check out")
    if problems:
        raise InputError(problems)
    use_device(config.device.value)
    from calibration import calibrate
    from experiments.answer.certificate import BASELINE_DESCRIPTION
    from experiments.export.scenarios import segments_of
    from experiments.folder.captions import calibration_of
    from model.transition.solutions import NotSolved
    from model.transition.solve import solve_scenario

    calibrated = calibrate(smoothing=job.settings.smoothing, inputs=job.inputs)
    try:
        baseline = calibrated.baseline(job.settings)
    except NotSolved as failure:
        print(f"{BASELINE}: not solved: {failure.outcome.reason}")
        return EXIT_NOT_SOLVED
    solutions = [(baseline.solution, BASELINE_DESCRIPTION)]
    later = baseline.economy.units.first_shown
    solutions += [(solve_scenario(baseline, s.later(later)), s.description) for s in job.scenarios]
    agreed = True
    for solution, description in [part for whole, text in solutions for part in segments_of(whole, text)]:
        try:
            agreed &= _write(calibrated, baseline, solution, description, calibration_of(job), folder, config.check)
        except DynareError as error:
            print(f"{solution.name}: {error}")
            agreed = False
    print(f"run folder: {folder}")
    return 0 if agreed else EXIT_NOT_SOLVED


def _problems(config):
    if OmegaConf.is_missing(config, "target"):
        yield f"target: not given; there are {', '.join(TARGETS)}"
    elif config.target not in TARGETS:
        yield (f"target: no target {config.target!r}{nearest(config.target, TARGETS)}; there are {', '.join(TARGETS)}")


def _write(calibrated, baseline, solution, description, calibration, folder, check):
    """Write one file, say how to run it, and run it if asked; returns whether all went well."""
    from experiments.export.dynare import mod_name, mod_text
    from experiments.export.scenarios import export_of

    if not solution.outcome.converged:
        print(f"{solution.name}: not solved: {solution.outcome.reason}")
        return False
    path = Path(folder) / f"{mod_name(solution.name)}.mod"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(mod_text(export_of(calibrated, baseline, solution, description, calibration)), encoding="utf-8")
    print(f"{solution.name}: written: {path}\n  {_command(path)}", flush=True)
    return _agrees(path, solution) if check else True


def _command(path):
    from experiments.export.dynare_runner import compiler_available, dynare_folder

    place = dynare_folder() or "FOLDER_OF_DYNARE/matlab"
    flag = " -DCOMPILED=1" if compiler_available() else ""
    return f"""cd {path.parent} && octave-cli --eval "addpath {place}; dynare {path.name}{flag}" """.rstrip()


def _agrees(path, solution):
    from experiments.export.compare import furthest
    from experiments.export.dynare_runner import run_dynare

    run = run_dynare(path)
    error, name, quarter = furthest(run.path, solution)
    print(
        f"  Dynare: {run.seconds:.2f} s, {run.iterations} iterations, tolerance {run.tolerance:g}; "
        f"furthest from our path {error:.1e} ({name}, {quarter})",
        flush=True,
    )
    return error <= AGREEMENT


if __name__ == "__main__":
    sys.exit(main())
