from odoo import fields, models


class ExceptionApprovalHand(models.TransientModel):
    """Asks who decides one request in the name of whoever is asked."""

    _name = "exception.approval.hand"
    _inherit = "exception.dialog"
    _description = "Hand a Request on"

    approval_id = fields.Many2one("exception.approval", "Request", required=True)
    user_id = fields.Many2one(
        "res.users",
        "To",
        required=True,
        domain=lambda self: [
            ("groups_id", "in", self.env.ref("exception_core.group_approver").ids),
            ("id", "!=", self.env.uid),
        ],
    )
    comment = fields.Text(help="What they should know. Kept on the audit trail.")

    def action_apply(self):
        """Hand the request on."""
        self.ensure_one()
        self.approval_id.delegate(self.user_id.id, self.comment)
        return {"type": "ir.actions.act_window_close"}
