"""Who gets which work: choices without ORM, so that they can be read and tested by themselves."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

STEP = timedelta(microseconds=1)


@dataclass
class Member:
    """A person who may get work, and what is on their desk; ``load`` follows each choice."""

    user_id: int
    companies: frozenset = frozenset()
    capacity: int = 0
    load: int = 0

    @property
    def has_room(self):
        """Whether the person takes on more: no limit, or below it."""
        return not self.capacity or self.load < self.capacity


@dataclass
class Queue:
    """A team as its method sees it; ``turns`` says when each member was given work last."""

    method: str
    weights: dict
    members: list
    turns: dict = field(default_factory=dict)

    def points(self, severities):
        """Return what cases of these severities weigh together."""
        return sum(self.weights[severity] for severity in severities)

    def able(self, company_id):
        """Return the members who may see cases of this company and have room."""
        return [
            member for member in self.members if company_id in member.companies and member.has_room
        ]

    def choose(self, company_id, holder=None):
        """Choose who gets the next bundle of cases.

        :param holder: id of the person who works on the same record already: a bundle stays
            with one person, whatever their load
        :return: (member, reason), or (None, None) when nobody can take it
        """
        for member in self.members:
            if member.user_id == holder and company_id in member.companies:
                return member, "record"
        able = self.able(company_id)
        if not able:
            return None, None
        return min(able, key=self._rank), self.method

    def _rank(self, member):
        turn = (self.turns.get(member.user_id) or datetime.min, member.user_id)
        return turn if self.method == "round_robin" else (member.load, *turn)


def next_turn(now, queues):
    """Return the first instant to note a turn at: later than every turn noted in this second.

    The order of turns is all that round robin remembers, and a second is too coarse for it.
    """
    latest = [
        turn
        for queue in queues
        for turn in queue.turns.values()
        if turn and now <= turn < now + timedelta(seconds=1)
    ]
    return max(latest) + STEP if latest else now


@dataclass
class Parcel:
    """Cases of one person on one record, which move together."""

    case_ids: list
    owner_id: int
    company_id: int
    points: int


@dataclass
class Move:
    """One parcel that changes hands; loads are (before, after)."""

    parcel: Parcel
    user_id: int
    giver_load: tuple
    taker_load: tuple


def even_out(queue, owners, parcels):
    """Plan which parcels move so that the desks are evenly full.

    First everything of people who cannot work on it, then from the fullest desk to the emptiest
    as long as the taker stays below the giver; each parcel moves at most once.

    :param Queue queue: its members are those who may get work
    :param dict owners: Member by id, of everybody who has a parcel; the members' own objects
        where they are members
    :param parcels: the ones that should move first come first
    :return: (moves, parcels that nobody else can take)
    """
    moves, stuck = [], []
    able_ids = {member.user_id for member in queue.members}
    piles = {}
    for parcel in parcels:
        if parcel.owner_id in able_ids:
            piles.setdefault(parcel.owner_id, []).append(parcel)
        elif taker := _emptiest(queue, parcel):
            moves.append(_move(parcel, owners[parcel.owner_id], taker))
        else:
            stuck.append(parcel)
    while piles:
        giver = max((owners[owner_id] for owner_id in piles), key=lambda one: one.load)
        move = _first_improvement(queue, giver, piles[giver.user_id])
        if move:
            moves.append(move)
            piles[giver.user_id].remove(move.parcel)
        if not move or not piles[giver.user_id]:
            del piles[giver.user_id]
    return moves, stuck


def _first_improvement(queue, giver, pile):
    for parcel in pile:
        taker = _emptiest(queue, parcel)
        if taker and taker.load + parcel.points < giver.load:
            return _move(parcel, giver, taker)
    return None


def _emptiest(queue, parcel):
    able = [one for one in queue.able(parcel.company_id) if one.user_id != parcel.owner_id]
    return min(able, key=lambda one: (one.load, one.user_id), default=None)


def _move(parcel, giver, taker):
    before = giver.load, taker.load
    giver.load -= parcel.points
    taker.load += parcel.points
    return Move(parcel, taker.user_id, (before[0], giver.load), (before[1], taker.load))
