"""The jobs of a sweep solved together: as many as may share a batch at a time, each with the results of a run of its own."""

import time
from dataclasses import asdict, replace
from itertools import islice

from omegaconf.errors import OmegaConfBaseException

from experiments.answer.results import Results
from experiments.batch.batch import POINTS, Batch
from experiments.batch.coordinates import placed
from experiments.entry import Stopwatch, use_device
from experiments.request.build import prepare
from experiments.request.errors import InputError


def solve_together(configs, say):
    """Yield `(position, Results)` for every job, or `(position, None)` for one that is left to itself: bad input, or no company."""
    groups, left = _grouped(configs)
    for (settings, device, calibration, targets, _), jobs in groups.items():
        equal = _listed(f"{name} {value}" for name, value in asdict(settings).items())
        say(
            f"together: jobs {_listed(jobs)} ({equal}, device {device}, calibration {calibration}, "
            f"targets {targets or 'as shipped'})"
        )
    if left:
        say(f"by themselves: jobs {_listed(left)}")
    yield from _alone(left)
    for (settings, device, *_), jobs in groups.items():
        yield from _solve_group(jobs, settings, device, say)


def _grouped(configs):
    """Jobs by position, by what must be equal in a batch; and the positions of those without company."""
    groups = {}
    for i, config in enumerate(configs):
        job = _prepared(config)
        if job is not None:
            calibration = config.calibration.name, config.calibration.targets_file
            groups.setdefault((job.settings, config.device.value, *calibration, job.inputs.economy), {})[i] = job
    groups = {key: jobs for key, jobs in groups.items() if len(jobs) > 1}
    company = {i for jobs in groups.values() for i in jobs}
    return groups, [i for i in range(len(configs)) if i not in company]


def _prepared(config):
    """The job, or None for a study, for beliefs that batches do not know, for conditions, and for bad input, of which the job itself will speak."""
    try:
        job = None if config.study.name else prepare(config)
        return job if job is None or (job.in_batches and not job.conditions) else None
    except (InputError, OmegaConfBaseException):
        return None


def _alone(positions):
    return ((i, None) for i in positions)


def _listed(things):
    return ", ".join(map(str, things))


def _solve_group(jobs, settings, device, say):
    try:
        use_device(device)
    except InputError:
        yield from _alone(jobs)
        return
    pairs = [(job.inputs, scenario) for job in jobs.values() for scenario in (None, *job.scenarios)]
    places = placed(pairs, settings.horizon)
    batch, stopwatch, points = Batch(_origin(jobs), settings, len(places[0].coordinates)), Stopwatch(), iter(places)
    for chunk in _chunks(jobs):
        sizes = {i: 1 + len(job.scenarios) for i, job in chunk.items()}
        now = list(islice(points, sum(sizes.values())))
        started = time.perf_counter()
        try:
            solved = iter(batch.solve(now, say)[1])
        except Exception as error:  # what one job of a batch brings about must not end the others
            say(f"jobs {_listed(chunk)} cannot be solved together ({type(error).__name__}: {error}); one by one")
            yield from _alone(chunk)
            continue
        seconds = {**stopwatch.seconds(), **_timings(time.perf_counter() - started, len(now))}
        for i, size in sizes.items():
            yield i, Results(tuple(islice(solved, size)), seconds)


def _timings(seconds, points):
    return {"first": seconds, "warm": seconds / points, "points_solved_together": points}


def _chunks(jobs):
    """Jobs of about `POINTS` points at a time."""
    chunk, size = {}, 0
    for i, job in jobs.items():
        chunk[i], size = job, size + 1 + len(job.scenarios)
        if size >= POINTS:
            yield chunk
            chunk, size = {}, 0
    if chunk:
        yield chunk


def _origin(jobs):
    """The economy of all jobs, or the one without any number moved."""
    first, *others = [job.inputs for job in jobs.values()]
    return first if all(inputs.moved == first.moved for inputs in others) else replace(first, moved={})
