from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount

from ..models.exception_approval_turn import ANSWERS

# A dialog names so many requests; the others are counted.
LISTED = 20


class ExceptionApprovalAnswer(models.TransientModel):
    """Shows once what an answer does to one request or many, asks for what it needs, and gives it.

    Each request is answered by itself and as the user: what cannot be answered is skipped, and the
    result says why.
    """

    _name = "exception.approval.answer"
    _inherit = "exception.dialog"
    _description = "Answer Approval Requests"

    answer = fields.Selection(ANSWERS, required=True, default="approve")
    approval_ids = fields.Many2many("exception.approval", string="Requests")
    shown_ids = fields.Many2many(
        "exception.approval", string="About", compute="_compute_shown", compute_sudo=False
    )
    count = fields.Integer(compute="_compute_shown", compute_sudo=False)
    total = fields.Char("Together", compute="_compute_shown", compute_sudo=False)
    comment = fields.Text()
    reason_id = fields.Many2one(
        "exception.reason", "Reason code", domain="[('kind', '=', 'rejection')]"
    )

    @api.depends("approval_ids")
    def _compute_shown(self):
        for dialog in self:
            dialog.shown_ids = dialog.approval_ids[:LISTED]
            dialog.count = len(dialog.approval_ids)
            sums = {}
            for approval in dialog.approval_ids:
                currency = approval.currency_id
                sums[currency] = sums.get(currency, 0.0) + approval.amount
            dialog.total = " + ".join(
                format_amount(self.env, amount, currency) for currency, amount in sums.items()
            )

    def action_apply(self):
        """Answer, and say how many, which not, and why."""
        self.ensure_one()
        more = {}
        if self.answer == "reject":
            more["reason_id"] = self.reason_id.id
        if self.answer == "reject" and not (self.comment or "").strip():
            raise UserError(_("Say why: whoever goes on from here reads it."))
        result = self.approval_ids._answer(self.answer, self.comment, **more)
        return self._show(result)

    def _show(self, result):
        if len(self.approval_ids) == 1:
            if result["skipped"]:
                raise UserError(result["skipped"][0]["reason"])
            message = result["messages"][0]
            cases = self.env["exception.case"]
            return cases._notification(self.approval_ids.name, message, "success")
        labels = {
            "approve": _("Approved"),
            "reject": _("Rejected"),
            "withdraw": _("Withdrawn"),
        }
        return self.env["exception.bulk.result"]._show_approvals(result, labels[self.answer])
