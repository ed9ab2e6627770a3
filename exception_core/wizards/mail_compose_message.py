from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import UserError


class MailComposeMessage(models.TransientModel):
    """Odoo's composer, as the button *Answer…* of a case opens it."""

    _inherit = "mail.compose.message"

    exception_answer = fields.Boolean("Answers a case")
    exception_email = fields.Char(
        "To a new contact",
        help="The sender is not among the contacts yet and is added when the answer is sent.",
    )
    exception_can_wait = fields.Boolean()
    exception_wait = fields.Boolean(
        "Then wait for the answer", help="Lay the case aside until the customer replies."
    )
    exception_wait_days = fields.Integer(
        "Days to wait",
        default=lambda self: self._default_exception_wait_days(),
        help="Without a reply the case comes back to the queue then.",
    )
    exception_template_ids = fields.Many2many(
        "mail.template",
        string="Templates for the case",
        compute="_compute_exception_template_ids",
    )

    @api.model
    def _default_exception_wait_days(self):
        number = self.env["ir.config_parameter"]._exception_number
        return number("exception_core.mail_wait_days", 3)

    @api.depends("model", "res_ids")
    def _compute_exception_template_ids(self):
        self.exception_template_ids = False
        for composer in self.filtered(lambda composer: composer.model == "exception.case"):
            cases = self.env["exception.case"].browse(composer._evaluate_res_ids())
            composer.exception_template_ids = cases._offered_replies().template_id

    def _action_send_mail_comment(self, res_ids):
        if self.model != "exception.case":
            return super()._action_send_mail_comment(res_ids)
        cases = self.env["exception.case"].browse(res_ids)
        if self.exception_answer:
            self._exception_add_recipient(cases)
            cases._take_to_answer()
        messages = super()._action_send_mail_comment(res_ids)
        replies = self.env["exception.reply"]._of_template(self.template_id)
        if replies:
            # sudo: the model notes where an answer came from; users cannot
            messages.sudo().exception_reply_id = replies
        if self.exception_answer and self.exception_wait:
            self._exception_wait(cases)
        return messages

    def _exception_add_recipient(self, cases):
        """Make a contact of a sender who gets an answer; there must be somebody to answer to."""
        if self.exception_email:
            # sudo: agents answer whoever wrote, also without the right to make contacts
            partners = (
                self.env["mail.thread"]
                .sudo()
                ._mail_find_partner_from_emails(
                    [self.exception_email], records=cases.sudo(), force_create=True
                )
            )
            self.partner_ids |= partners[0].sudo(False)
        if not self.partner_ids:
            raise UserError(_("Choose who gets the answer."))

    def _exception_wait(self, cases):
        days = self.exception_wait_days
        if days < 1:
            raise UserError(_("Say for how many days the case waits, for example 3."))
        until = fields.Datetime.now() + timedelta(days=days)
        cases.wait("customer", until, _("Answered: %s", self.subject))
