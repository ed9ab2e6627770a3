import logging

from odoo import _, api, models

from ..tools import event_json
from ..tools.event_work import Work
from ..tools.outcome import Outcome
from ..tools.refused import Refused

_logger = logging.getLogger(__name__)

LONGEST_REASON = 500


class ExceptionEventUnderstand(models.Model):
    """From stored messages to what follows from them, a batch at a time.

    The stages are files of their own: reading by contract (``_read_message``), duplicates and order
    (``_order``), the record (``_match``), what follows (``_react``). None of them writes before
    ``_react`` but the table of the newest message of each subject. What cannot be understood is a
    dead letter with a reason; what raises is taken back by the drain and tried singly.
    """

    _inherit = "exception.event"

    def _understand(self):
        """Understand these events and do what follows from them.

        :return: {event id: Outcome}
        """
        # sudo: the machine reads and opens for all companies; texts are kept in one language
        events = self.sudo().with_context(lang="en_US", tz="UTC", bin_size=False)
        works = [Work(event, event.company_id) for event in events.sorted("id")]
        events._read_works(works)
        events._drop_duplicates(works)
        events._put_in_order(works)
        events._find_records(works)
        events._decide_unmatched(works)
        events._react(works)
        events._link_cases(works)
        return {work.event.id: work.outcome or self._conclude(work) for work in works}

    @api.model
    def _conclude(self, work):
        """Return the outcome of a work that went all the way."""
        reason = " ".join(work.said)[:LONGEST_REASON] or None
        state = "done" if work.effect else "ignored"
        return Outcome(state, reason, self._known_values(work))

    @api.model
    def _known_values(self, work):
        """Return the columns that say what was understood."""
        values = {}
        if work.contract:
            values.update(contract_id=work.contract.id, contract_version=work.contract.number)
        if work.kind:
            values["name"] = work.kind[:128]
        if work.form:
            model, res_id = (work.record._name, work.record.id) if work.record else (None, None)
            values.update(
                reference=work.form["reference"]
                or next(iter(work.form["references"].values()), None),
                subject=work.subject,
                ordering_key=None if work.order is None else str(work.order),
                occurred_at=self._moment(work),
                res_model=model,
                res_id=res_id,
                partner_id=work.partner_id,
            )
        return values

    @api.model
    def _end(self, work, state, reason, **values):
        """End a work: nothing more follows from it."""
        known = self._known_values(work)
        work.outcome = Outcome(state, str(reason)[:LONGEST_REASON], {**known, **values})

    # ------------------------------------------------------------------
    # reading
    # ------------------------------------------------------------------

    def _read_works(self, works):
        """Read what the messages say, by the contracts of their endpoints."""
        contracts = self._contracts_of(works)
        digits = self._currency_digits()
        split = []
        for work in works:
            try:
                event = work.event
                work.headers = event.headers or {}
                work.kind = event.name or ""
                work.payload = event_json.parse(event._content())
                items = self._read_work(work, contracts.get(event.endpoint_id, []), digits)
                if items is not None:
                    split.append((work, items))
            except Refused as refused:
                self._end(work, "dead", refused)
        self._split_works(split)

    @api.model
    def _contracts_of(self, works):
        """Return {endpoint: its active contracts, in order}."""
        found = {}
        for work in works:
            endpoint = work.event.endpoint_id
            if endpoint not in found:
                found[endpoint] = endpoint.contract_ids.filtered(
                    lambda one, company=endpoint.company_id: one.state == "active"
                    and one.company_id in (company, one.company_id.browse())
                ).sorted(lambda one: (one.sequence, one.code))
        return found

    @api.model
    def _currency_digits(self):
        currencies = self.env["res.currency"].with_context(active_test=False).search([])
        return {one.name: one.decimal_places for one in currencies}

    @api.model
    def _read_work(self, work, contracts, digits):
        """Choose the contract and read the message by it.

        :return: its items, when it has several that become events of their own; else None
        :raise Refused: why it cannot be understood
        """
        if work.event.parent_id:
            contracts = [one for one in contracts if one.items_path]
        else:
            for contract in contracts:
                if items := contract._items(work.payload, work.headers):
                    work.contract = contract
                    return items
            contracts = [one for one in contracts if not one.items_path]
        kinds = set()
        for contract in contracts:
            kind = contract._kind(work.payload, work.headers, work.kind)
            if contract._is_for(kind, work.payload, work.headers):
                work.contract, work.kind = contract, kind
                contract._read_message(work, digits)
                return None
            kinds.add(kind)
        work.kind = max(kinds, key=len, default=work.kind)
        raise Refused(
            _("No active contract of this endpoint is for “%(kind)s”."), kind=work.kind or "?"
        )

    def _split_works(self, split):
        """Make an event of each item of messages that have several."""
        rows = []
        for work, items in split:
            rows += work.event._item_rows(items)
            self._end(work, "done", _("Has %s items; each is an event of its own.", len(items)))
        self._store_rows(rows)
