from odoo import _, api, models

from .exception_case_work import WORKABLE


class ExceptionCaseStepWait(models.Model):
    """Steps that wait for an answer, an event or a time; the case waits with them."""

    _inherit = "exception.case.step"

    def _do_wait(self, now):
        self._hold()
        self._look_wait(now)
        if self.state == "waiting":
            self._begin_case_wait()

    def _look_wait(self, now):
        """Take an event that came for this step, the oldest first."""
        kind = self.settings.get("wait_for")
        if kind not in ("reply", "event"):
            return
        # an answer counts from when it was waited for; an event from when the playbook began
        since = self.started_at if kind == "reply" else self.play_id.started_at
        event = self._take_event(kind, since, self.settings.get("event_name"))
        if event:
            self._finish("done", self._event_words(event))
            self._end_case_wait()

    def _take_event(self, kind, since, name=None):
        """Take the oldest event of this kind that no step has taken."""
        events = self.env["exception.play.event"].search(
            [
                ("play_id", "=", self.play_id.id),
                ("step_id", "=", False),
                ("kind", "=", kind),
                ("at", ">=", since),
            ]
        )
        found = events.filtered(lambda event: not name or event.name == name)[:1]
        found.step_id = self
        return found

    @api.model
    def _event_words(self, event):
        if event.kind == "reply":
            return _("answered by %s", event.name or _("mail"))
        return _("received: %s", event.name)

    def _begin_case_wait(self):
        """Let the case wait, too, so that everybody sees it and its clocks rest."""
        case = self.case_id
        if case.state not in WORKABLE:
            return
        whom = self.settings.get("waiting_for") or "internal"
        if self.settings.get("wait_for") == "time":
            whom = "date"
        case.write(
            {
                "state": "waiting",
                "waiting_for": whom,
                "waiting_until": self.due_at,
                "waiting_note": self.name,
            }
        )

    def _end_case_wait(self):
        """Go on with the case if it waits for this step."""
        case = self.case_id
        if case.state == "waiting" and case.waiting_note == self.name:
            case._resume()
