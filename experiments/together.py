"""The jobs of a sweep solved together: as many as may share a batch at a time, each with the results of a run of its own."""

import time
from dataclasses import replace

from omegaconf.errors import OmegaConfBaseException

from experiments.build import prepare
from experiments.entry import Stopwatch, use_device
from experiments.errors import InputError
from experiments.places import placed
from experiments.points import Batch
from experiments.results import Results

POINTS = 256  # of one batch; a job's are never divided


def solve_together(configs, say):
    """Yield `(position, Results)` for every job, or `(position, None)` for one that is left to itself: bad input, or no company."""
    groups, left = {}, []
    for i, config in enumerate(configs):
        try:
            job = None if config.study.name else prepare(config)
        except (InputError, OmegaConfBaseException):
            job = None
        if job is None:
            left.append(i)
        else:
            groups.setdefault((job.settings, config.device.value, config.calibration.targets_file), {})[i] = job
    left += [i for jobs in groups.values() if len(jobs) == 1 for i in jobs]
    groups = {key: jobs for key, jobs in groups.items() if len(jobs) > 1}
    for (settings, device, targets), jobs in groups.items():
        say(f"together: jobs {_listed(jobs)} (equal: {settings}, device {device}, targets {targets or 'as shipped'})")
    if left:
        say(f"by themselves: jobs {_listed(sorted(left))}")
    yield from ((i, None) for i in left)
    for (settings, device, _), jobs in groups.items():
        yield from _solve_group(jobs, settings, device, say)


def _listed(numbers):
    return ", ".join(map(str, numbers))


def _solve_group(jobs, settings, device, say):
    try:
        use_device(device)
    except InputError:
        yield from ((i, None) for i in jobs)
        return
    points = placed(
        [(job.inputs, scenario) for job in jobs.values() for scenario in (None, *job.scenarios)], settings.horizon
    )
    batch = Batch(_origin(jobs), settings, len(points[0].coordinates))
    stopwatch = Stopwatch()
    for chunk in _chunks(jobs):
        sizes = {i: 1 + len(job.scenarios) for i, job in chunk.items()}
        now, points = points[: sum(sizes.values())], points[sum(sizes.values()) :]
        started = time.perf_counter()
        try:
            solved = iter(batch.solve(now, say)[1])
        except Exception as error:  # what one job of a batch brings about must not end the others
            say(f"jobs {_listed(chunk)} cannot be solved together ({type(error).__name__}: {error}); one by one")
            yield from ((i, None) for i in chunk)
            continue
        seconds = {**stopwatch.seconds(), **_timings(time.perf_counter() - started, len(now))}
        for i, size in sizes.items():
            yield i, Results(tuple(next(solved) for _ in range(size)), seconds)


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
