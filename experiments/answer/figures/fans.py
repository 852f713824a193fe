"""Fans: what a scenario changes, with the bands that the draws of the calibration leave."""

from experiments.answer.bands import PERCENT, QUARTERS, quantiles
from experiments.answer.figures.paths import save_panels, years
from experiments.answer.tables.counterfactual import ROWS, change, series
from model.transition.solutions import BASELINE

LINE, INNER, OUTER = "#1f6cab", "#8fbbdc", "#d3e3f1"


def write_fans(results, answers, folder, caption):
    """Write `fan_SCENARIO.png` for every scenario that has bands."""
    folder.mkdir(parents=True, exist_ok=True)
    for solved in results.solved:
        if solved.name == BASELINE or not solved.certified or answers.refusal(solved.name):
            continue
        cuts = dict(zip(PERCENT, quantiles(answers.numbers(solved.name)), strict=True))
        note = f"Differences that {solved.name} makes. {caption}"
        save_panels(folder / f"fan_{solved.name}.png", note, _fan(results.baseline, solved, cuts), 4)


def _fan(base, solved, cuts):
    """What draws one panel; `cuts` are `{percentile: (ROWS, QUARTERS)}`."""

    def draw(axis, outcome, label, kind):
        row, dates = ROWS.index((outcome, label, kind)), years(QUARTERS)
        bands = {percent: cut[row] for percent, cut in cuts.items()}
        before, after = (series(s.values, outcome, label)[:QUARTERS] for s in (base, solved))
        axis.fill_between(dates, bands[5], bands[95], color=OUTER, linewidth=0, label="90 % of draws")
        axis.fill_between(dates, bands[16], bands[84], color=INNER, linewidth=0, label="68 % of draws")
        axis.plot(dates, bands[50], color=LINE, linewidth=1.8, label="median")
        axis.plot(
            dates, change(before, after, kind), color="black", linestyle="--", linewidth=1.1, label="point estimate"
        )
        axis.axhline(0, color="0.5", linewidth=0.8, zorder=1)
        return f"{kind} from baseline"

    return draw
