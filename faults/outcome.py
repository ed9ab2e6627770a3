"""One line of the table: what a scenario did, what it counted, and whether that is right."""

from dataclasses import dataclass, field

WRONG = ("lost", "unfinished", "missing", "double", "wrong", "forged", "errors")


@dataclass
class Outcome:
    """What came of a scenario. Every count in ``WRONG`` must be zero."""

    name: str
    counts: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)

    @property
    def kept(self):
        """Whether nothing was lost, doubled, forged or left lying."""
        return not any(self.counts.get(name) for name in WRONG)

    def as_row(self):
        """The cells of the table."""
        shown = ("sent", "acknowledged", "stored", *WRONG)
        cells = [str(self.counts.get(name, "")) for name in shown]
        return [self.name, *cells, "kept" if self.kept else "NOT KEPT", "; ".join(self.notes)]


HEADS = ["scenario", "sent", "acknowledged", "stored", *WRONG, "", "notes"]


def table(outcomes):
    """The outcomes as a Markdown table."""
    rows = [HEADS, ["---"] * len(HEADS), *(outcome.as_row() for outcome in outcomes)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
