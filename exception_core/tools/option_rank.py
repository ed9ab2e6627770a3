"""Ranks ways out of a case by weights that an administrator sets. No ORM.

The method is *simple additive weighting* (also: weighted sum model), the plainest of the methods
for choosing by several criteria (Churchman and Ackoff 1954; Fishburn 1967; Hwang and Yoon,
"Multiple Attribute Decision Making", 1981):

    points of a way = sum over the parts of  weight(part) * share(way, part)

Weights are brought to 100 together. The share is 1 for the best of the ways and less for the
others, on a straight line (linear scale transformation, min-max):

    share = 1 - distance of the value to the best one / span

Less is better of cost, delay and needs, more is better of the margin. The span is what the ways
differ by, with two cares that plain min-max lacks:

- cost and margin are both money and share one span, so that a euro counts alike in both;
- it has a least size (a twentieth of what is at stake, one day, one need), so that a cent more
  or an hour later does not cost all the points of a part.

What is not known counts as the worst. A way that cannot be gone as things stand comes last,
whatever its points. Ties are broken by money, delay, needs and then the key: the same ways in
any order give the same ranks.
"""

import math
from dataclasses import dataclass, field

PARTS = ("cost", "margin", "delay", "needs")
MONEY = ("cost", "margin")
# of what is at stake: a smaller difference of money does not cost all the points
LEAST_OF_STAKE = 0.05
LEAST_DAYS = 1.0
LEAST_NEEDS = 1.0


@dataclass
class Way:
    """One way out: money in one currency, None where a value is not known."""

    key: str
    cost: float | None = 0.0
    margin: float | None = 0.0
    delay: float | None = 0.0
    needs: int = 0
    blocked: bool = False
    # filled in by ``rank``
    place: int = 0
    score: float = 0.0
    points: dict = field(default_factory=dict)

    def badness(self, part):
        """Return a value of which less is better; None where it is not known."""
        value = getattr(self, part)
        return -value if part == "margin" and value is not None else value


def refuse_weights(weights):
    """Return which weight is wrong ("negative", "number") or "none" when all are nothing."""
    for value in weights.values():
        if not math.isfinite(value):
            return "number"
        if value < 0:
            return "negative"
    return None if any(weights.values()) else "none"


def most_points(weights):
    """Return the most points each part can give: weights brought to 100 together."""
    total = sum(weights[part] for part in PARTS)
    return {part: 100.0 * weights[part] / total for part in PARTS}


def rank(ways, weights, stake=0.0):
    """Give each way its points and its place, and return them, the best first.

    :param ways: list of :class:`Way`
    :param dict weights: {part: number, at least 0}, not all nothing
    :param stake: what is at stake, in the same currency
    """
    most = most_points(weights)
    spans = _spans(ways, stake)
    for part in PARTS:
        known = [way.badness(part) for way in ways if way.badness(part) is not None]
        best = min(known, default=0.0)
        for way in ways:
            share = _share(way.badness(part), best, spans[part], bool(known))
            way.points[part] = most[part] * share
    for way in ways:
        way.score = round(sum(way.points.values()), 6)
    ranked = sorted(ways, key=_order)
    for place, way in enumerate(ranked, start=1):
        way.place = place
    return ranked


def _share(value, best, span, any_known):
    if value is None:
        # known of none: none is worse than another
        return 0.0 if any_known else 1.0
    return max(0.0, 1.0 - (value - best) / span)


def _spans(ways, stake):
    """Return what the ways differ by in each part, at least a size that matters."""
    spans = {part: _span([way.badness(part) for way in ways]) for part in PARTS}
    money = max(*(spans[part] for part in MONEY), abs(stake) * LEAST_OF_STAKE)
    least = {"delay": LEAST_DAYS, "needs": LEAST_NEEDS}
    return {
        part: (money or 1.0) if part in MONEY else max(spans[part], least[part]) for part in PARTS
    }


def _span(values):
    known = [value for value in values if value is not None]
    return max(known) - min(known) if known else 0.0


def _order(way):
    money = math.inf if way.cost is None or way.margin is None else round(way.cost - way.margin, 2)
    delay = math.inf if way.delay is None else way.delay
    return (way.blocked, -way.score, money, delay, way.needs, way.key)
