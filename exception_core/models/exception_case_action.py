from odoo import _, fields, models
from odoo.exceptions import UserError


class ExceptionCaseAction(models.Model):
    """What can be done about a case, and what was done."""

    _inherit = "exception.case"

    run_ids = fields.One2many("exception.action.run", "case_id", "Actions", readonly=True)

    def run_action(self, action_id, values=None, reason=None):
        """Do an action on the case, or ask for the approval that it needs.

        :param action_id: id or code of an ``exception.action``
        :param values: inputs of the action by name
        :return: ``{"run_id", "state", "error", "why"}``
        """
        self.ensure_one()
        self.check_access_rights("write")
        self.check_access_rule("write")
        actions = self.env["exception.action"]
        if isinstance(action_id, str):
            action = actions.search([("code", "=", action_id)], limit=1)
        else:
            action = actions.browse(action_id).exists()
        if not action:
            raise UserError(_("This action does not exist any more. Choose another one."))
        action.check_access_rule("read")
        run = action._propose(self, values, reason)
        run._submit()
        return {"run_id": run.id, "state": run.state, "error": run.error, "why": run.why}
