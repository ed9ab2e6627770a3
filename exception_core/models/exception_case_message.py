from odoo import _, api, fields, models
from odoo.tools.misc import format_amount


class ExceptionCaseMessage(models.Model):
    """What messages to people of the desk say of a case."""

    _inherit = "exception.case"

    def _message_row(self, event=None, now=None):
        """Return what a message says of a case: link, amount, since when, and why it comes."""
        self.ensure_one()
        now = now or fields.Datetime.now()
        clock = event.clock_id if event else None
        due = clock.deadline or clock.breached_at if event else self.due_at
        words = ""
        if due and due <= now:
            words = _("since %s", self._local(due, "short"))
        elif due:
            words = _("due %s", self._local(due, "short"))
        return {
            "name": self.name,
            "title": self.title,
            "url": f"/mail/view?model={self._name}&res_id={self.id}",
            "amount": format_amount(self.env, self.amount, self.currency_id) if self.amount else "",
            "severity": dict(self._fields["severity"]._description_selection(self.env))[
                self.severity
            ],
            "owner": self.user_id.name or _("nobody's yet"),
            "due": words,
            "why": self._activity_summary(event.kind, event.level_id.trigger) if event else "",
        }

    def _tell_by_message(self, user, subject, template, values):
        """Send one person a message rendered in their language, by mail or inbox as they chose."""
        # sudo: the address of the database is no secret
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        body = self.env["ir.qweb"]._render(
            template, {**values, "user": user, "base_url": base}, lang=user.lang
        )
        company = user.company_id
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=body,
            email_from=company.email_formatted or self.env.user.email_formatted,
            author_id=self.env.user.partner_id.id,
            email_layout_xmlid="mail.mail_notification_light",
            # the mail queue sends it: no mail server makes the tick wait
            force_send=False,
        )

    @api.model
    def _send_mails_soon(self):
        """Let the mail queue run within a minute: by itself it does so once an hour."""
        self.env["ir.cron"]._exception_soon("mail.ir_cron_mail_scheduler_action")
