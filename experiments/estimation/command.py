"""One estimation from a configuration to a folder of tables, figures and draws."""

import re
import time
from pathlib import Path

import numpy as np

from calibration.inputs import check_known, set_names, set_rows
from experiments.entry import command, use_device
from experiments.request.errors import EXIT_INTERRUPTED, EXIT_NOT_SOLVED, InputError, nearest
from experiments.request.ranges import key_of
from model.core.units import quarter_index

LEAST_DRAWS, MOST_POINTS = 16, 100_000
MOST_SAMPLED = 2000  # by the chains of `calibration.estimators.posterior`
NAME = r"\w[\w-]{0,99}"  # of a set of values
NOTES = {
    "parameters": "Numbers of the calibration; standard errors and quantiles of the posterior in the unit of the number",
    "fit": "Path moments, model against data; standard errors off: model less data over the data's standard error; against a miss stand the targets and priors that would be missed more if it were hit",
    "identification": "What the data say; moved by: change of the log of the number when a datum rises by its standard error (Andrews, Gentzkow and Shapiro, 2017); directions in prior standard deviations",
    "responses": "Published responses and the model's answer to the same experiment, at the estimate; none is used in it",
    "left_out": "Each used target predicted by an estimate on the others",
    "past_by_quarter": "A model that knew the vintage, a straight line through the five years before, no change, a forecast of the time, and what happened",
    "past": "Root mean square errors over the quarters after the vintage; a forecast of the time where one is known; nearest: the smallest error",
}


def main(arguments=None):
    """Estimate and return the exit status: 0 estimated, 1 not converged or not solved, 2 bad input, 130 interrupted."""
    return command("calibrate", run, arguments)


def run(config, folder):
    """One job: rough stage, search, posterior, tables."""
    from calibration.numbers.tables import TableError
    from experiments.request.build import prepare

    job = prepare(config)
    problems = [*_problems(config), *job.several_views("estimates")]
    if job.scenarios:
        problems.append(
            "scenarios: an estimate is of the baseline; leave scenarios, changes, targets and scenarios_file out"
        )
    if problems:
        raise InputError(problems)
    use_device(config.device.value)
    from calibration.estimators.problem import estimation_of
    from experiments.estimation.backtest import actuals_of

    try:
        inputs = job.inputs.with_moments(config.moments_file) if config.moments_file else job.inputs
        left_out = _left_out(config.left_out, inputs)
        estimation = estimation_of(
            inputs,
            job.settings,
            config.estimated_file,
            config.first_quarter,
            _assumed(config.assumed),
            left_out=left_out,
        )
        if problems := _given_twice(estimation, job.inputs.moved):
            raise InputError(problems)
        _start(config, estimation)
        if config.cut:
            check_known(estimation.rows, config.cut)
        estimation.moments  # noqa: B018  (a row that measures nothing is refused before anything is solved)
        rows = actuals_of(config.actuals) if config.actuals else ()
    except TableError as error:
        raise InputError(str(error)) from None
    try:
        return _estimate(config, job, estimation, rows, Path(folder))
    except KeyboardInterrupt:
        print(f"interrupted: tables written so far are in {folder}")
        return EXIT_INTERRUPTED


def _left_out(names, inputs):
    """Full names of the targets called so; raises InputError."""
    known = {row.name.rpartition(".")[2]: row.name for row in inputs.moments.values() if row.kind == "path"}
    known |= {name: name for name in known.values()}
    problems = [f"left_out: no target {name!r}{nearest(name, known)}" for name in names if name not in known]
    if problems:
        raise InputError(problems)
    return tuple(known[name] for name in names)


def _assumed(given):
    """Numbers by name; raises InputError on what is not one."""
    values = dict(given or {})
    problems = [
        f"assumed.{name}: got {value!r}; expected a number"
        for name, value in values.items()
        if isinstance(value, bool) or not isinstance(value, int | float)
    ]
    if problems:
        raise InputError(problems)
    return values


def _given_twice(estimation, moved):
    """Sentences on numbers that are given on the command line and estimated, or assumed, here too."""
    taken = {a.name: f"is assumed to be {a.prior:g}" for a in estimation.assumed}
    taken |= dict.fromkeys(estimation.names, "is estimated")
    return [
        f"{key_of(name)}: got {value:g}, but it {taken[name]}; give it as 'assumed={{{name}: {value:g}}}' alone"
        for name, value in moved.items()
        if name in taken
    ]


def _start(config, estimation):
    """Coordinates where the first search starts; raises InputError on a calibration that is not there."""
    if config.start is None:
        return np.zeros(len(estimation.estimated))
    if config.start not in set_names():
        names = ", ".join(set_names())
        raise InputError(
            [f"start: no calibration {config.start!r}{nearest(config.start, set_names())}; there are {names}"]
        )
    inputs = estimation.inputs.with_set(config.start, {row.name: row.value for row in set_rows(config.start)})
    low, high = estimation.bounds()
    return np.clip(estimation.coordinates({name: inputs.value(name) for name in estimation.names}), low, high)


def _problems(config):
    problems = [
        f"{key}: got {config[key]}; allowed 1 to {MOST_POINTS}"
        for key in ("starts", "searches")
        if not 1 <= config[key] <= MOST_POINTS
    ]
    for key in ("first_quarter", "cut"):
        try:
            quarter_index(config[key] or "2026Q1")
        except ValueError as error:
            problems.append(f"{key}: {str(error).removeprefix('quarter: ')}")
    if config.save is not None and not (re.fullmatch(NAME, config.save) and config.save not in set_names()):
        shipped = ", ".join(set_names())
        problems.append(
            f"save: got {config.save!r}; expected a new name of at most 100 letters, digits, _ and -; there are {shipped}"
        )
    if not 0 <= config.normal_draws <= MOST_POINTS:
        problems.append(f"normal_draws: got {config.normal_draws}; allowed 0 to {MOST_POINTS}")
    if config.save and config.calibration.targets_file:
        problems.append(
            "save: a saved calibration has the levels of calibration/targets.csv; give others as calibration.targets={NAME: VALUE}"
        )
    if config.normal_draws and (config.posterior or not config.save):
        problems.append("normal_draws: nothing uses them; expected posterior=[] and save=NAME beside it")
    counts = list(config.posterior)
    if counts and (len(counts) < 2 or not LEAST_DRAWS <= min(counts) <= max(counts) <= MOST_POINTS):
        problems.append(f"posterior: got {counts}; expected [] or two or more counts of {LEAST_DRAWS} to {MOST_POINTS}")
    if max(counts[1:], default=0) > MOST_SAMPLED:
        problems.append(
            f"posterior: got {counts}; expected at most {MOST_SAMPLED} after the first count: the chains have no more samples"
        )
    return problems


def _estimate(config, job, estimation, actuals, folder):
    from calibration.estimators.identification import identification
    from calibration.estimators.posterior import sample
    from experiments.estimation.save import save
    from model.transition.solutions import NotSolved

    clock, seconds, posterior = time.perf_counter(), {}, None
    print(f"{len(estimation.estimated)} numbers, {len(estimation.rows)} path moments", flush=True)
    try:
        found, fits = search(estimation, config)
    except NotSolved as failure:
        print(f"not solved at the start: {failure.outcome.reason}")
        return EXIT_NOT_SOLVED
    seconds["estimation"] = time.perf_counter() - clock
    told = identification(found.jacobian, estimation.errors)
    if config.posterior:
        posterior = sample(estimation, found, tuple(config.posterior), config.seed, _say)
        seconds["posterior"] = time.perf_counter() - clock - seconds["estimation"]
    sentences = list(_sentences(estimation, found, fits, told, posterior))
    folder.mkdir(parents=True, exist_ok=True)
    tables = _tables(config, estimation, found, told, posterior, actuals)
    _write(config, job, estimation, found, posterior, tables, sentences, seconds, folder)
    if config.save:
        draws = posterior.draws if posterior else _normal_draws(config, estimation, found)
        print(f"saved: {save(config.save, estimation, found, told, draws)}")
    _show(tables, sentences, seconds, folder)
    return 0 if found.converged else EXIT_NOT_SOLVED


def _normal_draws(config, estimation, found):
    from calibration.estimators.posterior import normal_draws

    return normal_draws(estimation, found, config.normal_draws, config.seed) if config.normal_draws else None


def _sentences(estimation, found, fits, told, posterior):
    from calibration.estimators.identification import flat_directions

    yield f"{'converged' if found.converged else 'NOT converged'}: {found.reason}"
    if len(fits) > 1:
        yield f"the searches ended at objectives {', '.join(f'{f.objective:.4g}' for f in fits)}"
    yield from flat_directions(told, estimation.names)
    if posterior is not None:
        yield from posterior.problems


def _tables(config, estimation, found, told, posterior, actuals):
    """Tables by the name of their files."""
    from experiments.estimation import tables
    from experiments.estimation.backtest import past_tables

    made = {
        "parameters": tables.parameter_table(estimation, found, told, posterior),
        "fit": tables.fit_table(estimation, found, posterior),
        "identification": tables.identification_table(estimation, told),
        "responses": tables.response_table(estimation, found),
    }
    if config.leave_one_out:
        made["left_out"] = tables.left_out_table(estimation, found, _say)
    if actuals:
        made["past_by_quarter"], made["past"] = past_tables(estimation, found, actuals)
    return made


def _write(config, job, estimation, found, posterior, tables, sentences, seconds, folder):
    from experiments.answer.tables.writing import write_table
    from experiments.estimation.figures import write_fit
    from experiments.folder.captions import calibration_of
    from experiments.folder.files import write_json
    from experiments.folder.provenance import provenance

    file = config.calibration.targets_file
    levels = f" with the levels of {Path(file).name}" if file else ""
    moments = f"estimated on {len(estimation.rows)} path moments from {estimation.first_quarter}"
    caption = f"{calibration_of(job)}{levels}, {moments}"
    record = {
        "values": estimation.values(found.u),
        "objective": found.objective,
        "converged": found.converged,
        "steps": found.steps,
        "sentences": sentences,
        **_diagnostics(posterior),
        **provenance(),
        "seconds": seconds,
    }
    write_json(folder / "estimate.json", record)  # before any number
    for stem, table in tables.items():
        write_table(table, folder, stem, f"{NOTES[stem]}. {caption}. {' '.join(s + '.' for s in sentences)}")
    if config.outputs.figures:
        write_fit(estimation, found, posterior, folder / "figures", caption)


def _show(tables, sentences, seconds, folder):
    from experiments.answer.tables.writing import formatted

    shown = [tables["fit"].drop(columns=["unit", "source"])]
    shown += [tables[stem] for stem in ("left_out", "past") if stem in tables]
    for table in shown:
        print(f"\n{formatted(table).to_string(index=False, max_colwidth=40)}")
    print("\n" + "\n".join(sentences))
    print(f"\n{', '.join(f'{name} {value:.0f} s' for name, value in seconds.items())}\nfolder: {folder}")


def search(estimation, config):
    """`(best, all)` fits from where the configuration says and from the best points of the rough stage."""
    from calibration.estimators.minimum_distance import fit, objective, rough_points
    from model.transition.solutions import NotSolved

    points = rough_points(estimation, config.starts, config.seed)
    points[0] = _start(config, estimation)
    starts = points[:1]
    if config.starts > 1:
        moments = estimation.batch(points, lambda done, count: _say(f"rough stage: {done} of {count} points"))
        order = np.argsort(objective(estimation, points, moments))
        starts = np.vstack([starts, points[[i for i in order if i][: config.searches - 1]]])
    fits, failure = [], None
    for k, start in enumerate(starts):
        try:
            fits.append(fit(estimation, start, lambda line, k=k: _say(f"search {k + 1}, {line}")))
        except NotSolved as refusal:
            failure = refusal
            _say(f"search {k + 1}: not solved at its start: {refusal.outcome.reason}")
    if not fits:
        raise failure
    return min(fits, key=lambda f: f.objective), fits


def _diagnostics(posterior):
    if posterior is None:
        return {}
    return {
        "r_hat": float(posterior.rhat.max()),
        "effective_sample_size": float(posterior.effective.min()),
        "draws_solved": posterior.solved,
        "draws_worth": float(posterior.worth),
    }


def _say(line):
    print(line, flush=True)
