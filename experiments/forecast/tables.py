"""Tables of a forecast: fans by quarter, their widths beside the record of forecasters, scores of past forecasts."""

import csv

import numpy as np
import pandas as pd

from calibration.shocks.outlook import over_four_quarters
from calibration.shocks.past import contributions_ahead
from calibration.shocks.tables import FOLDER, watched
from experiments.history.tables import SPOKEN, annualised, unit

PERCENT = (5, 16, 50, 84, 95)
OVER_A_YEAR = {"gdp": "Growth of real GDP over four quarters", "inflation": "Core inflation over four quarters"}
AT_BOUND = 1e-6


def series_of(past, widths):
    """`{(name, words, unit): (data, {part: paths})}` of what is told: the watched, and growth and inflation over four quarters.

    `without_data` is the baseline, which does not know what the data say of today.
    """
    found, first = {}, len(past.known)
    still = past.without_shocks.iloc[first - 3 : first + len(widths.mean)]
    for i, o in enumerate(watched()):
        scale = annualised(o)
        data = scale * past.data[o.name].to_numpy(float) if o.column else np.full(len(past.known), np.nan)
        parts = {
            "mean": widths.mean[:, i],
            "shocks": widths.by_shocks[:, :, i],
            "parameters": widths.by_parameters[:, :, i],
            "both": widths.both[:, :, i],
        }
        parts = {name: scale * values for name, values in parts.items()}
        before, parts["without_data"] = np.split(scale * still[o.name].to_numpy(float), [3])
        found[o.name, SPOKEN[o.name], unit(o)] = data, parts
        if o.name in OVER_A_YEAR:
            earlier = dict.fromkeys(parts, _filled(past, o)) | {
                "without_data": before,
                "shocks": _filled(past, o, widths.last_by_shocks[:, i]),
                "both": _filled(past, o, widths.last_of_both[:, i]),
            }
            steps = {name: over_four_quarters(earlier[name] / 4, values / 4) for name, values in parts.items()}
            over = "%, logarithms" if o.change == "growth" else "%"
            found[f"{o.name}_over_a_year", OVER_A_YEAR[o.name], over] = _rolling(data / 4), steps
    return found


def fan_table(past, widths):
    """Table by outcome and quarter: the baseline, the mean, and percentiles that shocks, parameters and both leave."""
    count, rows = len(widths.mean), []
    quarters = past.quarters[len(past.known) : len(past.known) + count]
    for (_, words, of), (_, parts) in series_of(past, widths).items():
        table = {"outcome": words, "unit": of, "quarter": quarters}
        table |= {"without_data": parts["without_data"], "mean": parts["mean"]}
        for part in ("both", "shocks", "parameters"):
            cuts = np.percentile(parts[part], PERCENT, axis=0)
            table |= {f"{part}_{percent}": cut for percent, cut in zip(PERCENT, cuts, strict=True)}
        rows.append(pd.DataFrame(table))
    return pd.concat(rows, ignore_index=True)


def reason_table(past, count):
    """What moves the mean away from the baseline, by outcome and quarter: the shocks that data tell of, by group; they add up to it."""
    parts, rows = contributions_ahead(past, count), []
    first = len(past.known)
    quarters = past.quarters[first : first + count]
    for o in watched():
        scale = annualised(o)
        told = {name: scale * part[o.name].to_numpy() for name, part in parts.items()}
        still = scale * past.without_shocks[o.name].to_numpy(float)[first : first + count]
        head = {"outcome": SPOKEN[o.name], "quarter": quarters, "unit": unit(o), "without_data": still}
        rows.append(pd.DataFrame(head | told | {"mean": still + sum(told.values())}))
    return pd.concat(rows, ignore_index=True)


def bound_table(past, widths, rate):
    """The chance, in % of paths, that the policy rate is at its lower `rate` [% a year], by quarter."""
    position = [o.name for o in watched()].index("policy_rate")
    quarters = past.quarters[len(past.known) :][: len(widths.mean)]
    at_bound = widths.both[:, :, position] < rate + AT_BOUND
    return pd.DataFrame({"quarter": quarters, "unit": "%", "lower_bound": rate, "chance": 100 * at_bound.mean(0)})


def width_table(past, widths):
    """Standard deviations of a forecast beside the errors that forecasters made."""
    told, rows = series_of(past, widths), []
    for record in _record():
        name, ahead = record["observable"], int(record["horizon"])
        key = next(k for k in told if k[0] == (f"{name}_over_a_year" if name in OVER_A_YEAR else name))
        parts = told[key][1]
        if ahead <= len(widths.mean):
            rows.append(
                {
                    "outcome": key[1],
                    "quarters_ahead": ahead,
                    "unit": key[2],
                    **{part: float(parts[part][:, ahead - 1].std()) for part in ("shocks", "parameters", "both")},
                    "record": float(record["rmse"]),
                    "source": record["source"],
                }
            )
    return pd.DataFrame(rows)


def score_table(scores):
    """The scores of `calibration.shocks.scoring.scores` with names in words and the record of forecasters."""
    record = {(r["observable"], int(r["horizon"])): float(r["rmse"]) for r in _record()}
    table = scores.copy()
    table["rmse_record"] = [
        record.get((name, h), np.nan) for name, h in zip(scores.observable, scores.horizon, strict=True)
    ]
    table.insert(0, "outcome", [SPOKEN[name] for name in scores.observable])
    return table.drop(columns="observable")


def revision_table(table, earlier):
    """What a forecast says now and said before, in the quarters of both."""
    keys = ["outcome", "unit", "quarter"]
    both = table[[*keys, "mean", "both_5", "both_95"]].merge(
        earlier[[*keys, "mean"]], on=keys, suffixes=("", "_earlier")
    )
    return both.assign(revision=both["mean"] - both["mean_earlier"])


def _filled(past, o, last=None):
    """Three quarters before the forecast; where the data are not out yet, what is expected of them, or of the last what paths have `(paths,)`."""
    position = [w.name for w in watched()].index(o.name) - len(watched())
    expected = past.smoothed.filtered[-3:, position] + past.without_shocks[o.name].loc[past.known[-3:]].to_numpy()
    if last is not None:
        expected = np.column_stack([np.broadcast_to(expected[:-1], (len(last), 2)), last])
    values = past.data[o.name].to_numpy(float)[-3:]
    return annualised(o) * np.where(np.isfinite(values), values, expected)


def _rolling(values):
    return pd.Series(values).rolling(4).sum().to_numpy()


def _record():
    with (FOLDER / "record.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
