"""What would overturn an answer: both ends of every range, and where on the way there it turns over."""

import math
from dataclasses import dataclass

from experiments.claims.cases import Case
from experiments.claims.files import ClaimFile

ROUNDS = 3
LEAST = 0.1  # of a bracket that a round takes off


@dataclass(frozen=True)
class Flip:
    """One end of a range, the headline there, and the `value` at which the answer turns over on the way, None if it does not.

    A range that moves several numbers is told by the first of them.
    """

    range: str
    parameter: str
    estimate: float
    end: float
    headline: float | None
    refuted: bool | None
    reason: str | None = None
    share: float | None = None  # of the way from the estimate to the end
    value: float | None = None


@dataclass
class _Way:
    """The way from the estimate to one end, and the part of it on which the answer turns over."""

    claim: ClaimFile
    number: int
    end: int
    case: Case
    reached: object = None  # the evaluation at the end
    turns: bool = False
    bracket: tuple = ()  # ((share, distance from refutation), the same on the other side of the turn)

    def crossing(self):
        """Where a straight line through both ends of the bracket crosses zero, inside of it."""
        (a, here), (b, there) = self.bracket
        part = here / (here - there) if math.isfinite(here - there) else 0.5
        return a + (b - a) * min(max(part, LEAST), 1 - LEAST)


def is_refuted(claim, evaluation):
    """Does the rule refute the claim here? None where it is not solved."""
    return None if evaluation.reason else claim.refuted_when.distance(evaluation.values) < 0


def find_flips(claims, points, economies, evaluator):
    """`{claim number: Flips}`; `points` are the evaluations at the estimate by claim number."""
    ways = [
        _Way(claim, number, end, economies.toward(claim, number, end, 1.0))
        for claim in claims
        if not points[claim.number].reason
        for number in range(len(claim.ranges))
        for end in (0, 1)
    ]
    for way, reached in zip(ways, evaluator.evaluate([way.case for way in ways], "ends of ranges"), strict=True):
        way.reached = reached
        there = is_refuted(way.claim, reached)
        point = points[way.claim.number]
        way.turns = there is not None and there != is_refuted(way.claim, point)
        if way.turns:
            way.bracket = ((0.0, _distance(way.claim, point)), (1.0, _distance(way.claim, reached)))
    for step in range(ROUNDS):
        _narrow([way for way in ways if way.turns], economies, evaluator, f"where answers turn, {step + 1} of {ROUNDS}")
    return {c.number: tuple(_flip(way, economies) for way in ways if way.claim is c) for c in claims}


def _distance(claim, evaluation):
    return claim.refuted_when.distance(evaluation.values)


def _narrow(ways, economies, evaluator, title):
    shares = [way.crossing() for way in ways]
    cases = [economies.toward(way.claim, way.number, way.end, share) for way, share in zip(ways, shares, strict=True)]
    for way, share, found in zip(ways, shares, evaluator.evaluate(cases, title), strict=True):
        if found.reason:
            continue
        middle, (near, far) = (share, _distance(way.claim, found)), way.bracket
        way.bracket = (middle, far) if (middle[1] < 0) == (near[1] < 0) else (near, middle)


def _flip(way, economies):
    spread = way.claim.ranges[way.number]
    name = next(iter(spread.moves))
    share = way.crossing() if way.turns else None
    return Flip(
        spread.name,
        name,
        economies.estimate(way.claim, name),
        spread.values(way.end)[name],
        way.reached.values.get(way.claim.headline),
        is_refuted(way.claim, way.reached),
        way.reached.reason,
        share,
        None if share is None else economies.between(way.claim, way.number, way.end, share)[name],
    )
