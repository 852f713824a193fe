"""What every command shares: configuration errors in words, exit statuses, devices, timings."""

import gc
import os
import secrets
import sys
import time
from pathlib import Path

STARTED = time.perf_counter()
RARE_COLLECTIONS = 200_000  # tracing a program makes millions of short-lived objects
CONFIGURATION = Path(__file__).resolve().parent.parent / "conf"
os.environ.setdefault("HYDRA_FULL_ERROR", "1")

import hydra  # noqa: E402  (the clock and Hydra's setting come first)
from hydra.core.config_store import ConfigStore  # noqa: E402
from hydra.core.hydra_config import HydraConfig  # noqa: E402
from hydra.errors import HydraException  # noqa: E402
from omegaconf import OmegaConf  # noqa: E402
from omegaconf.errors import OmegaConfBaseException  # noqa: E402

from experiments.errors import EXIT_BAD_INPUT, EXIT_INTERRUPTED, InputError, explain_configuration_error, print_errors  # noqa: E402


def command(config_name, job, arguments=None):
    """Compose the configuration, call `job(config, folder) -> exit status`, and return the worst status of all jobs."""
    from experiments.schema import known_keys, schemas

    gc.set_threshold(RARE_COLLECTIONS)
    statuses = [0]
    for name, schema in schemas().items():
        ConfigStore.instance().store(name=name, node=schema)
    OmegaConf.register_new_resolver("unique", unique_suffix, use_cache=True, replace=True)
    if arguments is not None:
        sys.argv = [sys.argv[0], *arguments]

    @hydra.main(version_base="1.3", config_path=str(CONFIGURATION), config_name=config_name)
    def one(config):
        try:  # an exit or raise here would end the rest of a sweep
            statuses.append(job(config, HydraConfig.get().runtime.output_dir))
        except InputError as error:
            print_errors(error)
            statuses.append(EXIT_BAD_INPUT)

    try:
        one()
    except KeyboardInterrupt:
        print("interrupted before anything was finished", file=sys.stderr)
        statuses.append(EXIT_INTERRUPTED)
    except (HydraException, OmegaConfBaseException) as error:
        schema = schemas()["schema" if config_name == "config" else f"{config_name}_schema"]
        print_errors(InputError(explain_configuration_error(error, list(known_keys(schema)))))
        statuses.append(EXIT_BAD_INPUT)
    return max(statuses)


def unique_suffix():
    """Text that keeps two runs of one second in two folders."""
    return f"{os.getpid():x}{secrets.token_hex(2)}"


def use_device(device):
    """Restrict JAX to the CPU or the GPU; `auto` leaves JAX its choice. Raises InputError where there is none."""
    import jax

    if device == "auto":
        return
    jax.config.update("jax_platforms", {"cpu": "cpu", "gpu": "cuda"}[device])
    try:
        jax.devices()
    except RuntimeError:
        raise InputError(f"device: got {device}; JAX finds none here, use device=auto or device=cpu") from None


class Stopwatch:
    """Seconds since the process started and seconds spent compiling."""

    def __init__(self):
        import jax

        self.imported = time.perf_counter() - STARTED
        self._compiling = []
        jax.monitoring.register_event_duration_secs_listener(self._listen)

    def _listen(self, event, seconds, **_):
        if event.endswith("backend_compile_duration"):
            self._compiling.append(seconds)

    def seconds(self):
        return {"import": self.imported, "compile": sum(self._compiling)}
