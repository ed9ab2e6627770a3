import logging
from collections import defaultdict

from odoo import _, fields, models
from odoo.tools import SQL

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
        if by_user:
            self.env["exception.case"]._send_mails_soon()
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
