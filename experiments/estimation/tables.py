"""Tables of an estimation: parameters, fit, identification, and targets left out one at a time."""

from dataclasses import replace

import numpy as np
import pandas as pd

from calibration.estimators.identification import opposed
from calibration.estimators.minimum_distance import fit
from calibration.measures.moments import measured, moment_of
from calibration.measures.responses import response
from model.equilibrium.outcomes.report import reporter
from model.transition.calendar import on_calendar
from model.transition.solutions import NotSolved

QUANTILES = {"5 %": 0.05, "16 %": 0.16, "median": 0.5, "84 %": 0.84, "95 %": 0.95}


def parameter_table(estimation, found, told, posterior):
    """A row a primitive parameter: value, standard error, posterior quantiles, source; estimated ones first."""
    values, errors = estimation.values(found.u), np.sqrt(np.diag(told.covariance))
    draws = None if posterior is None else np.array([list(estimation.values(u).values()) for u in posterior.draws])
    rows = []
    for k, e in enumerate(estimation.estimated):
        row = _parameter(estimation.inputs.row(e.name), e.name, e.meaning, values[e.name])
        row |= {
            "standard error": values[e.name] * e.spread * errors[k],
            "prior median": e.prior,
            "prior spread of log": e.spread,
        }
        row |= {"share learned": told.learned[k], "source or target": "estimated on path moments"}
        if draws is not None:
            row |= {name: np.quantile(draws[:, k], q) for name, q in QUANTILES.items()}
        rows.append(row)
    for a in estimation.assumed:
        row = _parameter(estimation.inputs.row(a.name), a.name, a.meaning, a.prior)
        rows.append(row | {"source or target": "assumed"})
    named = {*estimation.names, *(a.name for a in estimation.assumed)}
    for name, row in estimation.inputs.parameters.items():
        if name not in named:
            rows.append(_parameter(row, name, "", estimation.inputs.value(name)) | {"source or target": row.source})
    return pd.DataFrame(rows).fillna("")


def _parameter(row, name, meaning, value):
    return {
        "symbol": row.symbol,
        "name": name,
        "meaning": meaning or name.partition(".")[2].replace(".", ", ").replace("_", " "),
        "unit": row.unit,
        "value": value,
    }


def fit_table(estimation, found, posterior):
    """A row a path moment: data, range, model, distance; for a miss, the targets that stand against it."""
    rows, distances = [], estimation.distances(found.moments)
    for k, row in enumerate(estimation.rows):
        inside = row.low <= found.moments[k] <= row.high
        against = "" if inside else _against(found, estimation, k, distances[k])
        band = None if posterior is None else posterior.moments[:, k]
        rows.append(_moment(row, "yes", found.moments[k], distances[k], inside, against, band))
    values = reported(estimation, found.u)
    for row in estimation.inputs.moments.values():
        if row.kind == "path" and row not in estimation.rows:
            model = measured(values, moment_of(row, estimation.first_quarter))
            distance = (model - row.value) / row.standard_error
            rows.append(_moment(row, "held out", model, distance, row.low <= model <= row.high, "", None))
    return pd.DataFrame(rows)


def _against(found, estimation, k, distance):
    if abs(distance) < 1:
        return "nothing: it is within a standard error of the value"
    return "; ".join(opposed(found, estimation, k)) or "nothing: the model's own limit"


def _moment(row, used, model, distance, inside, against, band):
    low, high = ("", "") if band is None else np.quantile(band, [0.05, 0.95])
    return {
        "target": row.name.removeprefix("path."),
        "unit": row.unit,
        "used": used,
        "data": row.value,
        "low": row.low,
        "high": row.high,
        "model": model,
        "model 5 %": low,
        "model 95 %": high,
        "standard errors off": distance,
        "in range": "yes" if inside else "no",
        "stands against it": against,
        "source": row.source,
    }


def reported(estimation, u):
    """Outcomes `{name: (T,) or (T, label)}` of the baseline at coordinates `u`."""
    return report_at(estimation, u).values


def report_at(estimation, u):
    """`Report` of the baseline at coordinates `u`."""
    _, baseline = estimation.solved(u)
    problem, path = on_calendar(baseline, baseline.solution)
    return reporter(baseline.economy)(problem, path, baseline.initial, baseline.economy.at_rest)


def identification_table(estimation, told):
    """A row a number: what the data take away from the prior, and how far each datum moves the estimate."""
    rows = []
    for k, e in enumerate(estimation.estimated):
        row = {"number": e.name, "share of prior variance learned": told.learned[k]}
        row |= {
            f"moved by {r.name.removeprefix('path.')}": e.spread * told.sensitivity[k, j]
            for j, r in enumerate(estimation.rows)
        }
        rows.append(row)
    for value, direction in zip(told.singular_values, told.directions, strict=True):
        loaded = ", ".join(
            f"{w:+.2f} {n}"
            for n, w in sorted(zip(estimation.names, direction, strict=True), key=lambda p: -abs(p[1]))[:3]
        )
        rows.append({"number": f"direction {loaded}", "share of prior variance learned": value**2 / (1 + value**2)})
    return pd.DataFrame(rows).fillna("")


def response_table(estimation, found):
    """A row a published response: the published number, its range, and the model's answer to the same experiment."""
    solved = estimation.solved(found.u)
    rows = []
    for row in estimation.inputs.moments.values():
        if row.kind == "response":
            answer = response(row, *solved)
            inside = isinstance(answer, float) and row.low <= answer <= row.high
            rows.append(
                {
                    "response": row.name.removeprefix("response."),
                    "unit": row.unit,
                    "published": row.value,
                    "low": row.low,
                    "high": row.high,
                    "model": "not measured" if answer is None else answer,
                    "in range": "" if not isinstance(answer, float) else "yes" if inside else "no",
                    "source": row.source,
                }
            )
    return pd.DataFrame(rows)


def left_out_table(estimation, found, say):
    """A row a used target: what the estimate on the others predicts for it."""
    rows = []
    for row in estimation.rows:
        say(f"without {row.name}")
        rest = replace(estimation, left_out=(*estimation.left_out, row.name))
        try:
            again = fit(rest, found.u)
        except NotSolved as failure:
            rows.append({"left out": row.name, "data": row.value, "predicted": f"not solved: {failure.outcome.reason}"})
            continue
        predicted = measured(reported(rest, again.u), moment_of(row, estimation.first_quarter))
        rows.append(
            {
                "left out": row.name,
                "data": row.value,
                "low": row.low,
                "high": row.high,
                "predicted": predicted,
                "standard errors off": (predicted - row.value) / row.standard_error,
                "with it": found.moments[[r.name for r in estimation.rows].index(row.name)],
                "converged": "yes" if again.converged else f"no: {again.reason}",
            }
        )
    return pd.DataFrame(rows).fillna("")
