"""The command `history`: read the past, write what moved it, and say how much of growth was AI."""

import json
from pathlib import Path

from experiments.entry import command, use_device
from experiments.request.errors import EXIT_NOT_SOLVED, InputError
from model.core.units import quarter_index

FIRST_OF_DATA = "1985Q1"
SEED = 20260101
SHOWN = "growth trend ai other_shocks not_explained ai_low_5 ai_high_95 ai_spending_gross ai_spending_net_of_imports".split()
HEADING = (
    "Growth of real GDP over the period, %: trend, ai, other_shocks and not_explained add up to it; beside them the range of ai over draws "
    "of the calibration, and spending on AI by its share"
)


def main(arguments=None):
    """Run and return the exit status: 0 certified, 1 the baseline is not solved, 2 bad input."""
    return command("history", history, arguments)


def history(config, folder):
    """One job: the shocks of the past around the baseline of an economy."""
    from experiments.request.build import prepare

    job = prepare(config)
    problems = [*_problems(config, job)]
    if problems:
        raise InputError(problems)
    use_device(config.device.value)
    from experiments.answer.baseline import certified_baseline
    from experiments.folder.files import write_json

    baseline, certificate = certified_baseline(config, job, folder), Path(folder) / "certificate.json"
    if baseline is None:
        return EXIT_NOT_SOLVED
    told = _told(config, job, baseline, Path(folder))
    write_json(certificate, json.loads(certificate.read_text(encoding="utf-8")) | {"history": told})
    return 0


def _problems(config, job):
    if not _in_the_data(config.first):
        yield f"first: got {config.first}; expected a quarter from {FIRST_OF_DATA} to 2026Q1"
    if job.scenarios:
        yield "scenarios: history has none; leave scenarios, changes, targets and scenarios_file out"
    if job.inputs.economy_name == "reference":
        yield "calibration: got an economy that begins in 2026; history needs one that begins in 2023, such as us_2022q4"
    yield from job.several_views("histories")


def _in_the_data(label):
    try:
        return quarter_index(FIRST_OF_DATA) <= quarter_index(label) <= 0
    except ValueError:
        return False


def _told(config, job, baseline, folder):
    """Write tables and figure, print the parts of growth; returns what the certificate keeps."""
    import numpy as np

    from calibration import calibrate
    from calibration.shocks.estimate import Estimation, sizes_by_quarter
    from calibration.shocks.past import contributions, read_past
    from calibration.shocks.stored import numbers_at_mode
    from experiments.answer.tables.writing import formatted, write_table
    from experiments.folder.captions import calibration_of
    from experiments.history.figures import write_history_figure
    from experiments.history.growth import by_kind, sentence, spread_of
    from experiments.history.tables import contribution_table, growth_table, moment_table, shock_table

    calibrated = calibrate(smoothing=job.settings.smoothing, inputs=job.inputs)
    estimation, numbers = Estimation(calibrated), numbers_at_mode()
    past = read_past(estimation, baseline, numbers)
    parts = contributions(past)
    caption = (
        f"Shocks read by the Kalman smoother from {len(past.data.columns)} US series, {past.known[0]} to {past.known[-1]}, final data; "
        "to first order, before 2023 around the initial steady state, from then on around the baseline with the news of AI. "
        f"Sizes and persistences: posterior mode. {calibration_of(job)}"
    )
    table = contribution_table(past, parts, str(config.first))
    growth = growth_table(past, parts, *by_kind(baseline), spread_of(job.inputs, past))
    still = estimation.space(numbers.persistence)
    sizes = np.asarray(sizes_by_quarter(numbers, estimation.data.index))[0]
    moments = moment_table(still, sizes, np.asarray(numbers.noise), estimation.data, np.random.default_rng(SEED))
    write_table(table, folder, "contributions", f"What moved each outcome, by quarter. {caption}")
    write_table(shock_table(past, str(config.first)), folder, "shocks", f"Shocks in standard deviations. {caption}")
    says = f"Growth of real GDP, fourth quarter on fourth quarter or over the quarters named, per cent, and its parts. {caption}"
    path = write_table(growth, folder, "growth", says)
    write_table(moments, folder, "moments", f"Moments of model and data until 2022Q4, without 2020 and 2021. {caption}")
    if config.outputs.figures:
        (folder / "figures").mkdir(exist_ok=True)
        write_history_figure(table, folder / "figures" / "history.png", caption)
    print(
        f"\n{HEADING}\n{formatted(growth[['period', *SHOWN]]).to_string(index=False)}\n\n{sentence(growth)}\n\n{caption}\n\nwritten: {path}"
    )
    total = sum(part[past.data.columns].to_numpy() for part in parts.values())
    gap = float(np.nanmax(np.abs(total - past.data.to_numpy())))
    return {"largest_gap_of_contributions": gap, "log_likelihood": past.smoothed.log_likelihood}
