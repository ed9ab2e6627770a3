from odoo import _, models
from odoo.exceptions import UserError


class MailTemplate(models.Model):
    """The mail templates of approved replies say what was approved."""

    _inherit = "mail.template"

    def write(self, vals):
        """Write templates; those of approved replies change by a new version only."""
        # sudo: which templates belong to replies is no secret
        replies = self.env["exception.reply"].sudo()
        if not self.env.su and replies.search_count([("template_id", "in", self.ids)], limit=1):
            raise UserError(
                _(
                    "This text was approved as a reply template of the exception desk. Make a new "
                    "version there: Exceptions → Configuration → Reply templates."
                )
            )
        return super().write(vals)
