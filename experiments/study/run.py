"""A study from configuration to store, tables, figures and manifest; the same command again finishes what is missing."""

import time

from experiments.answer.tables.writing import write_table
from experiments.entry import Stopwatch, configuration_hash, use_device
from experiments.folder.captions import caption_of
from experiments.folder.files import write_json, write_parquet
from experiments.folder.provenance import provenance
from experiments.folder.record import write_configuration
from experiments.request.build import composed
from experiments.request.errors import EXIT_INTERRUPTED, EXIT_NOT_SOLVED
from experiments.study.design import study_of
from experiments.study.execute import execute, solved_here
from experiments.study.figures import write_maps
from experiments.study.sensitivity import sobol_table
from experiments.study.store import Store
from experiments.study.tables import surfaces


def run_study(config, folder):
    """Solve the points without an answer and write the results; the exit status."""
    study = study_of(config)
    if solved_here(config.cluster):
        use_device(config.device.value)
    stopwatch = Stopwatch()
    store = Store(folder)
    with store.held():
        return _run_in(store, study, config, stopwatch)


def _run_in(store, study, config, stopwatch):
    """Solve and write in a store that this process holds; the exit status."""
    store.claim(configuration_hash(_root_=config))
    write_configuration(store.folder, composed(config, study.job.inputs))
    finished = store.finished()
    missing = [i for i in range(len(study)) if i not in finished]
    print(f"study {study.file.name}: {len(study)} points, {len(finished)} finished, in {store.folder}", flush=True)
    started, interrupted = time.perf_counter(), False
    try:
        _solve_missing(config, study, store, missing)
    except KeyboardInterrupt:
        print("interrupted: finished points are kept; the same command goes on from there", flush=True)
        interrupted = True
    seconds = {**stopwatch.seconds(), "study": time.perf_counter() - started}
    if not store.finished():
        return EXIT_INTERRUPTED
    points, outcomes = store.tables()
    manifest = _manifest(config, study, points, len(missing), seconds)
    write_json(store.folder / "manifest.json", manifest)  # before any number
    _write_results(config, study, store.folder, points, outcomes)
    print(_summary(manifest, store.folder))
    if interrupted:
        return EXIT_INTERRUPTED
    return 0 if manifest["refused"] == 0 else EXIT_NOT_SOLVED


def _solve_missing(config, study, store, missing):
    started, done = time.perf_counter(), 0
    for points, outcomes in execute(config, study, missing, store.folder):
        store.write(points, outcomes)
        done += len(points)
        rate = done / (time.perf_counter() - started)
        print(
            f"{done} of {len(missing)} points, {int((~points.certified).sum())} refused in the last chunk, {rate:.1f} a second",
            flush=True,
        )


def _write_results(config, study, folder, points, outcomes):
    write_parquet(points, folder / "points.parquet")
    write_parquet(outcomes, folder / "outcomes.parquet")
    certified = f"{int(points.certified.sum())} of {len(study)} points certified"
    missing = f", {len(study) - len(points)} not solved yet" if len(points) < len(study) else ""
    caption = f"{study.file.description.strip()} {certified}{missing}. {caption_of(study.job)}"
    for name, table, _ in surfaces(study, points, outcomes):
        write_table(table, folder, name, caption)
    if study.file.design == "sobol":
        write_table(sobol_table(study, points, outcomes), folder, "sobol", caption)
    if config.outputs.figures and study.file.maps:
        write_maps(study, points, outcomes, folder / "figures", caption)


def _manifest(config, study, points, solved_now, seconds):
    refused = points[~points.certified]
    return {
        "study": study.file.name,
        "config_hash": configuration_hash(_root_=config),
        "axes": {axis.name: [float(v) for v in axis.values] for axis in study.axes},
        "points": len(study),
        "certified": int(points.certified.sum()),
        "refused": len(refused),
        "reasons": refused.reason.value_counts().to_dict(),
        "missing": len(study) - len(points),
        "solved_in_this_run": solved_now,
        **provenance(),
        "seconds": seconds,
    }


def _summary(manifest, folder):
    lines = [f"{manifest['certified']} of {manifest['points']} points certified, {manifest['refused']} refused"]
    lines += [f"  {count} x {reason}" for reason, count in manifest["reasons"].items()]
    return "\n".join([*lines, f"study folder: {folder}"])
