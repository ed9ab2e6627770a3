from odoo import _, api, fields, models
from odoo.exceptions import UserError


class ExceptionVersionedWaiting(models.AbstractModel):
    """What the form of a configured record shows of a change that waits."""

    _inherit = "exception.versioned"

    is_waiting = fields.Boolean("A change waits", compute="_compute_waiting")
    waiting_author = fields.Char("Asked by", compute="_compute_waiting")
    waiting_reason = fields.Char("Because", compute="_compute_waiting")
    waiting_difference = fields.Html(compute="_compute_waiting", sanitize=False)
    waiting_look = fields.Char("What is shown", compute="_compute_waiting")
    waiting_why_not = fields.Char("Why you cannot agree", compute="_compute_waiting")
    waiting_can = fields.Selection(
        [("agree", "Agree"), ("compare", "Compare anew"), ("explain", "Say why"), ("none", "Wait")],
        "What you can do about it",
        compute="_compute_waiting",
    )
    waiting_can_withdraw = fields.Boolean(compute="_compute_waiting")

    @api.depends_context("uid", "lang", "tz")
    def _compute_waiting(self):
        waiting, user = self.env["exception.config.change"]._waiting_for(self), self.env.user
        nothing = self.env["exception.config.change"]
        for record in self:
            change = waiting.get(record.id, nothing)
            record.is_waiting = bool(change)
            record.waiting_author = change.author_name
            record.waiting_reason = change.reason
            record.waiting_difference = change.difference
            record.waiting_look = change.look
            record.waiting_why_not = bool(change) and change._refuse_agreement(user)
            record.waiting_can = change._next_step(user)
            record.waiting_can_withdraw = bool(change) and not change._refuse_withdrawal(user)

    def _waiting_change(self):
        """Return the change that waits, as the user."""
        self.ensure_one()
        changes = self.env["exception.config.change"]
        change = changes._waiting_for(self).get(self.id)
        if not change:
            raise UserError(_("No change of “%s” waits any more.", self.display_name))
        return change.with_env(self.env)

    def action_agree_change(self):
        """Agree to the change that waits for this record."""
        return self._waiting_change().action_agree()

    def action_withdraw_change(self):
        """Withdraw the change that waits for this record."""
        return self._waiting_change().action_withdraw()

    def action_compare_change(self):
        """Work out anew what the change that waits would change."""
        return self._waiting_change().action_compare_anew()

    def action_explain_change(self):
        """Say why the change that waits is asked."""
        return self._waiting_change().action_explain()
