"""What would overturn an answer: both ends of every range, and where on the way there it turns over."""

from dataclasses import dataclass

from experiments.claims.files import ClaimFile

BISECTIONS = 5
WAYPOINTS = (0.25, 0.5, 0.75, 1.0)  # of the way to an end, where a rule has two sides


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
    """The way from the estimate to one end, and the part of it, from `low` to `high`, on which the answer turns over."""

    claim: ClaimFile
    number: int
    end: int
    reached: object = None  # the evaluation at the end
    turns: bool = False
    low: float = 0.0
    high: float = 1.0

    @property
    def stops(self):
        """Shares of the way at which the answer is looked at, the end last."""
        return WAYPOINTS if self.claim.two_sided else WAYPOINTS[-1:]

    @property
    def middle(self):
        return (self.low + self.high) / 2


def is_refuted(claim, evaluation):
    """Does the rule refute the claim here? None where it is not solved."""
    return None if evaluation.reason else claim.refuted_when.distance(evaluation.values) < 0


def find_flips(claims, points, economies, evaluator):
    """`{claim number: Flips}`; `points` are the evaluations at the estimate by claim number."""
    ways = [
        _Way(claim, number, end)
        for claim in claims
        if not points[claim.number].reason
        for number in range(len(claim.ranges))
        for end in (0, 1)
    ]
    stops = [(way, share) for way in ways for share in way.stops]
    cases = [economies.toward(way.claim, way.number, way.end, share) for way, share in stops]
    for (way, share), found in zip(stops, evaluator.evaluate(cases, "ends of ranges"), strict=True):
        _look(way, share, found, points)
    turning = [way for way in ways if way.turns]
    for step in range(BISECTIONS):
        _halve(turning, points, economies, evaluator, f"where answers turn, {step + 1} of {BISECTIONS}")
    return {c.number: tuple(_flip(way, economies) for way in ways if way.claim is c) for c in claims}


def _look(way, share, found, points):
    """Take in what is found a share of the way along: the first other answer is where it turns over."""
    way.reached = found
    there = is_refuted(way.claim, found)
    if way.turns or there is None:
        return
    if there != is_refuted(way.claim, points[way.claim.number]):
        way.turns, way.high = True, share
    else:
        way.low = share


def _halve(ways, points, economies, evaluator, title):
    """Keep the half of every way on which the answer turns over; a middle without solution counts as the far side."""
    cases = [economies.toward(way.claim, way.number, way.end, way.middle) for way in ways]
    for way, found in zip(ways, evaluator.evaluate(cases, title), strict=True):
        same = is_refuted(way.claim, found) == is_refuted(way.claim, points[way.claim.number])
        way.low, way.high = (way.middle, way.high) if same else (way.low, way.middle)


def _flip(way, economies):
    spread = way.claim.ranges[way.number]
    name = next(iter(spread.moves))
    share = way.middle if way.turns else None
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
