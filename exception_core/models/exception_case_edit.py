from odoo import api, models

from .exception_approval_edit import OF_CASE
from .ir_actions_server import RunningAction


class ExceptionCaseEdit(models.Model):
    """Who changed what is approved along with a case.

    The tracking of the chatter does not do: a client switches it off with a key of its context,
    and its messages can be deleted.
    """

    _inherit = "exception.case"

    def write(self, vals):
        """Write cases; a person who changes what is at stake, or for whom, is noted."""
        person = self._editor() if OF_CASE & vals.keys() else None
        if not person:
            return super().write(vals)
        before = {case.id: case._at_stake() for case in self}
        result = super().write(vals)
        changed = self.filtered(lambda case: case._at_stake() != before[case.id])
        self.env["exception.approval.edit"].with_user(person)._note(changed, creator=True)
        return result

    def _at_stake(self):
        # sudo: compared whoever writes
        case = self.sudo()
        return (case.amount, case.currency_id.id, case.partner_id.id)

    @api.model
    def _editor(self):
        """Return the person who writes in this environment; None when the model does."""
        running = self.env.context.get("exception_running_action")
        if isinstance(running, RunningAction):
            return None if running.run.automated else running.run.requested_by
        return None if self.env.su else self.env.user
