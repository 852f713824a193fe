"""What every command shares: configuration errors in words, exit statuses, devices, timings."""

import errno
import gc
import io
import json
import logging
import os
import secrets
import shutil
import sys
import time
from functools import cache
from pathlib import Path

STARTED = time.perf_counter()
RARE_COLLECTIONS = 200_000  # tracing a program makes millions of short-lived objects
CONFIGURATION = Path(__file__).resolve().parent.parent / "conf"
PLUGINS = Path(__file__).resolve().parent / "launcher"  # in a checkout; an installed wheel has them on its path
UNWRITABLE = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.ENAMETOOLONG,
)
DECISIVE = (
    "rule",
    "economy",
    "households",
    "beliefs",
    "solver",
    "calibration",
    "parameters",
    "study",
    "claims",
    "conditions",
    "policy",
)
os.environ.setdefault("HYDRA_FULL_ERROR", "1")
if PLUGINS.is_dir() and str(PLUGINS) not in sys.path:
    sys.path.append(str(PLUGINS))

import hydra  # noqa: E402  (the clock and Hydra's setting come first)
from hydra.core.config_store import ConfigStore  # noqa: E402
from hydra.core.hydra_config import HydraConfig  # noqa: E402
from hydra.errors import HydraException  # noqa: E402
from hydra.types import RunMode  # noqa: E402
from omegaconf import OmegaConf  # noqa: E402
from omegaconf.errors import OmegaConfBaseException  # noqa: E402

from experiments.folder.multirun import Job, write_joint_table  # noqa: E402
from experiments.request.errors import (  # noqa: E402
    EXIT_BAD_INPUT,
    EXIT_INTERRUPTED,
    InputError,
    explain_configuration_error,
    print_errors,
)
from experiments.request.overrides import composition_problem, given_twice, override_problems  # noqa: E402
from model.compute.source import SOURCE, digest, source_on_disk  # noqa: E402

LARGEST_SEED = 2**31 - 1


def command(config_name, job, arguments=None, together=None):
    """Compose the configuration, call `job(config, folder) -> exit status`, and return the worst status of all jobs.

    `together(configs, say)` finds answers for the jobs of a sweep, of which each is then called as `job(config, folder, answer)`.
    """
    gc.set_threshold(RARE_COLLECTIONS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names may have letters that a terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    logging.getLogger("jax").setLevel(logging.WARNING)  # Hydra shows what it says of its cache
    statuses, begun, swept = [0], [], []
    register(config_name)
    own_arguments = sys.argv
    if arguments is not None:
        sys.argv = [sys.argv[0], *arguments]  # where Hydra looks for them

    def one(config, *answer):
        begun.append(True)
        try:  # an exit or raise here would end the rest of a sweep
            if "seed" in config and not 0 <= config.seed <= LARGEST_SEED:
                raise InputError(f"seed: got {config.seed}; expected 0 to {LARGEST_SEED}")
            if config_name != "config" and (config.study.name or config.study.axes):
                raise InputError(f"study: got {config.study.name!r}; only experiments.run solves studies, leave it out")
            if HydraConfig.get().mode is RunMode.MULTIRUN:
                swept.append(
                    Job(HydraConfig.get().runtime.output_dir, list(HydraConfig.get().overrides.task), time.time())
                )
            statuses.append(job(config, HydraConfig.get().runtime.output_dir, *answer))
        except InputError as error:
            print_errors(error)
            if HydraConfig.get().mode is RunMode.RUN:  # jobs of a sweep keep what was asked of them
                _leave_nothing(Path(HydraConfig.get().runtime.output_dir))
            statuses.append(EXIT_BAD_INPUT)

    def all_together(configs, say):
        begun.append(True)
        return together(configs, say)

    one.together = all_together if together else None
    try:
        if problems := list(override_problems(sys.argv[1:], CONFIGURATION)):
            raise InputError(problems)
        for key in given_twice(sys.argv[1:]):
            print(f"note: {key} is given twice; the last one counts", file=sys.stderr)
        hydra.main(version_base="1.3", config_path=str(CONFIGURATION), config_name=config_name)(one)()
    except KeyboardInterrupt:
        print("interrupted: nothing is kept but what was already written", file=sys.stderr)
        statuses.append(EXIT_INTERRUPTED)
    except Exception as error:
        said = _users_mistake(error, config_name, begun)
        if said is None:
            raise
        print_errors(said)
        statuses.append(EXIT_BAD_INPUT)
    finally:
        sys.argv = own_arguments
    if path := write_joint_table(swept):
        print(f"all jobs in one table: {path}")
    return max(statuses)


def _leave_nothing(folder):
    """Remove the folder of a refused job that holds nothing but what Hydra puts there: its configuration and an empty log."""
    records, logs = folder / ".hydra", list(folder.glob("*.log"))
    own = {records, *(log for log in logs if not log.stat().st_size)}
    if set(folder.iterdir()) <= own and folder.resolve() != Path.cwd():
        shutil.rmtree(folder)


def _users_mistake(error, config_name, begun):
    """The InputError that an error stands for; None where it is the program's. Before a job only the command line is read."""
    from experiments.request.commands import known_keys, schema

    if isinstance(error, InputError):
        return error
    if isinstance(error, OSError) and error.errno in UNWRITABLE:
        file = error.filename or "a file of the run"
        return InputError(f"{file}: {error.strerror}; choose another folder with hydra.run.dir=FOLDER")
    known = list(known_keys(schema(config_name)[1]))
    if isinstance(error, HydraException | OmegaConfBaseException):
        return InputError(explain_configuration_error(error, known))
    return None if begun else InputError(composition_problem(error, known, sys.argv[1:]))


@cache
def register(config_name):
    """Make a command's schema and the resolvers known to Hydra."""
    from experiments.request.commands import schema

    name, root = schema(config_name)
    ConfigStore.instance().store(name=name, node=root)
    OmegaConf.register_new_resolver("unique", unique_suffix, use_cache=True, replace=True)
    OmegaConf.register_new_resolver("config_hash", configuration_hash, replace=True)


def configured(config_name, overrides):
    """A composed configuration, for use without a command."""
    register(config_name)
    with hydra.initialize_config_dir(str(CONFIGURATION), version_base="1.3"):
        return hydra.compose(config_name, overrides)


def unique_suffix():
    """Text that keeps two runs of one second in two folders."""
    return f"{os.getpid():x}{secrets.token_hex(2)}"


def configuration_hash(*, _root_):
    """Short hash of all that decides the numbers of a study or of claims: options in order, tables, program."""
    raw = {
        key: OmegaConf.to_container(_root_[key], resolve=True, enum_to_str=True)
        for key in DECISIVE
        if key in _root_ and OmegaConf.is_config(_root_[key])
    }
    raw["study"].pop("chunk", None)
    targets = raw["calibration"]["targets_file"]
    own = Path(targets).read_bytes() if targets and Path(targets).is_file() else ""
    return digest(json.dumps(raw), own, source_on_disk(".csv"), SOURCE)[:10]


def use_device(device):
    """Restrict JAX to the CPU, or make sure of a GPU, which JAX takes where there is one. Raises InputError where there is none."""
    import jax

    if device == "cpu":
        jax.config.update("jax_platforms", "cpu")
    if device == "gpu":
        try:
            jax.devices("gpu")
        except RuntimeError:
            raise InputError("device: got gpu; JAX finds none here, use device=auto or device=cpu") from None


class Stopwatch:
    """Seconds since the process started and seconds spent compiling by all threads, which may be more."""

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
