"""Endpoints of the vendors with all their shipped contracts."""

from .event_common import EventCommon
from .scheme_common import ADYEN, EASYPOST, SHOPIFY, STRIPE

CASES = {"stripe": STRIPE, "shopify": SHOPIFY, "easypost": EASYPOST, "adyen": ADYEN}


class VendorCommon(EventCommon):
    """One endpoint a vendor, and what became of its messages."""

    @classmethod
    def setUpClass(cls):
        """Make the endpoints, and one for the suite's own form."""
        super().setUpClass()
        contracts = cls.env["exception.event.contract"].search([("state", "=", "active")])
        cls.vendor = {
            name: cls._create_endpoint(
                contracts.filtered(lambda one, prefix=f"{name}.": one.code.startswith(prefix)),
                case.secret,
                name=name,
                scheme=name,
                signature_header=False,
            )
            for name, case in CASES.items()
        }
        cls.generic = cls._create_endpoint(
            contracts.filtered(lambda one: one.code == "exception.v1"), name="generic"
        )

    def _tell(self, vendor, kind, content):
        """Let a message of a vendor come in and be understood; return its event.

        :return: the event that was understood: of several items, the first
        """
        event = self._push(content, self.vendor[vendor], name=kind)
        return self._item_of(event)

    def _tell_all(self, samples):
        """Let samples come in and be understood in one batch; return their events in order."""
        events = self.env["exception.event"]
        for sample in samples:
            endpoint = self.vendor[sample.vendor]
            events |= self._store(sample.content, endpoint, name=sample.kind)
        self._understand(events)
        children = events.child_ids
        if children:
            self._understand(children)
        return [event.child_ids[:1] or event for event in events]

    def _item_of(self, event):
        if event.child_ids:
            self._understand(event.child_ids)
            return event.child_ids[:1]
        return event

    def _cases_of(self, event, only_open=True):
        """Return the codes of the detectors whose cases an event has opened or met."""
        cases = event.case_ids.filtered("is_open") if only_open else event.case_ids
        return set(cases.detector_id.mapped("code"))
