"""The command `forecast`: fans around the baseline from what the data say of today, and the scores of such forecasts."""

from pathlib import Path

from experiments.entry import command, use_device
from experiments.request.errors import EXIT_NOT_SOLVED, InputError

QUARTERS, PATHS, SEEDS = (4, 40), (100, 100_000), (0, 2**31 - 1)
SHOWN = ("Growth of real GDP over four quarters", "Unemployment", "Core inflation over four quarters", "Policy rate")
SHOWN_AHEAD = (1, 4, 8, 12, 20)
SHOWN_PERCENT = (5, 16, 84, 95)
FAN_SAYS = "The baseline or the conditions (without_data); the forecast's mean; percentiles of what shocks, draws of numbers, and both together leave of it; data to come have noise of their own, which counts as shocks"
DRAWN = 12  # draws of the shocks' numbers
EXPLAINED = 8  # quarters ahead
EXPLAINED_OUTCOMES = ("Unemployment", "Core inflation", "Policy rate", "Ten-year yield")
REASONS = "The baseline (without_data), what the shocks that data tell of move it by, in groups, and their sum, the mean but for what the lower bound adds"


def main(arguments=None):
    """Run and return the exit status: 0 certified, 1 the baseline is not solved, 2 bad input."""
    return command("forecast", forecast, arguments)


def forecast(config, folder):
    """One job: what is watched in the quarters after the data."""
    from experiments.request.build import prepare

    job = prepare(config)
    problems = [*_problems(config, job)]
    if problems:
        raise InputError(problems)
    use_device(config.device.value)
    from experiments.answer.baseline import certified_baseline

    baseline = certified_baseline(config, job, folder)
    if baseline is None:
        return EXIT_NOT_SOLVED
    try:
        _tell(config, job, baseline, Path(folder))
    except ArithmeticError as failure:
        print(f"forecast: not solved: {failure}", flush=True)
        return EXIT_NOT_SOLVED
    return 0


def _problems(config, job):
    for name, (low, high) in (("quarters", QUARTERS), ("paths", PATHS), ("seed", SEEDS)):
        if not low <= config[name] <= high:
            yield f"{name}: got {config[name]}; allowed {low} to {high}"
    if config.earlier is not None and not (Path(config.earlier) / "forecast.csv").is_file():
        yield f"earlier: {config.earlier}: no forecast.csv there; expected the folder of an earlier forecast"
    if job.scenarios:
        yield "scenarios: a forecast is of the baseline; use conditions=NAME for a path of your own"
    if job.rate_is_held:
        yield f"rule: got {job.rule.name}; a forecast knows rules that respond, not a rate that is held"
    if job.inputs.economy_name == "reference":
        yield "calibration: got an economy that begins in 2026; a forecast needs one that begins in 2023, such as us_2022q4"
    yield from job.several_views("forecasts")


def _tell(config, job, baseline, folder):
    """Write tables and the figure, and print the main numbers."""
    import numpy as np
    import pandas as pd

    from calibration.shocks.lower_bound import lower_bound
    from calibration.shocks.outlook import widths
    from calibration.shocks.past import views_held
    from experiments.answer.tables.writing import formatted, write_table
    from experiments.folder.captions import calibration_of
    from experiments.forecast.figures import write_forecast_figure
    from experiments.forecast.tables import bound_table, fan_table, reason_table, revision_table, width_table

    pasts = _pasts(job, baseline)
    past, known = pasts[0], job.conditions is None
    generator = np.random.default_rng(config.seed)
    moved = _moved(job, past, config.quarters)
    bound = lower_bound(baseline)
    found = widths(pasts, bound, moved, config.paths, generator, known)
    path = "the baseline and what the data say of today" if known else f"conditions {job.conditions.name}"
    caption = (
        f"Forecast from data until {past.known[-1]} around {path}; {config.paths:,} paths of shocks to come, {len(pasts) - 1} draws of their "
        f"numbers, {len(moved)} draws of the calibration that read the data anew; to first order, but the policy rate stays above its lower bound and people know it. {calibration_of(job)}"
    )
    table = fan_table(past, found)
    written = write_table(table, folder, "forecast", f"{FAN_SAYS}. {caption}")
    if known:
        reasons = reason_table(past, config.quarters)
        write_table(reasons, folder, "reasons", f"{REASONS}. {caption}")
    width = width_table(past, found)
    says = f"Standard deviations of the forecast beside root mean squared errors of forecasters. {caption}"
    write_table(width, folder, "widths", says)
    at_bound = bound_table(past, found, bound.rate)
    write_table(at_bound, folder, "bound", f"Chance that the policy rate is at its lower bound, %. {caption}")
    if config.outputs.figures:
        (folder / "figures").mkdir(exist_ok=True)
        write_forecast_figure(past, found, folder / "figures" / "forecast.png", caption)
    if config.earlier:
        earlier = pd.read_csv(Path(config.earlier) / "forecast.csv")
        write_table(
            revision_table(table, earlier), folder, "revisions", f"Now and before ({config.earlier}). {caption}"
        )
    quarters = [table.quarter.iloc[h - 1] for h in SHOWN_AHEAD if h <= config.quarters]
    shown = table[table.outcome.isin(SHOWN) & table.quarter.isin(quarters)]
    columns = ["outcome", "unit", "quarter", "without_data", "mean", *(f"both_{percent}" for percent in SHOWN_PERCENT)]
    here, start = "baseline", "The baseline, which does not know the data"
    if not known:
        here, start = "conditions", f"Conditions {job.conditions.name} without shocks"
    spoken = {f"both_{percent}": f"{percent}th" for percent in SHOWN_PERCENT} | {"without_data": here}
    print(
        f"\n{start}, the forecast's mean, and percentiles of what shocks and parameters leave of it\n{formatted(shown[columns].rename(columns=spoken)).to_string(index=False)}\n"
    )
    if known:
        print(_reasons(reasons, table.quarter.iloc[min(EXPLAINED, config.quarters) - 1]))
    print(
        f"Standard deviations of the forecast, beside root mean squared errors of forecasters (record)\n{formatted(width.drop(columns='source')).to_string(index=False)}\n"
    )
    chances = at_bound[at_bound.quarter.isin(quarters)].itertuples()
    told = ", ".join(f"{row.quarter} {row.chance:.0f} %" for row in chances)
    print(f"chance that the policy rate is at its lower bound of {bound.rate:.2g} %: {told}\n")
    if config.score:
        _score(past, views_held(past, baseline), folder, caption)
    print(f"{caption}\n\nwritten: {written}")


def _reasons(table, quarter):
    """The rows of one quarter, of the outcomes that are told of by themselves."""
    from experiments.answer.tables.writing import formatted

    shown = table[(table.quarter == quarter) & table.outcome.isin(EXPLAINED_OUTCOMES)]
    spoken = {name: name.replace("_", " ") for name in shown.columns} | {"without_data": "baseline"}
    rows = formatted(shown.drop(columns=["quarter", "unit"]).rename(columns=spoken)).to_string(index=False)
    return f"What moves the mean of {quarter} away from the baseline: shocks up to today, to first order\n{rows}\n"


def _pasts(job, baseline):
    """`Past`s at the mode and at draws of the shocks' numbers."""
    from calibration import calibrate
    from calibration.shocks.estimate import Estimation, numbers_of
    from calibration.shocks.past import read_past
    from calibration.shocks.stored import draws, numbers_at_mode

    estimation = Estimation(calibrate(smoothing=job.settings.smoothing, inputs=job.inputs))
    spread = draws()
    chosen = spread[:: max(1, len(spread) // DRAWN)][:DRAWN]
    return [read_past(estimation, baseline, numbers) for numbers in (numbers_at_mode(), *map(numbers_of, chosen))]


def _moved(job, past, count):
    """Deviations `(draws, quarters, watched)` of what the stored draws of the calibration expect; none for another economy."""
    import numpy as np

    from calibration.shocks.baseline_draws import forecast_draws
    from calibration.shocks.tables import watched

    quarters = past.quarters[len(past.known) :][:count]
    stored = forecast_draws(job.inputs, quarters) if job.conditions is None else None
    if stored is None:
        return np.zeros((0, count, len(watched())))
    own = np.stack([stored[o.name].to_numpy() for o in watched()], -1)
    return own - own.mean(0)


def _score(past, views, folder, caption):
    """Score recursive forecasts, write and print them."""
    from calibration.shocks.scoring import scores
    from experiments.answer.tables.writing import formatted, write_table
    from experiments.forecast.tables import score_table

    table = score_table(scores(past, views))
    says = (
        "Recursive forecasts on final data with numbers of the whole sample and the news of AI that there had been, one to eight quarters ahead; growth and inflation over four quarters "
        "where the horizon is four or more. Diebold and Mariano against the autoregression, negative where the model is nearer. "
    )
    path = write_table(table, folder, "scores", says + caption)
    columns = "outcome horizon period forecasts rmse rmse_no_change rmse_autoregression rmse_record held_68 held_90 p_value".split()
    print(f"{formatted(table[columns]).to_string(index=False)}\n\n{says}\nwritten: {path}\n")
