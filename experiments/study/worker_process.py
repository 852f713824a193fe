"""What a worker in another process does: builds the study from the plain configuration once, then solves chunks of it."""

import json
from functools import cache
from pathlib import Path

from omegaconf import OmegaConf


def plain(config):
    """A configuration as text that any process can read, with files by their full path and what its numbers are made of."""
    raw = OmegaConf.to_container(config, resolve=True, enum_to_str=True)
    for node, key in ((raw["calibration"], "targets_file"), (raw, "scenarios_file")):
        node[key] = node[key] and str(Path(node[key]).resolve())
    return json.dumps({"config": raw, "made_of": _made_of(raw)})  # in order: that of the axes numbers the points


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

    told = json.loads(text)
    config = OmegaConf.create(told["config"])
    use_device(config.device)
    worker = Worker(study_of(config))
    _refuse_other_program(told)  # once all of it is imported
    return worker


def _refuse_other_program(told):
    """Raise InputError where this process has another program or other tables than the one that started the study."""
    from experiments.request.errors import InputError
    from model.compute.source import SOURCE, source_on_disk

    if _made_of(told["config"]) != told["made_of"] or source_on_disk() != SOURCE:
        raise InputError(
            "a worker found another program or other tables on disk than the study was started with; "
            "finished points are kept: restore what was edited and give the same command, or start the study anew"
        )


def _made_of(raw):
    from experiments.entry import configuration_hash

    return configuration_hash(_root_=OmegaConf.create(raw))
