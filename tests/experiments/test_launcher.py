"""The launcher of sweeps: what Hydra's users expect of every job, with answers found together."""

import logging

import pytest
import yaml
from hydra.core.utils import JobStatus
from hydra.experimental.callback import Callback

from experiments.entry import command

SEEN = []


class Recorder(Callback):
    """Notes when jobs start and end."""

    def on_job_start(self, config, **_):
        SEEN.append(("start", config.hydra.job.num))

    def on_job_end(self, config, job_return, **_):
        SEEN.append(("end", config.hydra.job.num, job_return.status, job_return.working_dir))


def sweep(folder, together, *overrides):
    SEEN.clear()

    def job(config, folder, answer=None):
        logging.getLogger("job").info(f"horizon {config.solver.horizon}")
        SEEN.append(("job", config.solver.horizon, folder, answer))
        return 2 if config.solver.horizon == 90 else 0

    callback = f"+hydra.callbacks.recorder._target_={__name__}.Recorder"
    return command(
        "config", job, ["-m", "solver.horizon=80,90,100", f"hydra.sweep.dir={folder}", callback, *overrides], together
    )


def last_first(configs, say):
    say("all at once")
    yield 2, f"answer {configs[2].solver.horizon}"
    yield 0, f"answer {configs[0].solver.horizon}"
    yield 1, None


def test_jobs_keep_what_hydra_gives_them(tmp_path, capsys):
    assert sweep(tmp_path, last_first) == 2
    jobs = [entry for entry in SEEN if entry[0] == "job"]
    assert [(horizon, answer) for _, horizon, _, answer in jobs] == [(100, "answer 100"), (80, "answer 80"), (90, None)]
    assert [entry[1] for entry in SEEN if entry[0] == "start"] == [2, 0, 1]
    assert all(entry[2] is JobStatus.COMPLETED for entry in SEEN if entry[0] == "end")
    assert [entry[2] for entry in jobs] == [str(tmp_path / number) for number in ("2", "0", "1")]
    for number, horizon in enumerate((80, 90, 100)):
        folder = tmp_path / str(number)
        assert yaml.safe_load((folder / ".hydra" / "config.yaml").read_text())["solver"]["horizon"] == horizon
        assert f"solver.horizon={horizon}" in yaml.safe_load((folder / ".hydra" / "overrides.yaml").read_text())
        assert yaml.safe_load((folder / ".hydra" / "hydra.yaml").read_text())["hydra"]["job"]["num"] == number
        assert f"horizon {horizon}" in (folder / "run.log").read_text()
    assert "all at once" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("together, overrides", [(None, ()), (last_first, ("hydra/launcher=basic",))])
def test_jobs_run_in_order_without_answers(together, overrides, tmp_path):
    assert sweep(tmp_path, together, *overrides) == 2
    assert [(horizon, answer) for kind, horizon, _, answer in [e for e in SEEN if e[0] == "job"]] == [
        (80, None),
        (90, None),
        (100, None),
    ]


def test_a_resolver_of_the_job_sees_its_own_number(tmp_path):
    numbers = []

    def together(configs, say):
        numbers.extend(config.parameters.number for config in configs)
        yield from ((i, None) for i in range(len(configs)))

    sweep(tmp_path, together, "parameters={number: '${hydra:job.num}', folder: '${hydra:runtime.output_dir}'}")
    assert numbers == [0, 1, 2]
