"""From evaluations to a verdict: what the estimate says, how sure the draws are, and what would overturn it."""

from dataclasses import dataclass

import numpy as np

from experiments.answer.tables.writing import two_digits
from experiments.claims.flips import is_refuted

SUPPORTED, REFUTED, NOT_IDENTIFIED, NOT_SOLVED = "supported", "refuted", "not identified", "not solved"
BY_CONSTRUCTION, CANNOT_SPEAK = "true by construction", "the model cannot speak"
DEPENDS = "depends on {}"
SURE = 0.9
BAND = (5, 50, 95)
ENOUGH = 0.8  # of the draws must be certified


@dataclass(frozen=True)
class Verdict:
    """The answer to a claim; `bands` are percentiles BAND over the draws."""

    word: str
    refuted: bool | None
    values: dict
    bands: dict  # {measure: percentiles} of the decisive measures
    probability: float | None  # that the claim is refuted: share of draws
    draws: int
    flips: tuple
    reason: str | None = None
    because: str = ""  # why it is not simply supported or refuted


def verdict(claim, point, drawn, flips):
    """`Verdict` from the evaluation at the estimate, those at the draws, and the flips."""
    if point.reason:
        return Verdict(NOT_SOLVED, None, {}, {}, None, 0, flips, point.reason)
    refuted = is_refuted(claim, point)
    certified = [e for e in drawn if e.reason is None]
    enough = bool(drawn) and len(certified) >= ENOUGH * len(drawn)
    probability = float(np.mean([is_refuted(claim, e) for e in certified])) if enough else None
    bands = _bands(claim, certified, len(drawn)) if enough else {}
    lost = bool(drawn) and not enough
    word, because = (
        _outside_the_evidence(claim, point.values, refuted)
        or _not_identified(claim, point.values, probability, len(certified), lost)
        or _settled(refuted, turning(flips))
    )
    return Verdict(word, refuted, point.values, bands, probability, len(certified), flips, because=because)


def refuted_in(probability, draws):
    """In how many of the draws a claim is refuted, in words; nothing where none were solved."""
    return "" if probability is None else f" in {round(probability * draws)} of {draws} draws of the estimated numbers"


def _bands(claim, certified, drawn):
    """Percentiles of what enough of the draws have a value for."""
    values = {m: [e.values[m] for e in certified if e.values[m] is not None] for m in claim.banded}
    return {m: np.percentile(v, BAND).tolist() for m, v in values.items() if len(v) >= ENOUGH * drawn}


def nothing_overturns(flips):
    """What stands where no range overturns an answer: it says so only if ranges were looked at."""
    return "nothing within the ranges" if flips else "not examined"


def turning(flips):
    """Ends on the way to which the answer turns over, the nearest first."""
    return sorted((f for f in flips if f.value is not None), key=lambda f: f.share)


def _outside_the_evidence(claim, values, refuted):
    """Where the answer is in the assumptions, or the model fails what it needs to speak of it."""
    if claim.by_construction:
        return (CANNOT_SPEAK if refuted else BY_CONSTRUCTION), claim.by_construction
    if claim.credible_when and claim.credible_when.distance(values) > 0:
        return CANNOT_SPEAK, f"it does not hold here that {claim.credible_when.says}"
    return None


def _not_identified(claim, values, probability, draws, lost):
    """Where the estimate lies at the rule, where draws disagree, or where too few of them have a solution."""
    if claim.refuted_when.knife_edge(values):
        deciding = claim.refuted_when.deciding(values)
        m, value = claim.measures[deciding.measure], two_digits(values[deciding.measure])
        return NOT_IDENTIFIED, f"{m.says} is {value} {m.unit}, too close to the {deciding.bound:g} of the rule"
    if lost:
        return NOT_IDENTIFIED, "too few draws have a solution"
    if probability is not None and max(probability, 1 - probability) < SURE:
        return NOT_IDENTIFIED, f"refuted{refuted_in(probability, draws)}"
    return None


def _settled(refuted, overturned):
    if overturned:
        nearest, (here, there) = overturned[0], (REFUTED, SUPPORTED) if refuted else (SUPPORTED, REFUTED)
        told = f"{here} at {two_digits(nearest.estimate)}, the value used here, {there} at {two_digits(nearest.value)}"
        return DEPENDS.format(nearest.range), told
    return (REFUTED if refuted else SUPPORTED), ""
