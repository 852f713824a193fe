"""`python -m experiments.run [overrides]`: one experiment, from a configuration to a run folder."""

import os
import sys
import time

STARTED = time.perf_counter()
os.environ.setdefault("HYDRA_FULL_ERROR", "1")

import hydra  # noqa: E402  (the clock and Hydra's setting come first)
from hydra.core.config_store import ConfigStore  # noqa: E402
from hydra.core.hydra_config import HydraConfig  # noqa: E402
from hydra.errors import HydraException  # noqa: E402
from omegaconf import OmegaConf  # noqa: E402
from omegaconf.errors import OmegaConfBaseException  # noqa: E402

from experiments.errors import (  # noqa: E402
    EXIT_INTERRUPTED,
    EXIT_NOT_SOLVED,
    InputError,
    end_with,
    explain_configuration_error,
)

_exit_status = 0


def main(arguments=None):
    """Run and return the exit status: 0 certified, 1 something not solved, 2 bad input, 130 interrupted."""
    from experiments.schema import Config, known_keys

    global _exit_status
    _exit_status = 0
    ConfigStore.instance().store(name="schema", node=Config)
    OmegaConf.register_new_resolver("unique", _unique, use_cache=True, replace=True)
    sys.argv = [sys.argv[0], *(sys.argv[1:] if arguments is None else arguments)]
    try:
        _hydra_main()
    except InputError as error:
        end_with(error)
    except (HydraException, OmegaConfBaseException) as error:
        end_with(InputError(explain_configuration_error(error, list(known_keys()))))
    return _exit_status


def _unique():
    from experiments.folder import unique_suffix

    return unique_suffix()


@hydra.main(version_base="1.3", config_path="../conf", config_name="config")
def _hydra_main(config):
    global _exit_status
    try:
        _exit_status = max(_exit_status, run(config, HydraConfig.get().runtime.output_dir))
    except InputError as error:
        if HydraConfig.get().mode.name != "MULTIRUN":
            raise
        print("\n".join(f"error: {sentence}" for sentence in error.sentences), file=sys.stderr)
        _exit_status = 2


def run(config, folder):
    """One job: `report . solve . prepare`."""
    from experiments.build import prepare

    job = prepare(config)
    _use_device(config.device.value)
    import jax

    from experiments.folder import write_folder
    from experiments.results import solve
    from experiments.tables.writing import printed

    imported = time.perf_counter() - STARTED
    compiling = []
    jax.monitoring.register_event_duration_secs_listener(
        lambda event, seconds, **_: compiling.append(seconds) if event.endswith("backend_compile_duration") else None
    )
    results = solve(job, say=lambda line: print(line, flush=True))
    plain = OmegaConf.to_container(config, resolve=True, enum_to_str=True)
    plain["economy"] = _filled(plain["economy"], job.inputs)
    seconds = {"import": imported, "compile": sum(compiling), **results.seconds}
    table, caption = write_folder(folder, plain, job, results, seconds)
    print(f"\n{printed(table)}\n\n{caption}\n\nrun folder: {folder}")
    if results.interrupted:
        return EXIT_INTERRUPTED
    return 0 if results.all_certified else EXIT_NOT_SOLVED


def _use_device(device):
    import jax

    if device != "auto":
        jax.config.update("jax_platforms", {"cpu": "cpu", "gpu": "cuda"}[device])


def _filled(tree, inputs, prefix=""):
    """The economy's numbers as they were used."""
    return {
        key: _filled(branch, inputs, f"{prefix}{key}.") if isinstance(branch, dict) else inputs.value(prefix + key)
        for key, branch in tree.items()
    }


if __name__ == "__main__":
    sys.exit(main())
