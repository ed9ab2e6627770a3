from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..tools.uninstall import unclaimed

# What a message says, to whom, and on which case.
AS_SENT = {
    "body",
    "subject",
    "date",
    "model",
    "res_id",
    "author_id",
    "email_from",
    "message_type",
    "subtype_id",
    "is_internal",
    "partner_ids",
    "attachment_ids",
    "message_id",
}


class MailMessage(models.Model):
    """Messages between the desk and the world stay as they were sent."""

    _inherit = "mail.message"

    exception_reply_id = fields.Many2one(
        "exception.reply",
        "Reply template",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The version of the template that this answer was made from.",
    )

    @api.model_create_multi
    def create(self, values_list):
        """Create messages; which template one came from is said by the model only."""
        if not self.env.su and any(values.get("exception_reply_id") for values in values_list):
            raise UserError(_("The template of an answer is noted when it is sent."))
        return super().create(values_list)

    def write(self, vals):
        """Write messages; what was sent to the outside, or came from there, is not changed."""
        if not self.env.su and (AS_SENT | {"exception_reply_id"}) & vals.keys():
            self._refuse_exception_evidence("exception_reply_id" in vals)
        return super().write(vals)

    def unlink(self):
        """Delete messages; what was sent to the outside, or came from there, stays."""
        return super(MailMessage, unclaimed(self)).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_exception_evidence(self):
        if not self.env.su:
            self._refuse_exception_evidence(False)

    def _refuse_exception_evidence(self, always):
        cases = self.env["exception.case"]
        # sudo: only the kind of the messages is read
        for message in self.sudo():
            if message.model != "exception.case":
                continue
            if always or message.message_type == "email" or cases._is_outside_message(message):
                raise UserError(
                    _(
                        "Messages of a case to or from the outside stay as they were sent. Send "
                        "another one to put it right."
                    )
                )
