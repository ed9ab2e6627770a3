import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, _, api, models

from .mail_template import LINK_TEMPLATE

_logger = logging.getLogger(__name__)

PATH = "/exception/approval/"


class ExceptionApprovalStep(models.Model):
    """One mail to each person whose turn has come, in their language, with a link of their own.

    The link opens a page; only its buttons decide. The mail is not kept: it is no message of the
    request, which others read, and it is deleted when it is sent, because it holds the link.
    """

    _inherit = "exception.approval.step"

    @api.model
    def _mails_wanted(self):
        # sudo: system parameters are not for users
        params = self.env["ir.config_parameter"].sudo()
        return params.get_param("exception_core.approval_mail") != "no"

    def _mail_asked(self, users):
        """Write to these people that this step waits for them; a failure stops nothing else."""
        self.ensure_one()
        users = users.filtered("email")
        if not users or not self._mails_wanted():
            return
        lasts = timedelta(
            days=self.env["exception.approval"]._approval_number(
                "exception_core.approval_link_days", 7
            )
        )
        try:
            with self.env.cr.savepoint():
                tokens = self.env["exception.approval.token"]._draw(self, users, "mail", lasts)
                for user, token in tokens.items():
                    self._mail_link(user, token)
        except Exception:
            # the request is on their lists all the same
            _logger.exception("Approvers could not be written to: %s", self.approval_id.name)
            return
        self.env["exception.case"]._send_mails_soon()

    def _mail_link(self, user, token):
        # by the machine, whoever asks: who creates a message may read it, and the link with it
        template = self.env.ref(LINK_TEMPLATE).with_user(SUPERUSER_ID)
        approval = self.approval_id._for_person(user)
        values = approval._card_values()
        link = f"{approval.get_base_url()}{PATH}{token}"
        card = (
            self.env["ir.qweb"]
            .with_context(lang=user.lang)
            ._render("exception_core.approval_card", values)
        )
        template.with_context(
            lang=user.lang, tz=user.tz, approval_link=link, approval_card=card
        ).send_mail(
            approval.id,
            email_layout_xmlid="mail.mail_notification_light",
            email_values={
                "recipient_ids": [(6, 0, user.partner_id.ids)],
                "email_to": False,
                "email_cc": False,
                "model": False,
                "res_id": False,
                "auto_delete": True,
                "author_id": self.env.ref("base.partner_root").id,
            },
        )


class ExceptionApproval(models.Model):
    """What the mail and the page of its link show."""

    _inherit = "exception.approval"

    def _for_person(self, user):
        """Return the request as a person reads it: their rights, language, hours and companies."""
        self.ensure_one()
        return self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=user.company_ids.ids
        )

    def _card_values(self):
        """Return what an approver reads of a request, as plain values for a template."""
        self.ensure_one()
        # sudo: whoever is asked is told about the request, whatever else they may open; lists of
        # other requests keep to the rights of the person
        request = self.sudo()
        facts_for, facts_against = request._facts_of()
        company = request.company_currency_id
        return {
            "approval": request,
            "sentence": request._sentence(),
            "amount": request._money(request.amount, request.currency_id),
            "margin": request.margin_change
            and (
                request._money(request.margin_before, company),
                request._money(request.margin_after, company),
            ),
            "inputs": request._inputs(),
            "balance": request.has_open_balance and request._money(request.open_balance, company),
            "overdue": request.overdue_balance and request._money(request.overdue_balance, company),
            "history": request.history,
            "facts_for": facts_for,
            "facts_against": facts_against,
            "changes": request._changes_shown(),
            "documents": request.document_ids.mapped("name"),
            "steps": request.step_ids,
        }

    def _face_note(self):
        """Return what an activity says beside the sentence: how much, why, and what follows."""
        self.ensure_one()
        lines = []
        if self.amount:
            lines.append(self._money(self.amount, self.currency_id))
        if self.margin_change:
            lines.append(
                _(
                    "Margin %(before)s → %(after)s",
                    before=self._money(self.margin_before, self.company_currency_id),
                    after=self._money(self.margin_after, self.company_currency_id),
                )
            )
        if self.reason:
            lines.append(self.reason)
        lines.append(_("When approved: %s", self._when_approved()))
        return Markup("<br/>").join(lines)
