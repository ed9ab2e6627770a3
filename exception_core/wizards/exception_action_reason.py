from odoo import _, fields, models

VERBS = [
    ("undo", "Take it back"),
    ("abandon", "Give it up"),
    ("was_done", "It was done"),
    ("was_not_done", "It was not done"),
    ("resume", "Switch it on again"),
]


class ExceptionActionReason(models.TransientModel):
    """Asks why, before a run is taken back, given up, or its outcome is said by hand; and before
    automation that has stopped goes on."""

    _name = "exception.action.reason"
    _inherit = "exception.dialog"
    _description = "Reason for a Decision about Actions"

    run_id = fields.Many2one(
        "exception.action.run", default=lambda self: self.env.context.get("exception_run_id")
    )
    stop_id = fields.Many2one(
        "exception.automation.stop",
        default=lambda self: self.env.context.get("exception_stop_id"),
    )
    verb = fields.Selection(
        VERBS,
        required=True,
        default=lambda self: self.env.context.get("exception_run_verb"),
    )
    changes = fields.Json(related="run_id.changes")
    reason = fields.Text("Why", required=True)

    def action_apply(self):
        """Do what was asked, with the reason."""
        self.ensure_one()
        run, reason = self.run_id, self.reason
        if self.verb == "undo":
            answer = run.undo(reason)
            if answer["why"]:
                return run.case_id._notification(_("Not done yet"), answer["why"], "warning")
        elif self.verb == "resume":
            self.stop_id.resume(reason)
        elif self.verb == "abandon":
            run.abandon(reason)
        else:
            run.say_outcome(self.verb == "was_done", reason)
        return {"type": "ir.actions.act_window_close"}
