"""What became of an event: what understanding returns, and the drain writes down."""

from typing import NamedTuple

# what an event can be after somebody tried to understand it
STATES = ("done", "ignored", "parked", "failed", "dead")


class Outcome(NamedTuple):
    """How an event ended, or where it stands.

    ``failed`` is tried again, and becomes ``dead`` when it was tried often enough; ``values`` are
    further columns of the event, which are written with the state.
    """

    state: str
    reason: str | None = None
    values: dict = {}
