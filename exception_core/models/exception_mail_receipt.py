import logging
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import api, fields, models, tools

_logger = logging.getLogger(__name__)

OUTCOMES = [
    ("failed", "Could not be read"),
    ("opened", "Opened a case"),
    ("followed", "Opened a case after a closed one"),
    ("added", "Added to a case"),
    ("resumed", "Resumed a case"),
    ("reopened", "Re-opened a case"),
    ("refused", "Refused: may not write here"),
    ("automatic", "Ignored: written by a machine"),
    ("own", "Ignored: came from ourselves"),
    ("loop", "Ignored: too many mails"),
]


class ExceptionMailReceipt(models.Model):
    """What became of each mail that reached the desk, also when nothing did.

    The unique Message-Id makes a mail count once: of two deliveries at the same time the second
    waits here for the first, and is dropped when that one has committed.
    """

    _name = "exception.mail.receipt"
    _description = "Exception Mail Received"
    _order = "received_at desc, id desc"
    _rec_name = "subject"

    message_id = fields.Char("Message-Id", required=True, readonly=True)
    received_at = fields.Datetime(
        "Received", required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    email_from = fields.Char("From", readonly=True)
    email_normalized = fields.Char("Sender", readonly=True, index=True)
    email_to = fields.Char("To", readonly=True)
    subject = fields.Char(readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True, default="failed")
    reason = fields.Char(readonly=True, help="What the decision was made by.")
    alias_id = fields.Many2one("exception.team.alias", "Address", readonly=True, index=True)
    case_id = fields.Many2one("exception.case", readonly=True, index="btree_not_null")
    company_id = fields.Many2one("res.company", readonly=True, index=True)

    _sql_constraints = [
        ("message_id_uniq", "unique(message_id)", "This mail has been received already."),
    ]

    @api.model
    def _claim(self, message_dict):
        """Return the row of this mail, empty when the mail was dealt with before.

        A mail that failed before may be tried again.
        """
        message_id = message_dict["message_id"]
        known = self.search([("message_id", "=", message_id)])
        if known:
            return known.filtered(lambda receipt: receipt.outcome == "failed")
        sender = message_dict.get("email_from") or ""
        values = {
            "message_id": message_id,
            "email_from": sender,
            "email_normalized": tools.email_normalize(sender) or sender.lower(),
            "email_to": message_dict.get("to"),
            "subject": message_dict.get("subject"),
        }
        try:
            with tools.mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.create(values)
        except IntegrityError:
            # another delivery of the same mail committed while this one waited
            _logger.info("Mail %s is dealt with by another delivery", message_id)
            return self.browse()

    @api.model
    def _settle(self, message_dict, outcome, case=None, alias=None, reason=None):
        """Note what became of a mail that was claimed; a mail nobody claimed has no row."""
        # sudo: rows are written by the model only
        receipt = self.sudo().search([("message_id", "=", message_dict.get("message_id"))])
        case = case or self.env["exception.case"]
        alias = alias or self.env["exception.team.alias"]
        receipt.write(
            {
                "outcome": outcome,
                "reason": reason or False,
                "case_id": case.id,
                "alias_id": alias.id or case.team_alias_id.id,
                "company_id": (case.company_id or alias.company_id).id,
            }
        )
        return receipt

    @api.model
    def _loop_limits(self):
        """Return (mails, minutes): Odoo's own limits, after which a sender is ignored."""
        number = self.env["ir.config_parameter"]._exception_number
        return number("mail.gateway.loop.threshold", 20), number("mail.gateway.loop.minutes", 120)

    @api.model
    def _count_recent(self, sender, outcome=None):
        """Count what one sender sent within the period of the limit."""
        _threshold, minutes = self._loop_limits()
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        domain = [("email_normalized", "=", sender), ("received_at", ">", since)]
        if outcome:
            domain.append(("outcome", "=", outcome))
        return self.search_count(domain)

    @api.autovacuum
    def _gc_receipts(self):
        """Forget old mails; the messages on the cases stay."""
        number = self.env["ir.config_parameter"]._exception_number
        days = number("exception_core.mail_retention_days", 90)
        limit = fields.Datetime.now() - timedelta(days=days)
        # sudo: nobody deletes receipts by hand
        self.sudo().search([("received_at", "<", limit)], limit=10_000).unlink()
