from datetime import timedelta

from odoo import _, api, models
from odoo.exceptions import AccessError, UserError

MIDDLEWARE = "exception_core.group_middleware"


class ExceptionApproval(models.Model):
    """Decisions that middleware brings: with a token for one request and one person.

    Nobody's login or API key has to live in the middleware. Its technical user may call
    ``decide_by_token`` and nothing else of the suite.
    """

    _inherit = "exception.approval"

    def draw_decision_token(self, user_id=None):
        """Return a token with which middleware may bring one person's decision once.

        It is shown here and never again. Approvers draw it for themselves. A middleware draws it
        for whoever is asked only where the settings say so: it is then trusted to know the person
        who answers.

        :param user_id: who decides with it; default: the current user
        :raise UserError: the person is not asked, or must not decide
        :raise AccessError: drawing for others is not allowed
        """
        self.ensure_one()
        user = self.env["res.users"].browse(user_id or self.env.uid)
        request = self._for_drawing(user)
        step = request._step_of(user)
        if refusal := step._refuse_now(user):
            raise UserError(refusal)
        lasts = timedelta(hours=self._token_hours())
        tokens = self.env["exception.approval.token"]._draw(step, user, "middleware", lasts)
        request._audited("approval.drawn", on_behalf=user)
        return tokens[user]

    def _for_drawing(self, user):
        """Return the request as superuser if the current user may draw a token for ``user``."""
        if user == self.env.user:
            self.check_access_rights("read")
            self.check_access_rule("read")
        elif not (self._middleware_draws() and self.env.user.has_group(MIDDLEWARE)):
            raise AccessError(
                _(
                    "A decision token is drawn by the person who decides. Middleware may draw it "
                    "for them only if the settings allow that (Exceptions → Configuration → "
                    "Settings → Approvals)."
                )
            )
        elif self.env.user == self.sudo().requested_by:  # sudo: only who asked is read
            raise AccessError(_("Whoever asks for an approval does not bring the answer."))
        # sudo: access was checked above
        return self.sudo()

    @api.model
    def decide_by_token(self, token, decision, comment=None):
        """Decide a request as the person whom a token names; for technical users of middleware.

        All checks of the person's own click are made for that person. The decision and the audit
        trail name both: who decided, and who brought it.

        :param token: as :meth:`draw_decision_token` returned it; it is good once
        :param decision: ``approve`` or ``reject``
        :param comment: required when rejecting
        :return: ``{"request", "state", "message"}``, the state after the decision
        """
        if not self.env.user.has_group(MIDDLEWARE):
            raise AccessError(
                _("Only technical users of the group “Middleware” bring decisions with a token.")
            )
        row = self.env["exception.approval.token"]._find(token, "middleware")
        if not row:
            raise UserError(_("This is no decision token of this database."))
        if self.env.user == row.approval_id.requested_by:
            raise AccessError(_("Whoever asks for an approval does not bring the answer."))
        result = row._use(decision, comment, carrier=self.env.user)
        row.approval_id._audited("approval.brought", on_behalf=row.user_id)
        return {"request": row.approval_id.name, **result}

    @api.model
    def _token_hours(self):
        return self._approval_number("exception_core.approval_token_hours", 72)

    @api.model
    def _middleware_draws(self):
        # sudo: system parameters are not for users
        params = self.env["ir.config_parameter"].sudo()
        return params.get_param("exception_core.approval_middleware_draws") == "yes"

    @api.model
    def _approval_number(self, parameter, default):
        # sudo: system parameters are not for users
        value = self.env["ir.config_parameter"].sudo().get_param(parameter)
        return int(value) if value and value.isdigit() else default
