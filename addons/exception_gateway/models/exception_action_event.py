from odoo import fields, models

from .exception_event_write import EventRequest


class ExceptionActionEvent(models.Model):
    """Actions that events ask for are done once for each event."""

    _inherit = "exception.action"

    def _key(self, case, values):
        """Return the key of a request; that of an event is the event's own."""
        request = self.env.context.get("exception_event_request")
        if isinstance(request, EventRequest):
            return f"{self.code}/{request.key}"
        return super()._key(case, values)


class ExceptionActionRunEvent(models.Model):
    """The event that asked for a run; when it is done, what was reported is settled."""

    _inherit = "exception.action.run"

    event_id = fields.Many2one(
        "exception.event", "Asked by event", readonly=True, index="btree_not_null"
    )

    def _ended(self):
        """Clear the case of a run that has put right what its event reported."""
        result = super()._ended()
        if self.event_id and self.state == "done":
            # sudo: the engine clears what it has opened
            case = self.case_id.sudo()
            if case.detector_id.source == "event" and case.condition_active:
                case._clear()
        return result
