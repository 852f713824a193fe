"""Tables of verdicts, measures, ranges and welfare, and what supports them: distribution, growth accounting, rents."""

from textwrap import fill

import numpy as np
import pandas as pd

from experiments.answer.tables.counterfactual import change_in_percent, series
from experiments.claims.answers import answer
from experiments.claims.files import BASELINE
from experiments.claims.verdict import nothing_overturns, refuted_in, turning
from model.core.axes import DEMAND, GROUP, LINE
from model.core.units import FIRST_YEAR, QUARTERS_A_YEAR
from model.equilibrium.outcomes.register import UNITS, spoken

WIDTH, INDENT = 120, " " * 5  # letters of a line on the terminal
YEARS = (2026, 2028, 2030, 2035, 2040, 2045)
AT_REST = "initial steady state"
BAND_NAMES = ("5 %", "median", "95 %")
DISTRIBUTION = (
    *(("poverty", line) for line in LINE.labels),
    *(("poverty_of_young_low", line) for line in LINE.labels[2:]),
    *(("poverty_of_young_middle", line) for line in LINE.labels[2:]),
    *(("poverty_line", line) for line in LINE.labels),
    *(("childcare_to_rent", line) for line in LINE.labels[2:]),
    ("childcare_price", None),
    ("rent", None),
    ("affordability", "young"),
    ("gini", None),
    ("top_income_share", None),
    ("top_wealth_share", None),
    ("wealth_share_by_age", "young"),
    ("wealth_share_by_age", "middle_aged"),
    ("wealth_share_by_age", "old"),
    ("inequality", None),
)
WELFARE_PARTS = {"spending and wealth": "", "spending": "_from_spending", "wealth": "_from_wealth"}
RENTS = tuple(
    (f"{bottleneck}_rent{suffix}", None)
    for suffix in ("_dollars", "")
    for bottleneck in ("interconnection", "grid", "gpu")
)


def verdict_table(answered):
    """DataFrame with a row a claim: verdict, size with its band, probability that it is refuted, what overturns it."""
    return pd.DataFrame([_verdict_row(claim, answered.verdicts[claim.number]) for claim in answered.claims])


def _verdict_row(claim, v):
    headline = claim.measures[claim.headline]
    low, median, high = v.bands.get(claim.headline, (None, None, None))
    return {
        "claim": claim.number,
        "says": claim.claim,
        "verdict": v.word if v.reason is None else f"{v.word}: {v.reason}",
        "answer": answer_of(claim, v),
        "because": v.because,
        "measured by": headline.says,
        "unit": headline.unit,
        "size": v.values.get(claim.headline, ""),
        "5 %": "" if low is None else low,
        "median": "" if median is None else median,
        "95 %": "" if high is None else high,
        "probability refuted": "" if v.probability is None else v.probability,
        "draws": v.draws,
        "refuted at the estimate": "" if v.refuted is None else "yes" if v.refuted else "no",
        "overturned by": overturned_by(v) or (nothing_overturns(v.flips) if claim.ranges else ""),
        "refuted if": claim.refuted_if,
        "strongest objection": claim.objection,
        "cannot say": claim.cannot_say,
    }


def told_measures(claim, v):
    """`{measure: {says, unit, value, band}}` of a verdict."""
    return {
        name: {
            "says": claim.measures[name].says,
            "unit": claim.measures[name].unit,
            "value": value,
            "band": v.bands.get(name),
        }
        for name, value in v.values.items()
    }


def answer_of(claim, v):
    """The answer as a sentence, empty where nothing is solved."""
    return "" if v.reason else answer(claim.answer, told_measures(claim, v))


def change_table(answered):
    """DataFrame with a row a claim: the verdict on the reference economy under the rule before this one, that of now, and why."""
    return pd.DataFrame(
        [
            {
                "claim": claim.number,
                "says": claim.claim,
                "verdict before": claim.earlier.verdict,
                "verdict now": answered.verdicts[claim.number].word,
                "why it changed": claim.earlier.why,
            }
            for claim in answered.claims
        ]
    )


def overturned_by(v):
    """Every range within which the answer turns over, the nearest first, with the value at which it does."""
    found = [f"{f.range} at {_rounded(f.value)} (estimate {_rounded(f.estimate)})" for f in turning(v.flips)]
    lost = [f"{f.range} at {_rounded(f.end)} is not solved" for f in v.flips if f.reason]
    return "; ".join([*found, *lost])


def _rounded(value):
    """As precise as a bisection is."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def measure_table(answered):
    """DataFrame with a row a claim and measure: the estimate and, of the decisive ones, the band."""
    rows = []
    for claim in answered.claims:
        v = answered.verdicts[claim.number]
        for name, value in v.values.items():
            band = dict(zip(BAND_NAMES, v.bands.get(name, ("",) * len(BAND_NAMES)), strict=True))
            m = claim.measures[name]
            rows.append(
                {
                    "claim": claim.number,
                    "measure": name,
                    "says": m.says,
                    "unit": m.unit,
                    "estimate": "not solved" if value is None else value,
                }
                | band
            )
    return pd.DataFrame(rows)


def range_table(answered):
    """DataFrame with a row a claim and end of a range: the headline there, the answer, and where it turns over."""
    rows = []
    for claim in answered.claims:
        why = {spread.name: spread.why for spread in claim.ranges}
        for flip in answered.verdicts[claim.number].flips:
            rows.append(
                {
                    "claim": claim.number,
                    "range": flip.range,
                    "number": flip.parameter,
                    "estimate": flip.estimate,
                    "end": flip.end,
                    "headline there": flip.headline if flip.reason is None else f"not solved: {flip.reason}",
                    "refuted there": "" if flip.refuted is None else "yes" if flip.refuted else "no",
                    "turns over at": "" if flip.value is None else flip.value,
                    "why these ends": why[flip.range],
                }
            )
    return pd.DataFrame(rows)


def welfare_table(answered):
    """DataFrame with a row a claim, scenario and part: consumption equivalents [%] of all and of every group over the baseline.

    They count from the scenario's announcement on; parts compound to the whole.
    """
    rows = []
    for claim in answered.claims:
        paths = answered.paths[claim.number]
        for name, first in answered.announced[claim.number].items():
            scenario = paths[name]
            if not (scenario.certified and paths[BASELINE].certified):
                continue
            for counted, part in WELFARE_PARTS.items():
                gains = [
                    _gain(paths[BASELINE], scenario, f"{whose}{part}", first) for whose in ("welfare_of_all", "welfare")
                ]
                row = {"claim": claim.number, "scenario": name, "counted": counted, "all": float(gains[0])}
                rows.append(row | dict(zip(GROUP.labels, map(float, gains[1]), strict=True)))
    return pd.DataFrame(rows)


def _gain(before, after, outcome, quarter):
    return change_in_percent(outcome, *(solved.values[outcome][quarter] for solved in (before, after)))


def distribution_table(baseline):
    """DataFrame of poverty, affordability, inequality and the wealth of generations along the baseline, yearly means."""
    return _yearly(baseline, DISTRIBUTION)


def rent_table(baseline):
    """DataFrame of the shadow values of interconnection, grid and GPUs side by side, yearly means."""
    return _yearly(baseline, RENTS)


def _yearly(baseline, rows):
    return pd.DataFrame(
        [
            {
                "outcome": spoken(outcome, label),
                "unit": UNITS[outcome][0],
                AT_REST: _at_rest(baseline, outcome, label),
            }
            | {str(year): _year(series(baseline.values, outcome, label), year) for year in YEARS}
            for outcome, label in rows
        ]
    )


def _at_rest(baseline, outcome, label):
    initial = {outcome: np.asarray(baseline.initial[outcome])[None]}
    return float(series(initial, outcome, label)[0])


def _year(values, year):
    first = QUARTERS_A_YEAR * (year - FIRST_YEAR)
    return float(np.mean(values[first : first + QUARTERS_A_YEAR]))


def growth_table(baseline):
    """DataFrame of contributions to growth [pp a year], yearly means: kinds of demand, AI gross and net of its imports."""
    contribution = baseline.values["growth_contribution"]
    rows = {label: contribution[:, i] for i, label in enumerate(DEMAND.labels)}
    rows["growth of GDP"] = contribution.sum(1)
    rows["AI equipment, gross"] = rows["ai_investment"]
    rows["AI equipment, net of imports"] = rows["ai_investment"] + rows["imports"]
    return pd.DataFrame(
        [
            {"contribution of": name, "unit": UNITS["growth_contribution"][0]} | {str(y): _year(v, y) for y in YEARS}
            for name, v in rows.items()
        ]
    )


def calibration_table(inputs):
    """DataFrame of every target and parameter as used: name, symbol, value, unit, source."""
    rows = {**{f"targets.{name}": row for name, row in inputs.targets.items()}, **inputs.parameters}
    return pd.DataFrame(
        [
            {"number": name, "symbol": row.symbol, "value": inputs.value(name), "unit": row.unit, "source": row.source}
            for name, row in rows.items()
        ]
    )


def printed_verdicts(answered):
    """The verdicts for a terminal: claim, verdict, answer and what overturns it."""
    return "\n".join(_printed(claim, answered.verdicts[claim.number]) for claim in answered.claims)


def _printed(claim, v):
    why = v.reason or v.because
    chance = refuted_in(v.probability, v.draws)
    chance = f" (refuted{chance})" if chance else ""
    lines = [f"{claim.number:4} {claim.claim}", f"{v.word.upper()}{chance}{': ' + why if why else ''}"]
    lines += [
        text for text in (answer_of(claim, v), f"overturned by {overturned_by(v)}" if overturned_by(v) else "") if text
    ]
    return "\n".join(
        [lines[0], *(fill(text, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT) for text in lines[1:])]
    )


def level_unit_of(spec):
    """Unit of the level of a `files.Series`."""
    return "ratio" if spec.over else UNITS[spec.outcome][0]


def unit_of(spec):
    """Unit of a `files.Series`, with what it is a change from."""
    if spec.against is None:
        return level_unit_of(spec)
    change_in = "%" if spec.change == "%" else "pp" if level_unit_of(spec).startswith("%") else level_unit_of(spec)
    return f"{change_in} from {AT_REST if spec.against == 'initial' else spec.against}"
