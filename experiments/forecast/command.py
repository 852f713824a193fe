"""The command `forecast`: fans around the baseline from what the data say of today, and the scores of such forecasts."""

from pathlib import Path

from experiments.entry import command, use_device
from experiments.request.errors import EXIT_NOT_SOLVED, InputError

QUARTERS, PATHS, SEEDS = (4, 40), (100, 100_000), (0, 2**31 - 1)
FAN_SAYS = "The baseline or the conditions (without_data); the forecast's mean; percentiles of what shocks, draws of numbers, and both together leave of it; data to come have noise of their own, which counts as shocks"
DRAWN = 12  # draws of the shocks' numbers
WIDTHS = "Standard deviations of the forecast beside root mean squared errors of forecasters"
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

    from calibration.shocks.lower_bound import lower_bound
    from calibration.shocks.outlook import widths
    from calibration.shocks.past import views_held
    from experiments.answer.tables.writing import write_table
    from experiments.forecast.figures import write_forecast_figure
    from experiments.forecast.printed import screen

    pasts = _pasts(job, baseline)
    past, known = pasts[0], job.conditions is None
    moved, bound = _moved(job, past, config.quarters), lower_bound(baseline)
    found = widths(pasts, bound, moved, config.paths, np.random.default_rng(config.seed), known)
    caption = _caption(config, job, past, len(pasts) - 1, len(moved))
    tables = _tables(config, past, found, bound, known)
    for stem, (table, says) in tables.items():
        write_table(table, folder, stem, f"{says}. {caption}")
    if config.outputs.figures:
        (folder / "figures").mkdir(exist_ok=True)
        write_forecast_figure(past, found, folder / "figures" / "forecast.png", caption)
    shown = {stem: table for stem, (table, _) in tables.items()}
    print(f"\n{screen(shown, bound.rate, None if known else job.conditions.name)}\n")
    if config.score:
        _score(past, views_held(past, baseline), folder, caption)
    print(f"{caption}\n\nwritten: {folder / 'forecast.csv'}")


def _caption(config, job, past, draws, economies):
    from experiments.folder.captions import calibration_of

    path = f"conditions {job.conditions.name}" if job.conditions else "the baseline and what the data say of today"
    return (
        f"Forecast from data until {past.known[-1]} around {path}; {config.paths:,} paths of shocks to come, {draws} draws of their numbers, "
        f"{economies} draws of the calibration that read the data anew; to first order, but the policy rate stays above its lower bound "
        f"and people know it. {calibration_of(job)}"
    )


def _tables(config, past, found, bound, known):
    """`{name: (table, what it says)}` of all tables but the scores."""
    import pandas as pd

    from experiments.forecast.tables import bound_table, fan_table, reason_table, revision_table, width_table

    tables = {"forecast": (fan_table(past, found), FAN_SAYS)}
    if known:
        tables["reasons"] = reason_table(past, config.quarters), REASONS
    tables["widths"] = width_table(past, found), WIDTHS
    tables["bound"] = bound_table(past, found, bound.rate), "Chance that the policy rate is at its lower bound, %"
    if config.earlier:
        earlier = pd.read_csv(Path(config.earlier) / "forecast.csv")
        tables["revisions"] = revision_table(tables["forecast"][0], earlier), f"Now and before ({config.earlier})"
    return tables


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
