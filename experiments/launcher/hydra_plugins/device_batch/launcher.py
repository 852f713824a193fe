"""Hydra's launcher for commands that solve the jobs of a sweep together."""

import contextlib
import copy
import functools
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from hydra.core.config_store import ConfigStore
from hydra.core.hydra_config import HydraConfig
from hydra.core.utils import configure_log, filter_overrides, run_job, setup_globals
from hydra.plugins.launcher import Launcher
from omegaconf import OmegaConf, open_dict, read_write
from omegaconf.errors import OmegaConfBaseException

log = logging.getLogger(__name__)


@dataclass
class DeviceBatchConfig:
    _target_: str = "hydra_plugins.device_batch.launcher.DeviceBatchLauncher"


ConfigStore.instance().store(
    group="hydra/launcher", name="device_batch", node=DeviceBatchConfig, provider="device_batch"
)


class DeviceBatchLauncher(Launcher):
    """Runs every job as Hydra's basic launcher does, but with an answer found for all jobs together.

    A task function takes part by an attribute `together(configs, say)`, which yields `(position, answer)` once for every job;
    the job is then the call `task_function(config, answer)`, or `task_function(config)` if the answer is None. Without the
    attribute the jobs run one by one.
    """

    def setup(self, *, hydra_context, task_function, config):
        self.hydra_context, self.task_function, self.config = hydra_context, task_function, config

    def launch(self, job_overrides, initial_job_idx):
        """`JobReturn` of every job, in order."""
        setup_globals()
        self._log_as_launcher()
        Path(str(self.config.hydra.sweep.dir)).mkdir(parents=True, exist_ok=True)
        log.info(f"Launching {len(job_overrides)} jobs")
        configs = [self._compose(overrides, initial_job_idx + i) for i, overrides in enumerate(job_overrides)]
        together = getattr(self.task_function, "together", None) or _alone
        returns = {}
        for i, answer in together([_task_config(config) for config in configs], log.info):
            log.info(f"\t#{initial_job_idx + i} : {' '.join(filter_overrides(job_overrides[i]))}")
            returns[i] = self._run(configs[i], answer)
        return [returns[i] for i in range(len(configs))]

    def _compose(self, overrides, number):
        config = self.hydra_context.config_loader.load_sweep_config(self.config, list(overrides))
        with open_dict(config):
            config.hydra.job.id = number
            config.hydra.job.num = number
        return config

    def _run(self, config, answer):
        @functools.wraps(self.task_function)
        def task(task_config):
            return self.task_function(task_config) if answer is None else self.task_function(task_config, answer)

        try:
            return run_job(task, config, "hydra.sweep.dir", "hydra.sweep.subdir", self.hydra_context)
        finally:
            self._log_as_launcher()

    def _log_as_launcher(self):
        configure_log(self.config.hydra.hydra_logging, self.config.hydra.verbose)


def _alone(configs, say):
    return ((i, None) for i in range(len(configs)))


def _task_config(config):
    """What the job will see: everything but Hydra's node, resolved as the job would where that is possible."""
    hydra = HydraConfig.instance()
    before = hydra.cfg
    hydra.set_config(config)
    try:
        with read_write(config.hydra.runtime), open_dict(config.hydra.runtime):
            config.hydra.runtime.output_dir = os.path.abspath(
                os.path.join(config.hydra.sweep.dir, config.hydra.sweep.subdir)
            )
        seen = copy.deepcopy(config)
        with read_write(seen), open_dict(seen):
            del seen["hydra"]
        with contextlib.suppress(OmegaConfBaseException):
            OmegaConf.resolve(seen)
        return seen
    finally:
        hydra.cfg = before
