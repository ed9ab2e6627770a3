from odoo import models

# What goes on the trail when a run ends in a state.
EVENTS = {
    "done": "action.done",
    "failed": "action.failed",
    "unknown": "action.unknown",
    "undone": "action.undone",
    "abandoned": "action.abandoned",
    "rejected": "action.refused",
}


class ExceptionActionRunAudit(models.Model):
    """What the trail of the case says of its runs: asked, refused, queued, and how each ended."""

    _inherit = "exception.action.run"

    def _audit(self, event, reason=None, before=None, after=None, **data):
        """Write an entry on the trail of the case, in the name of whoever asked."""
        for run in self:
            asked = run.on_behalf_id or run.requested_by
            amount = {"amount": run.amount, "currency": run.currency_id.name} if run.amount else {}
            run.case_id._audit(
                event,
                before=before,
                after=after,
                reason=reason or None,
                on_behalf=asked if asked.id != self.env.uid else None,
                run=run.id,
                action=run.action_id.code,
                automated=run.automated,
                **({"takes_back": run.undo_of_id.id} if run.undo_of_id else {}),
                **amount,
                **data,
            )

    def _queue(self, **vals):
        for run in self:
            run._audit("action.queued", attempts=run.attempts)
        return super()._queue(**vals)

    def _refuse(self, refusal):
        self._audit("action.refused", reason=refusal)
        return super()._refuse(refusal)

    def _hold_back(self, refusal):
        self._audit("action.refused", reason=refusal)
        return super()._hold_back(refusal)

    def _say_end(self):
        result = super()._say_end()
        before, after = (
            {name: kept["value"] for name, kept in (side or {}).items()} or None
            for side in (self.before, self.after)
        )
        reason = self.error if self.state in ("failed", "unknown") else self.reason
        self._audit(
            EVENTS[self.state], reason=reason, before=before, after=after, attempts=self.attempts
        )
        return result
