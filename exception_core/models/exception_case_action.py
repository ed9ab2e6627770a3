from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import UserError


class ExceptionCaseAction(models.Model):
    """What can be done about a case, and what was done."""

    _inherit = "exception.case"

    run_ids = fields.One2many("exception.action.run", "case_id", "Actions", readonly=True)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"run_ids"}

    def run_action(self, action_id, values=None, reason=None):
        """Do an action on the case, or ask for the approval that it needs.

        :param action_id: id or code of an ``exception.action``
        :param values: inputs of the action by name
        :return: ``{"run_id", "state", "error", "why", "was_there"}``; the last tells that the run
            was submitted before, because the same key is done once
        :raise UserError: among others, when the same key was asked for with other inputs
        """
        return self._run_action(action_id, values, reason)

    def _run_action(self, action_id, values, reason, ask=False):
        """Propose and submit an action; see ``run_action``.

        :param ask: people are to agree, though the action may not demand it
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
        if not action.is_offered:
            raise UserError(
                _("“%s” is done by playbooks and other actions only, not by hand.", action.name)
            )
        known = action._known_run(self, values)
        run = action._propose(self, values, reason)
        was_there = run == known
        if was_there:
            run._refuse_other_inputs(action._check_values(values or {}))
        submitted = run.state != "proposed"
        if ask:
            run._want_people()
        if was_there and not submitted and self.env.uid != SUPERUSER_ID:
            run._ask_again(reason)
        else:
            run._submit()
        return {**run._answer(), "was_there": submitted}

    def action_do(self):
        """Ask what to do, with which inputs, and say before what it will do."""
        self.ensure_one()
        return self._open_wizard("exception.action.dialog", _("Do something about it"))
