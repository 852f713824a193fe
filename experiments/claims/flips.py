"""What would overturn an answer: both ends of every range, and where on the way there it turns over."""

from dataclasses import dataclass

from experiments.claims.files import ClaimFile

NARROWED = 3  # times that the part of a way is narrowed on which an answer turns over
NEAR_AN_END = 0.1  # of that part: so far from its ends the next look is at least
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
    """The way from the estimate to one end, and the part of it, from `low` to `high`, on which the answer turns over.

    `at_low` and `at_high` are distances to the rule there, the latter None where nothing is solved.
    """

    claim: ClaimFile
    number: int
    end: int
    at_low: float
    reached: object = None  # the evaluation at the end
    turns: bool = False
    low: float = 0.0
    high: float = 1.0
    at_high: float | None = None

    @property
    def stops(self):
        """Shares of the way at which the answer is looked at, the end last."""
        return WAYPOINTS if self.claim.two_sided else WAYPOINTS[-1:]

    @property
    def crossing(self):
        """Where the answer turns over if the distance to the rule is a straight line between `low` and `high`."""
        if self.at_high is None or self.at_low == self.at_high:
            return (self.low + self.high) / 2
        part = self.at_low / (self.at_low - self.at_high)
        return self.low + (self.high - self.low) * min(max(part, NEAR_AN_END), 1 - NEAR_AN_END)

    def take(self, share, distance):
        """Take in the distance to the rule found a `share` of the way along, None where it is not solved."""
        if distance is not None and (distance < 0) == (self.at_low < 0):
            self.low, self.at_low = share, distance
        else:
            self.high, self.at_high = share, distance


def is_refuted(claim, evaluation):
    """Does the rule refute the claim here? None where it is not solved."""
    distance = _distance(claim, evaluation)
    return None if distance is None else distance < 0


def _distance(claim, evaluation):
    return None if evaluation.reason else claim.refuted_when.distance(evaluation.values)


def find_flips(claims, points, economies, evaluator):
    """`{claim number: Flips}`; `points` are the evaluations at the estimate by claim number."""
    ways = [
        _Way(claim, number, end, _distance(claim, points[claim.number]))
        for claim in claims
        if not points[claim.number].reason
        for number in range(len(claim.ranges))
        for end in (0, 1)
    ]
    stops = [(way, share) for way in ways for share in way.stops]
    cases = [economies.toward(way.claim, way.number, way.end, share) for way, share in stops]
    for (way, share), found in zip(stops, evaluator.evaluate(cases, "ends of ranges"), strict=True):
        _look(way, share, found)
    turning = [way for way in ways if way.turns]
    for step in range(NARROWED):
        shares = [way.crossing for way in turning]
        cases = [economies.toward(w.claim, w.number, w.end, s) for w, s in zip(turning, shares, strict=True)]
        found = evaluator.evaluate(cases, f"where answers turn, {step + 1} of {NARROWED}")
        for way, share, evaluation in zip(turning, shares, found, strict=True):
            way.take(share, _distance(way.claim, evaluation))
    return {c.number: tuple(_flip(way, economies) for way in ways if way.claim is c) for c in claims}


def _look(way, share, found):
    """Take in what is found a share of the way along: the first other answer is where it turns over."""
    way.reached = found
    distance = _distance(way.claim, found)
    if way.turns or distance is None:
        return
    way.turns = (distance < 0) != (way.at_low < 0)
    way.take(share, distance)


def _flip(way, economies):
    spread = way.claim.ranges[way.number]
    name = next(iter(spread.moves))
    share = way.crossing if way.turns else None
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
