from odoo import _, api, fields, models
from odoo.exceptions import UserError


class ExceptionHoldAsk(models.TransientModel):
    """Asks why a hold is to give way: for those who lift it, or for those who are to agree."""

    _name = "exception.hold.ask"
    _inherit = "exception.case.wizard"
    _description = "Lift Holds or Request Approval"

    how = fields.Selection(
        [("lift", "Lift the hold"), ("approval", "Request approval")],
        required=True,
        default="approval",
    )
    available_reason_ids = fields.Many2many("exception.reason", compute="_compute_available")
    reason_id = fields.Many2one(
        "exception.reason",
        domain="[('id', 'in', available_reason_ids)]",
        help="Kept on the case and on the audit trail, with your name.",
    )
    expires_at = fields.Datetime(
        "Until",
        help="Empty: until the case ends. A material change of the document ends it in any case.",
    )
    go_on = fields.Boolean(
        "Go on at once", default=True, help="Takes the step that was held, for each record."
    )

    @api.depends("case_ids")
    def _compute_available(self):
        for wizard in self:
            wizard.available_reason_ids = wizard._reasons("override")

    def action_apply(self):
        """Lift and go on, or ask for the approval."""
        self.ensure_one()
        if not self.case_ids:
            raise UserError(_("There is no hold that you may see."))
        return self._apply_lift() if self.how == "lift" else self._apply_approval()

    def _apply_lift(self):
        cases = self.case_ids
        result = cases.lift_hold(self.reason_id.id, self.note, self.expires_at)
        lifted = cases.browse(result["done"])
        if result["skipped"] or not self.go_on:
            return cases._show_result(result, _("Lifted"))
        return lifted._go_on() or self._reload()

    def _apply_approval(self):
        if not (self.note or "").strip():
            raise UserError(_("Say why it should go on: those who decide read it."))
        refused = []
        holding = self.case_ids.filtered("is_holding")
        for case in holding:
            answer = case.run_action("release_hold", reason=self.note)
            if answer["state"] == "proposed" and answer["why"]:
                refused.append(answer["why"])
        # sudo: whoever asks is told why nobody can decide
        requests = holding.sudo()._open_approvals()
        refused += requests.filtered(lambda one: one.state == "blocked").mapped("problem")
        if refused:
            title = _("Nobody could be asked")
            action = self.case_ids._notification(title, " ".join(refused), "warning")
            action["params"]["next"] = self._reload()
            return action
        title = _("Approval requested")
        message = _("It goes on as soon as those who must agree have agreed.")
        action = self.case_ids._notification(title, message, "success")
        action["params"]["next"] = self._reload()
        return action

    @api.model
    def _reload(self):
        return {"type": "ir.actions.client", "tag": "soft_reload"}
