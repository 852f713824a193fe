"""What a worker in another process does: builds the study from the plain configuration once, then solves chunks of it."""

import json
from functools import cache
from pathlib import Path

from omegaconf import OmegaConf


def plain(config):
    """A configuration as text that any process can read, with files by their full path."""
    raw = OmegaConf.to_container(config, resolve=True, enum_to_str=True)
    for node, key in ((raw["calibration"], "targets_file"), (raw, "scenarios_file")):
        node[key] = node[key] and str(Path(node[key]).resolve())
    return json.dumps(raw)  # in order: that of the axes numbers the points


def solve_chunk(chunk, text, cores=None):
    """Tables `(points, outcomes)` of a chunk, by this process's worker, on that many processors or all it may use."""
    return _worker(text, cores).solve(chunk)


@cache
def _worker(text, cores):
    import jax

    if cores:  # before the model is imported: it makes arrays, and then the number of devices stands
        jax.config.update("jax_num_cpu_devices", cores)
    from experiments.entry import use_device
    from experiments.study.design import study_of
    from experiments.study.work import Worker

    config = OmegaConf.create(json.loads(text))
    use_device(config.device)
    return Worker(study_of(config))
