"""From evaluations to a verdict: what the estimate says, how sure the draws are, and what would overturn it."""

from dataclasses import dataclass

import numpy as np

from experiments.claims.flips import is_refuted

SUPPORTED, REFUTED, NOT_IDENTIFIED, NOT_SOLVED = "supported", "refuted", "not identified", "not solved"
DEPENDS = "depends on {}"
SURE = 0.9
BAND = (5, 50, 95)
ENOUGH = 0.8  # of the draws must be certified


@dataclass(frozen=True)
class Verdict:
    """The answer to a claim; `band` are percentiles BAND of the headline over the draws."""

    word: str
    refuted: bool | None
    values: dict
    bands: dict  # {measure: percentiles} of the decisive measures
    probability: float | None  # that the claim is refuted: share of draws
    draws: int
    flips: tuple
    reason: str | None = None


def verdict(claim, point, drawn, flips):
    """`Verdict` from the evaluation at the estimate, those at the draws, and the flips."""
    if point.reason:
        return Verdict(NOT_SOLVED, None, {}, {}, None, 0, flips, point.reason)
    refuted = is_refuted(claim, point)
    certified = [e for e in drawn if e.reason is None]
    enough = bool(drawn) and len(certified) >= ENOUGH * len(drawn)
    probability = float(np.mean([is_refuted(claim, e) for e in certified])) if enough else None
    bands = {}
    if enough:
        bands = {m: np.percentile([e.values[m] for e in certified], BAND).tolist() for m in claim.decisive}
    word = _word(refuted, probability, turning(flips), lost=bool(drawn) and not enough)
    return Verdict(word, refuted, point.values, bands, probability, len(certified), flips)


def nothing_overturns(flips):
    """What stands where no range overturns an answer: it says so only if ranges were looked at."""
    return "nothing within the ranges" if flips else "not examined"


def turning(flips):
    """Ends on the way to which the answer turns over, the nearest first."""
    return sorted((f for f in flips if f.value is not None), key=lambda f: f.share)


def _word(refuted, probability, overturned, lost):
    if overturned:
        return DEPENDS.format(overturned[0].range)
    if lost:  # too few draws have a solution
        return NOT_IDENTIFIED
    if probability is not None and max(probability, 1 - probability) < SURE:
        return NOT_IDENTIFIED
    return REFUTED if refuted else SUPPORTED
