"""Many paths: scenarios of one economy, economies of their own, and whole studies with their store."""

import tempfile
import time
from multiprocessing import active_children

from experiments.benchmark.measure import Row, peak_memory
from experiments.entry import configured
from experiments.study.execute import chunks, execute
from experiments.study.run import study_of
from experiments.study.store import Store
from experiments.study.work import Worker

SIZES = {1: (1, 1, 1), 16: (4, 2, 2), 128: (8, 4, 4), 1024: (16, 8, 8)}
SAMPLES = 16  # of the global sensitivity, times 24 points
LARGE = (100, 10, 10)
AXES = ("bond_share", "ai_subsidy", "capacity")


def policy_grid(sizes=(9, 9, 9)):
    """Configuration of the policy grid with so many points along each axis."""
    chosen = [f"study.axes.{name}.points={max(size, 2)}" for name, size in zip(AXES, sizes, strict=True)]
    return configured("config", ["study=policy_grid", *chosen])


def policy_study(sizes=(9, 9, 9)):
    """The policy grid with so many points along each axis."""
    return study_of(policy_grid(sizes))


def batches():
    """Certified scenarios of one economy a second, by how many are solved together."""
    for count, sizes in SIZES.items():
        study = policy_study(sizes)
        numbers = range(count)
        Worker(study).solve(numbers[:2])
        worker = Worker(study)
        started = time.perf_counter()
        points = [worker.solve(part)[0] for part in chunks(numbers, study.file.chunk)]
        seconds = time.perf_counter() - started
        certified = sum(int(part.certified.sum()) for part in points)
        note = f"{certified} certified, {seconds:.1f} s with calibration and baseline, memory {peak_memory():.1f} GiB"
        yield Row(f"batch of {count}", count / seconds, "scenarios a second", note)


def sweep(sizes=(9, 9, 9)):
    """The policy grid."""
    yield end_to_end("policy sweep", "scenarios", policy_grid(sizes))


def end_to_end(name, things, config):
    """A study from the start of its processes: calibration, baselines, all points certified or refused, the store written."""
    study = study_of(config)
    clock, done, certified, children = [time.perf_counter()], [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        for points, outcomes in execute(config, study, list(range(len(study))), folder):
            store.write(points, outcomes)
            certified += int(points.certified.sum())
            done.append(len(points))
            children = max(children, len(active_children()))
            clock.append(time.perf_counter())
            print(f"  {sum(done)} of {len(study)} in {clock[-1] - clock[0]:.1f} s", flush=True)
    seconds, half = clock[-1] - clock[0], len(done) // 2
    later = sum(done[half:]) / (clock[-1] - clock[half])
    note = (
        f"{certified} certified, {len(study) - certified} refused with a reason, {seconds:.1f} s with the start of the "
        f"processes, the later half of the chunks at {later:.1f} a second, at most {peak_memory(children):.1f} GiB in "
        f"{1 + children} processes together"
    )
    return Row(f"{name} of {len(study)}, end to end with its store", len(study) / seconds, f"{things} a second", note)


def large_sweep():
    """Ten thousand scenarios."""
    yield from sweep(LARGE)


def economies():
    """Economies of the global sensitivity, each with its own calibration, steady states, natural rate and baseline."""
    config = configured("config", ["study=global_sensitivity", f"study.samples={SAMPLES}"])
    yield end_to_end("parameter sweep that moves the steady states", "points", config)
