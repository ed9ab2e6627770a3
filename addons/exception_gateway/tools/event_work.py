"""One message while it is being understood: plain values, so that a batch needs few statements."""

from dataclasses import dataclass, field


@dataclass
class Work:
    """What is known of a message so far; ``outcome`` is set as soon as nothing more follows."""

    event: object
    company: object
    kind: str = ""
    headers: dict = field(default_factory=dict)
    payload: object = None
    contract: object = None
    form: dict = None
    subject: str = None
    order: object = None
    business_key: str = None
    is_late: bool = False
    record: object = None
    several: bool = False
    # the message names a record of a kind that is installed
    looked: bool = False
    partner_id: int = None
    reactions: list = field(default_factory=list)
    # sentences about what was done; True: something was
    said: list = field(default_factory=list)
    effect: bool = False
    case_ids: set = field(default_factory=set)
    late_case_ids: set = field(default_factory=set)
    outcome: object = None

    def say(self, sentence, effect=False):
        """Note what was done, or why not."""
        self.said.append(sentence)
        self.effect = self.effect or effect

    def place(self):
        """Return the record as (model, id), the event itself where there is none."""
        if self.record is None:
            return self.event._name, self.event.id
        return self.record._name, self.record.id

    def facts(self):
        """Return what a person needs to know, by name."""
        facts = dict(self.form["facts"])
        for name, value in (
            ("message", self.form["message"]),
            ("reference", self.form["reference"]),
        ):
            if value:
                facts.setdefault(name, value)
        return facts
