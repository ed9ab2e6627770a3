import logging

from odoo import models, tools

from .exception_delivery_outbox import Happening

_logger = logging.getLogger(__name__)
# What is told of a note at most.
NOTE_LENGTH = 10_000


class ExceptionCaseOutbox(models.Model):
    """What is told of a case beside what its trail says: events of playbooks, and notes."""

    _inherit = "exception.case"

    def _emit(self, event, payload):
        """Send an event of a playbook to whoever asked for it, and keep it on the case."""
        result = super()._emit(event, payload)
        step = {"event": event, "name": payload.get("step")}
        self.env["exception.delivery"]._put_out(
            [Happening("step.reached", case.id, {"step": step}) for case in self]
        )
        return result

    def _message_post_after_hook(self, message, msg_vals):
        """Tell notes and messages on the case to whoever asked for them."""
        result = super()._message_post_after_hook(message, msg_vals)
        deliveries = self.env["exception.delivery"]
        if message.message_type in ("comment", "email") and deliveries._wanted("case.noted"):
            # sudo: only what the subscriptions ask for is read of it
            note = message.sudo()
            text = tools.html2plaintext(note.body or "").strip()[:NOTE_LENGTH]
            data = {
                "note": {
                    "id": note.id,
                    "internal": note.is_internal or note.subtype_id.internal,
                    "text": text,
                }
            }
            if text:
                deliveries._put_out([Happening("case.noted", case.id, data) for case in self])
        return result


class ExceptionSlaClock(models.Model):
    """Promises that are nearly or fully over are told to whoever asked for it."""

    _inherit = "exception.sla.clock"

    def _store(self, rows):
        """Store clocks that were planned anew; a promise may be broken by that."""
        deliveries = self.env["exception.delivery"]
        if not self or not deliveries._wanted("sla.breached"):
            return super()._store(rows)
        before = self.filtered("breached_at")
        result = super()._store(rows)
        (self.filtered("breached_at") - before)._marked("breached")
        return result

    def _marked(self, mark):
        super()._marked(mark)
        name = f"sla.{mark}"
        deliveries = self.env["exception.delivery"]
        if not deliveries._wanted(name):
            return
        deliveries._put_out(
            [
                Happening(
                    name,
                    clock.case_id.id,
                    {"promise": {"kind": clock.kind, "due": f"{clock.deadline.isoformat()}Z"}},
                )
                for clock in self
            ]
        )
