from odoo import _lt, api, models
from odoo.tools import SQL

AUDIT_EVENTS = [
    ("event.received", _lt("Event from outside")),
    ("event.late", _lt("Event came late")),
]
# About events themselves; on the trail of the configuration.
REPLAYED = [("event.replayed", _lt("Event replayed"))]


class ExceptionEventLink(models.Model):
    """Each event is on the cases that it has touched, and on their trail."""

    _inherit = "exception.event"

    def _link_cases(self, works):
        """Link events with their cases, and write it down: three statements for all."""
        pairs = [
            (work, case_id, "event.received") for work in works for case_id in sorted(work.case_ids)
        ] + [
            (work, case_id, "event.late")
            for work in works
            for case_id in sorted(work.late_case_ids - work.case_ids)
        ]
        if not pairs:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO exception_case_event_rel (event_id, case_id) VALUES %s"
                " ON CONFLICT DO NOTHING",
                SQL(", ").join(SQL("(%s, %s)", work.event.id, case) for work, case, _e in pairs),
            )
        )
        cases = self.env["exception.case"].browse({case_id for _work, case_id, _event in pairs})
        cases.invalidate_recordset(["event_ids"], flush=False)
        entries = self.env["exception.audit.entry"]
        for event, _label in AUDIT_EVENTS:
            subjects = [
                {
                    **cases.browse(case_id)._audit_subject(),
                    "data": entries._plain_text(self._event_words(work), None),
                }
                for work, case_id, kind in pairs
                if kind == event
            ]
            if subjects:
                entries._append(event, subjects)

    @api.model
    def _event_words(self, work):
        """Return what the trail of a case says of an event."""
        event = work.event
        return {
            "event": work.form["what"],
            "event_id": event.id,
            "endpoint": event.endpoint_id.name,
            "reference": work.form["reference"] or "",
            "contract": work.contract.display_name,
        }


class ExceptionAuditEventsOutside(models.Model):
    """What outside systems report is on the trail of the case that it is about."""

    _inherit = "exception.audit.entry"

    @api.model
    def _audit_events(self):
        """Return the events of the trail with those of the gateway."""
        return [*super()._audit_events(), *AUDIT_EVENTS, *REPLAYED]
