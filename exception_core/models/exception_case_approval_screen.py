from odoo import api, fields, models

from .exception_approval import OPEN


class ExceptionCase(models.Model):
    """What the screens of a case show of its requests."""

    _inherit = "exception.case"

    approval_my_turn = fields.Boolean(
        "Waits for my decision", compute="_compute_approval_screen", compute_sudo=False
    )
    approval_may_withdraw = fields.Boolean(compute="_compute_approval_screen", compute_sudo=False)

    @api.depends("approval_ids.state")
    @api.depends_context("uid")
    def _compute_approval_screen(self):
        for case in self:
            waiting = case._waiting_approvals()
            case.approval_my_turn = any(one.my_turn and not one.my_refusal for one in waiting)
            case.approval_may_withdraw = any(one.may_withdraw for one in waiting)

    def _waiting_approvals(self):
        """Return the requests under decision, as the user may read them."""
        return self.approval_ids.filtered(lambda one: one.state in OPEN)

    def action_open_approvals(self):
        """Open the request under decision; several, or all ended ones, as a list."""
        self.ensure_one()
        waiting = self._waiting_approvals()
        shown = waiting or self.approval_ids
        if len(shown) == 1:
            return shown._open_request()
        return shown._open_requests(self.display_name)

    def action_withdraw_approval(self):
        """Ask why, then take back what waits for a decision."""
        return self._waiting_approvals().action_withdraw()
