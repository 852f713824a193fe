"""The two jobs of `python -m experiments.markets`: daily paths around the core's, and the estimation of their numbers."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from calibration import calibrate
from experiments.answer.certificate import certified_solution
from experiments.answer.tables.writing import formatted, write_table
from experiments.entry import use_device
from experiments.folder.captions import beliefs_of, calibration_of
from experiments.folder.files import write_parquet
from experiments.folder.record import write_certificate, write_configuration
from experiments.markets import tables
from experiments.markets.figures import core_by_day, day_quantiles, write_market_figures
from experiments.markets.setting import prepare_market, refuse_explosive
from experiments.markets.tables import MARKET_VALUE, SAMPLES
from experiments.markets.variants import PATHS, variant_table
from experiments.request.build import composed, prepare
from experiments.request.errors import EXIT_NOT_SOLVED, InputError
from model.core.units import quarter_label
from model.coupling import (
    NotContracting,
    answered,
    core_path,
    couple,
    equity_values,
    innovations,
    lived_through,
    responses,
)
from model.equilibrium.outcomes.register import UNITS
from model.transition.segments import expected, held_after
from model.transition.solutions import NotSolved

ANSWERS = ("gdp_real", "unemployment", "inflation_annual", "ai_capex_share")
PERCENT = (5, 50, 95)
EQUITY = slice(1, 3)  # T and A among the assets with a premium


def run_markets(config, folder):
    """Solve the core, simulate, write tables and figures; the exit status."""
    job, market = prepare(config), prepare_market(config)
    if job.beliefs.surprises_again:
        raise InputError(
            f"beliefs: got {job.beliefs.kind}; markets move around a core that does not surprise people itself"
        )
    if len(job.scenarios) > 1:
        raise InputError(
            f"scenarios: got {len(job.scenarios)}; expected at most one, the core that markets move around"
        )
    use_device(config.device.value)
    started = time.perf_counter()
    calibrated = calibrate(smoothing=job.settings.smoothing, inputs=job.inputs)
    try:
        here = job.beliefs.world(calibrated, job.settings)
        first = calibrated.economy.units.first_shown
        scenario = job.scenarios[0].later(first) if job.scenarios else None
        _refuse_after_news(here.baseline, scenario, first)
        solution = here.solve(scenario) if scenario else here.baseline.solution
    except NotSolved as failure:
        print(f"not solved: {failure.outcome.reason}")
        return EXIT_NOT_SOLVED
    core_solved = certified_solution(here.baseline, solution, solution.name, "")
    if not core_solved.certified:
        print(f"{solution.name}: not solved: {core_solved.certificate['reason']}")
        return EXIT_NOT_SOLVED
    around = replace(here.baseline, solution=expected(here.baseline, solution, first))
    core = core_path(around.solution, market.quarters)
    refuse_explosive(market, float(np.exp(core.log_value_before)))
    print(
        f"core solved: {solution.name}, equity worth {np.exp(core.log_value_before):.1f} trillion dollars", flush=True
    )
    return _write(config, folder, job, market, around, core_solved, core, started)


def _refuse_after_news(baseline, scenario, first):
    """Raises InputError on a scenario that is announced when people no longer expect what they do in the first quarter shown."""
    later, label = held_after(baseline, first)[1:], baseline.economy.units.quarter_label
    if scenario and later and scenario.announced >= later[0].quarter:
        raise InputError(
            f"scenarios: {scenario.name} is announced in {label(scenario.announced)}; markets move around what is expected until the news of "
            f"{label(later[0].quarter)}, expected an earlier quarter"
        )


def _write(config, folder, job, market, baseline, core_solved, core, started):
    p, folder = market.parameters, Path(folder)
    iota = np.asarray(baseline.solution.problem.parameters.portfolio.size_elasticity)[EQUITY]
    answers = responses(baseline, float(p.flow_persistence), market.quarters, ANSWERS)
    clock = time.perf_counter()
    try:
        coupled = couple(p, iota, core, market.seed, market.paths, answers if market.two_way else None)
    except NotContracting as failure:
        print(f"not solved: {failure}; lower assets under management or price impact, or use coupling=one_way")
        return EXIT_NOT_SOLVED
    seconds = time.perf_counter() - clock
    if not np.isfinite(coupled.day.total_return).all():
        print("not simulated: a path has prices that are not numbers; lower assets under management or price impact")
        return EXIT_NOT_SOLVED
    print(f"{market.paths} paths of {len(coupled.day.total_return)} days in {seconds:.1f} s", flush=True)
    caption = caption_of(job, market, core_solved.name)
    written = {
        "variance": tables.variance_table(coupled.day.sources),
        "tails": tables.tail_table(coupled.day, coupled.quiet),
        "ranges": variant_table(p, core, market.seed),
        "moments": tables.moment_table(tables.long_run_moments(p, market.seed)),
        "numbers": tables.parameter_table(p),
    }
    macro, lived = _macro(baseline, coupled, answers, p, market.quarters)
    written["macro"] = macro
    captions = captions_of(caption, market)
    full = composed(config, job.inputs)
    write_configuration(folder, full)
    times = {"simulation": seconds, "all": time.perf_counter() - started}
    more = {
        "contraction": coupled.contraction,
        "paths_solved_in_full": lived,
        "price_gap": price_gap(core, coupled.day),
    }
    write_certificate(folder, full, [core_solved], times, **more)
    for stem, table in written.items():
        write_table(table, folder, stem, captions[stem])
    if config.outputs.figures:
        write_market_figures(core, coupled.day, written["variance"], folder / "figures", caption)
    write_parquet(day_quantiles(core, coupled.day), folder / "days.parquet")
    for stem in ("moments", "variance", "tails", "ranges", "macro"):
        print(f"\n{captions[stem].split(': ')[0]}\n{formatted(written[stem]).to_string(index=False, max_colwidth=60)}")
    print(f"\n{caption}\n\nrun folder: {folder}")
    return 0 if all(row["converged"] for row in lived.values()) else EXIT_NOT_SOLVED


def captions_of(caption, market):
    """What each table says of itself."""
    numbers = f"Market numbers as shipped{moved_in_words(market)}"
    return {
        "variance": f"Where the variance of price changes against the core's path comes from: {caption}",
        "tails": f"Price changes against the core's path with and without systematic flows, in the latter one way: {caption}",
        "ranges": f"What claims about flows rest on: {PATHS} paths a column, one way, on the same seed. {caption}",
        "moments": (
            f"Moments, data and model: medians of {SAMPLES} samples as long as the data, equity at {MARKET_VALUE:g} trillion dollars. "
            f"{numbers}"
        ),
        "numbers": f"Numbers of the daily block: {numbers}",
        "macro": f"What flows do to the economy, differences from the core without flows by share of paths: {caption}",
    }


def price_gap(core, day):
    """Largest distance of the prices that daily returns add up to from the core's path times its deviations [log]."""
    added = core.log_value_before + np.cumsum(day.total_return, axis=0)
    return float(np.abs(added - core_by_day(core)[:, None] - day.sources.sum(1)).max())


def _macro(baseline, coupled, answers, p, quarters):
    """Table of the core's answers over paths, and what the full solution of three of the paths says of their accuracy."""
    news = innovations(coupled.shifts, float(p.flow_persistence))
    rows = []
    for name in ANSWERS:
        found = answered(answers.outcomes[name], news)
        for q in range(quarters):
            row = {"outcome": name, "unit": UNITS[name][0], "quarter": quarter_label(q + 1)}
            rows.append(
                row
                | {
                    f"{c} % of paths below": float(v)
                    for c, v in zip(PERCENT, np.percentile(found[:, q], PERCENT), strict=True)
                }
            )
    linear = answered(answers.log_value, news)
    order, lived = np.argsort(coupled.shifts[..., 0].mean(1)), {}
    for percent in PERCENT:
        path = order[int((len(order) - 1) * percent / 100)]
        name = f"path at the {percent} % quantile of equity demand"
        try:
            solution = lived_through(baseline, coupled.shifts[path], float(p.flow_persistence), name).solution
        except NotSolved as failure:
            lived[name] = {"converged": False, "reason": failure.outcome.reason}
            continue
        exact = _log_value(solution, quarters) - _log_value(baseline.solution, quarters)
        lived[name] = {
            "converged": True,
            "max_residual": solution.outcome.max_residual,
            "equity_value_full": [float(x) for x in exact],
            "equity_value_linear": [float(x) for x in linear[path]],
        }
    return pd.DataFrame(rows), lived


def _log_value(solution, quarters):
    return np.log(np.exp(solution.path[1 : quarters + 1, equity_values(solution.economy)]).sum(1))


def caption_of(job, market, name):
    """What every table and figure says of itself."""
    way = "one way: the core's path times what flows do to prices"
    if market.two_way:
        way = "two ways: prices end every quarter where the core has them, which takes most of fading flows back"
    return (
        f"{market.paths} daily paths over {market.quarters} quarters from the end of 2026Q1, seed {market.seed}, around the core's "
        f"{name}; coupling {way}. Market numbers as shipped{moved_in_words(market)}. "
        f"Beliefs: {beliefs_of(job)}. {calibration_of(job)}"
    )


def moved_in_words(market):
    """The numbers that the user set, empty if none."""
    moved = ", ".join(f"{name} = {value:g}" for name, value in market.moved.items())
    return f"; moved: {moved}" if moved else ""
