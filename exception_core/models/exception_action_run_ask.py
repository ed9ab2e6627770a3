from odoo import _, api, fields, models
from odoo.exceptions import UserError


class ExceptionActionRunAsk(models.Model):
    """Runs that people are asked about because somebody wants it so.

    Also the way on for what is above a limit: limits say what is done without people agreeing.
    """

    _inherit = "exception.action.run"

    asks_people = fields.Boolean(
        "Approval was asked for",
        readonly=True,
        help="Whoever asked for it wants others to agree, though the action does not demand it.",
    )

    def _needs_approval(self):
        """People are asked where somebody wants it, too."""
        return super()._needs_approval() or (self.asks_people and not self.undo_of_id)

    def _want_people(self):
        """Let people agree before proposed runs are carried out."""
        # sudo: runs are written by the model only
        self.sudo().filtered(lambda run: run.state == "proposed")._store({"asks_people": True})


class ExceptionCase(models.Model):
    """Asking for approval from the case."""

    _inherit = "exception.case"

    def request_approval(self, action_id, values=None, reason=None):
        """Ask those who must agree by the policies, and do the action once they have.

        :param action_id: id or code of an ``exception.action``
        :param values: inputs of the action by name
        :param reason: why; those who decide read it
        :return: ``{"run_id", "state", "error", "why"}``
        """
        if not (reason or "").strip():
            raise UserError(_("Say why you ask for it: those who decide read it."))
        return self._run_action(action_id, values, reason, ask=True)

    def action_request_approval(self):
        """Ask what is to be approved, with which inputs; say before who is asked."""
        self.ensure_one()
        return self._open_wizard(
            "exception.action.dialog", _("Request approval"), exception_ask=True
        )


class ExceptionApproval(models.Model):
    """Who would be asked; nothing is written."""

    _inherit = "exception.approval"

    @api.model
    def _would_ask(self, case, action, values):
        """Say whom the policies would ask about an action on a case.

        :return: sentences that name policy, level and people, or why nobody can decide
        """
        # sudo: policies and people are looked at by the model, whoever asks
        approvals = self.sudo()
        question = approvals._question_of(case, action.sudo(), values)
        verdict = approvals.env["exception.approval.matrix"]._judge([question])[0]
        return verdict.problem or verdict.why

    @api.model
    def _question_of(self, case, action, values):
        """Return what would be asked if an action were asked for now; nothing is written.

        :param action: None or empty: approval of something that is no action
        :param dict values: its inputs, checked
        """
        question = self._questions([(case, None)])[0]
        question.action = action
        if not action or action.money == "none":
            return question
        amount, currency = action._money_of(case, values)
        today = fields.Date.context_today(self)
        own = case._to_company_currency(amount, currency, case.company_id, today, {})
        question.asked_amount, question.currency, question.amount = amount, currency, abs(own)
        question.typed = question.typed and action.money == "case"
        return question
