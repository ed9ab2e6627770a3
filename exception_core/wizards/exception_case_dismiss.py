from odoo import _, api, fields, models

# How cases end without being resolved, and the kind of reason that goes with it.
REASON_OF = {"false_alarm": "false_alarm", "accept": "acceptance", "cancel": "cancellation"}


class ExceptionCaseDismiss(models.TransientModel):
    """Ends cases without resolving them: false alarm, accepted risk, or cancelled."""

    _name = "exception.case.dismiss"
    _inherit = "exception.case.wizard"
    _description = "Dismiss Exception Cases"

    how = fields.Selection(
        [
            ("false_alarm", "False alarm: there was nothing wrong"),
            ("accept", "Accept the risk until a date"),
            ("cancel", "Cancel: nobody needs to work on it"),
        ],
        required=True,
        default="false_alarm",
    )
    available_reason_ids = fields.Many2many(
        "exception.reason", compute="_compute_available_reason_ids"
    )
    reason_id = fields.Many2one("exception.reason", domain="[('id', 'in', available_reason_ids)]")
    until = fields.Date(help="Until then the same case is not raised again.")

    @api.depends("how", "case_ids")
    def _compute_available_reason_ids(self):
        for wizard in self:
            wizard.available_reason_ids = wizard._reasons(REASON_OF.get(wizard.how))

    @api.onchange("how")
    def _onchange_how(self):
        if self.reason_id.kind != REASON_OF.get(self.how):
            self.reason_id = False

    def action_apply(self):
        """End the cases in the chosen way."""
        self.ensure_one()
        cases, reason, note = self.case_ids, self.reason_id.id, self.note
        if self.how == "false_alarm":
            result = cases.mark_false_alarm(reason, note)
            return cases._show_result(result, _("Marked as false alarm"))
        if self.how == "accept":
            result = cases.accept_risk(self.until, reason, note)
            return cases._show_result(result, _("Risk accepted"))
        return cases._show_result(cases.cancel_case(reason, note), _("Cancelled"))
