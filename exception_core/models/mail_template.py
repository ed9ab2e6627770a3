from odoo import _, models
from odoo.exceptions import UserError

# The mail with an approver's link.
LINK_TEMPLATE = "exception_core.mail_template_approval"


class MailTemplate(models.Model):
    """Templates that the desk relies on: approved replies, and the mail with an approver's link.

    Odoo lets every employee edit templates. Whoever could edit that of the link would have it sent
    to themselves, and decide in somebody else's name.
    """

    _inherit = "mail.template"

    def write(self, vals):
        """Write templates; those that the desk relies on not by hand."""
        self._refuse_exception_edit()
        return super().write(vals)

    def unlink(self):
        """Delete templates; those that the desk relies on not by hand."""
        self._refuse_exception_edit()
        return super().unlink()

    def _update_field_translations(self, field_name, translations, digest=None):
        # words in another language are written past ``write``
        self._refuse_exception_edit()
        return super()._update_field_translations(field_name, translations, digest=digest)

    def _refuse_exception_edit(self):
        if self.env.su:
            return
        # sudo: which templates belong to replies is no secret
        replies = self.env["exception.reply"].sudo()
        if replies.search_count([("template_id", "in", self.ids)], limit=1):
            raise UserError(
                _(
                    "This text was approved as a reply template of the exception desk. Make a new "
                    "version there: Exceptions → Configuration → Reply templates."
                )
            )
        link = self.env.ref(LINK_TEMPLATE, raise_if_not_found=False)
        if link and link in self and not self.env.user.has_group("base.group_system"):
            raise UserError(
                _(
                    "This mail carries an approver's own link. Only a system administrator changes "
                    "its template."
                )
            )
