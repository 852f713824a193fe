"""What a terminal shows of a forecast: few outcomes and quarters of its tables."""

from experiments.answer.tables.writing import formatted

OUTCOMES = ("Growth of real GDP over four quarters", "Unemployment", "Core inflation over four quarters", "Policy rate")
EXPLAINED = ("Unemployment", "Core inflation", "Policy rate", "Ten-year yield")
AHEAD, EXPLAINED_AHEAD = (1, 4, 8, 12, 20), 8  # quarters
PERCENT = (5, 16, 84, 95)


def screen(tables, lowest, conditions):
    """The text, from tables by name; `lowest` is the bound of the policy rate, `conditions` are named where there are some."""
    quarters = list(dict.fromkeys(tables["forecast"].quarter))
    shown = [quarters[h - 1] for h in AHEAD if h <= len(quarters)]
    parts = [_fans(tables["forecast"], shown, conditions)]
    if "reasons" in tables:
        parts.append(_reasons(tables["reasons"], quarters[min(EXPLAINED_AHEAD, len(quarters)) - 1]))
    widths = formatted(tables["widths"].drop(columns="source")).to_string(index=False)
    parts.append(
        f"Standard deviations of the forecast, beside root mean squared errors of forecasters (record)\n{widths}"
    )
    chances = tables["bound"][tables["bound"].quarter.isin(shown)].itertuples()
    told = ", ".join(f"{row.quarter} {row.chance:.0f} %" for row in chances)
    parts.append(f"chance that the policy rate is at its lower bound of {lowest:.2g} %: {told}")
    return "\n\n".join(parts)


def _fans(table, quarters, conditions):
    start, here = "The baseline, which does not know the data", "baseline"
    if conditions:
        start, here = f"Conditions {conditions} without shocks", "conditions"
    shown = table[table.outcome.isin(OUTCOMES) & table.quarter.isin(quarters)]
    columns = ["outcome", "unit", "quarter", "without_data", "mean", *(f"both_{percent}" for percent in PERCENT)]
    spoken = {f"both_{percent}": f"{percent}th" for percent in PERCENT} | {"without_data": here}
    rows = formatted(shown[columns].rename(columns=spoken)).to_string(index=False)
    return f"{start}, the forecast's mean, and percentiles of what shocks and parameters leave of it\n{rows}"


def _reasons(table, quarter):
    shown = table[(table.quarter == quarter) & table.outcome.isin(EXPLAINED)]
    spoken = {name: name.replace("_", " ") for name in shown.columns} | {"without_data": "baseline"}
    rows = formatted(shown.drop(columns=["quarter", "unit"]).rename(columns=spoken)).to_string(index=False)
    return f"What moves the mean of {quarter} away from the baseline: shocks up to today, to first order\n{rows}"
