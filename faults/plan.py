"""What a sender sends: orders that fail, some twice, some in the wrong order.

An order of the plan is one record in Odoo. A plain one fails once: one case. A settled one fails,
is settled later, and both messages come in the wrong order: no case that stays open. Some messages
come twice.
"""

import random
from dataclasses import asdict, dataclass

FAILED, SETTLED = "order.failed", "order.settled"
BEGIN = 1_800_000_000


@dataclass(frozen=True)
class Message:
    """One message; the same ``id`` is the same message."""

    id: str
    type: str
    order: str
    at: int


@dataclass(frozen=True)
class Plan:
    """All messages in the order in which they are sent, and what must come of them."""

    sent: list
    orders: list
    settled: frozenset

    @property
    def distinct(self):
        """Ids of the messages, each once."""
        return {message.id for message in self.sent}

    @property
    def failing(self):
        """Orders that must have one case, and one only."""
        return set(self.orders) - self.settled

    def as_rows(self):
        """The messages as JSON takes them."""
        return [asdict(message) for message in self.sent]


def make(count, mark, duplicates=0.2, reversed_share=0.1, seed=7):
    """Plan so many messages.

    :param int count: all messages, those that come twice counted twice
    :param str mark: begins the ids and the names of the orders
    :param float duplicates: share of the messages that are repetitions
    :param float reversed_share: share of the messages that overtake another one
    """
    chance = random.Random(seed)
    distinct = count - round(count * duplicates)
    pairs = round(count * reversed_share)
    sent, settled = [], set()
    orders = [f"{mark}-{number}" for number in range(distinct - pairs)]
    for number, order in enumerate(orders):
        failed = Message(f"{order}-failed", FAILED, order, BEGIN + number)
        if number < pairs:
            # the newer one goes out first
            settled.add(order)
            sent.append(Message(f"{order}-settled", SETTLED, order, BEGIN + number + 1))
        sent.append(failed)
    chunks = _shuffled_apart(sent, chance)
    repeated = [chance.choice(chunks) for _number in range(count - distinct)]
    for message in repeated:
        chunks.insert(chance.randrange(chunks.index(message) + 1, len(chunks) + 1), message)
    return Plan(chunks, orders, frozenset(settled))


def _shuffled_apart(sent, chance):
    """Mix the messages, and keep those of one order in their (wrong) order."""
    places = {}
    for message in sent:
        places.setdefault(message.order, []).append(message)
    orders = [message.order for message in sent]
    chance.shuffle(orders)
    return [places[order].pop(0) for order in orders]
