import logging
from collections import defaultdict

from odoo import _, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount

_logger = logging.getLogger(__name__)

# A message lists so many cases, the most urgent first; the others are counted.
LISTED = 50


class ExceptionEscalationMessage(models.Model):
    """One message a person for everything that has escalated to them since the last one."""

    _inherit = "exception.escalation.event"

    def _send_messages(self, now):
        """Tell everybody what escalated to them: one message each, however many cases.

        What is still to be told is read from the log, so that nothing is lost when a process
        ends between a batch and its messages.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM exception_escalation_event WHERE told_at IS NULL"
                " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
            )
        )
        events = self.browse(row[0] for row in self.env.cr.fetchall())
        by_user = defaultdict(self.browse)
        for event in events:
            for user in event.user_ids:
                by_user[user] |= event
        for user, told in by_user.items():
            try:
                with self.env.cr.savepoint():
                    told._send_message(user, now)
            except Exception:
                # the activities are there; whoever comes next must get theirs
                _logger.exception("%s could not be told of escalations", user.login)
        events.write({"told_at": now})

    def _send_message(self, user, now):
        env = self.env(context={**self.env.context, "lang": user.lang, "tz": user.tz})
        events = self.with_env(env)
        by_case = events.grouped("case_id")
        cases = (
            env["exception.case"]
            .union(*by_case)
            .sorted(lambda case: (case.severity, case.date_due or fields.Datetime.now(), case.id))
        )
        self.env["exception.case"].with_env(env)._tell_by_message(
            user,
            _("%s exceptions need you", len(cases)) if len(cases) > 1 else cases.display_name,
            "exception_core.escalation_message",
            {
                "rows": [
                    case._message_row(by_case[case].sorted("due_at")[-1], now)
                    for case in cases[:LISTED]
                ],
                "more": max(len(cases) - LISTED, 0),
            },
        )


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
