from dataclasses import dataclass, field

from odoo import fields, models


@dataclass
class Question:
    """What is asked for, as policies and duties look at it. Nothing of it is written.

    Amounts are in the currency of the case's company; ``amount`` has no sign. All records are the
    superuser's.
    """

    case: models.Model
    requester: models.Model
    # empty recordsets where there is nobody
    proposers: models.Model
    owner: models.Model
    approval: models.Model
    step: models.Model
    record: models.Model = None
    run: models.Model = None
    action: models.Model = None
    asked_at: object = None
    # in the currency of what is asked for
    asked_amount: float = 0.0
    currency: models.Model = None
    amount: float = 0.0
    # what the same action has moved on the same record lately
    earlier: float = 0.0
    # a person typed the figure, and it is not what is carried out
    typed: bool = False
    # a person reported the case, or changed what is at stake in it, or for whom
    chosen: bool = False
    has_margin: bool = False
    margin_before: float = 0.0
    margin_after: float = 0.0
    severity: str = "4"
    risk: int = 0
    people: object = None
    duties: list = None

    @property
    def company(self):
        """The company that the request belongs to."""
        return self.case.company_id

    @property
    def customer_is_sure(self):
        """Whether the case's customer is that of its record, or found by a detector.

        A policy that agrees by itself to what good customers ask for must not be told by whoever
        asks who the customer is.
        """
        partner = self.case.partner_id.commercial_partner_id
        record = self.record
        if record is not None and record._name == "res.partner":
            return record.commercial_partner_id == partner
        field = record is not None and record._fields.get("partner_id")
        if field and field.comodel_name == "res.partner":
            return record.partner_id.commercial_partner_id == partner
        return not self.chosen

    @property
    def margin_loss_percent(self):
        """How much of the margin gets lost, in percent of what it was."""
        loss = self.margin_before - self.margin_after
        if loss <= 0:
            return 0.0
        # from nothing or less: all of it
        return 100.0 * loss / self.margin_before if self.margin_before > 0 else 100.0

    def amount_in(self, currency):
        """Return the amount in the currency of a policy, with what was moved before it.

        What is asked for in parts is judged as a whole.
        """
        return self._in(currency, self.amount + self.earlier)

    def margin_loss_in(self, currency):
        """Return how much margin gets lost, in the currency of a policy."""
        return self._in(currency, self.margin_before - self.margin_after)

    @property
    def acting(self):
        """Who stands in for whom: {person: deputy}."""
        return self.people.acting

    def deputies_of(self, person):
        """Return everybody who acts for a person, and for those who do, and so on."""
        found, todo = person.browse(), [person]
        while todo:
            fresh = self.people.deputies.get(todo.pop(), found.browse()) - found - person
            found |= fresh
            todo += list(fresh)
        return found

    def _in(self, currency, amount):
        own = self.company.currency_id
        if not amount or own == currency:
            return amount
        date = (self.asked_at or fields.Datetime.now()).date()
        rates, key = self.people.rates, (own.id, currency.id, self.company.id, date)
        if key not in rates:
            rates[key] = own._get_conversion_rate(own, currency, self.company, date)
        return currency.round(amount * rates[key])


@dataclass
class People:
    """What a batch of questions knows of people and rates."""

    # ids of those who may decide at all, and of those who see private teams
    deciders: set
    overseers: set
    # {person: deputy}, now; who has chosen the deputy; and all whom the person has as deputies
    acting: dict
    chosen_by: dict
    deputies: dict
    rates: dict = field(default_factory=dict)
    # what is asked in the batch, and who was involved in it: looked up once for all
    questions: list = field(default_factory=list)
    involved: dict = None


@dataclass
class Asked:
    """One level that is asked: whom, whom not and why, and how many must agree.

    ``people`` have the right; ``deputies`` ({deputy: person}) decide in the name of some of them.
    """

    level: models.Model
    people: models.Model
    left_out: list
    needed: int
    problem: str = None
    deputies: dict = field(default_factory=dict)

    @property
    def asked(self):
        """Who is asked: a deputy instead of the person."""
        away = self.people.browse().union(*self.deputies.values())
        return (self.people - away).union(*self.deputies)


@dataclass
class Verdict:
    """What the policies say to one question: approved by policy, these levels, or nobody can."""

    outcome: str
    matrix: models.Model
    why: str
    asked: list = field(default_factory=list)
    problem: str = None
