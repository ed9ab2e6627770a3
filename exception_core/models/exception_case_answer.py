from odoo import _, api, fields, models, tools
from odoo.exceptions import UserError


class ExceptionCaseAnswer(models.Model):
    """Answers that go out from the chatter: to whom, by which address, and what they mean."""

    _inherit = "exception.case"

    customer_name = fields.Char(
        compute="_compute_customer_name", help="How an answer addresses its reader."
    )
    message_out_ids = fields.Many2many(
        "mail.message", string="Answers sent", compute="_compute_message_out_ids"
    )

    @api.depends("partner_id.name", "email_from")
    def _compute_customer_name(self):
        for case in self:
            name, email = tools.parse_contact_from_email(case.email_from or "")
            case.customer_name = case.partner_id.name or name or email or ""

    @api.depends("message_ids")
    def _compute_message_out_ids(self):
        for case in self:
            # sudo: messages of a case that the user reads
            messages = case.message_ids.sudo().filtered(self._is_outside_message)
            case.message_out_ids = messages.sudo(False)

    # ------------------------------------------------------------------
    # what counts as an answer
    # ------------------------------------------------------------------

    @api.model
    def _is_outside_message(self, message):
        """Tell whether one of our people wrote this on a case to somebody outside.

        Notes, what Odoo posts by itself, mails that came in and messages among colleagues do not.
        """
        # sudo: who the author and the recipients are is no secret to who reads the message
        message = message.sudo()
        if message.model != self._name or message.message_type != "comment":
            return False
        if message.is_internal or not message.subtype_id or message.subtype_id.internal:
            return False
        author = message.author_id
        if not author or author.partner_share or author == self.env.ref("base.partner_root"):
            return False
        return any(partner.partner_share for partner in message.partner_ids)

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self._is_outside_message(message):
            # sudo: the user was allowed to post; times are written by the model only
            self.sudo()._mail_answered(message)
        return result

    def _mail_answered(self, message):
        """Stop the clock of the first response, and remember who the sender is."""
        vals = {"needs_answer": False}
        if not self.partner_id and self.email_normalized:
            known = message.partner_ids.filtered(
                lambda partner: partner.email_normalized == self.email_normalized
                and partner.company_id in (self.company_id, self.env["res.company"])
            )
            if known:
                vals["partner_id"] = known[0].id
        self.write(vals)
        # whatever counts as first response besides, an answer always does
        self._stop_clocks("response", fields.Datetime.now())

    def _check_can_update_message_content(self, messages):
        """What went out, or came in, stays as it was."""
        if any(self._is_outside_message(message) for message in messages):
            raise UserError(
                _(
                    "This message was sent to somebody outside: it stays on the case as it was "
                    "sent. Send another one to put it right."
                )
            )
        return super()._check_can_update_message_content(messages)

    # ------------------------------------------------------------------
    # the button
    # ------------------------------------------------------------------

    def action_answer(self):
        """Open Odoo's composer with the customer as recipient and the templates of the type."""
        self.ensure_one()
        self.check_access_rights("write")
        self.check_access_rule("write")
        partner, email = self._answer_recipient()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "name": _("Answer"),
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": partner.ids,
                "default_exception_answer": True,
                "default_exception_email": email,
                "default_exception_can_wait": self.state in ("new", "open", "waiting"),
            },
        }

    def _answer_recipient(self):
        """Return (contact, address): an address that is nobody's yet becomes one on sending."""
        if self.partner_id.email_normalized or not self.email_normalized:
            return self.partner_id, False
        partner = self._mail_partner({"email_from": self.email_from}, self.company_id)
        return partner, False if partner else self.email_from

    def _take_to_answer(self):
        """Whoever answers a case that nobody owns, or begins with one's own, works on it."""
        todo = self.filtered(lambda case: case.state in ("new", "open"))
        todo.filtered(lambda case: not case.user_id).assign_to_me()
        mine = todo.filtered(lambda case: case.user_id == self.env.user and case.state == "new")
        mine.start()

    def _offered_replies(self):
        """Return the approved templates that fit each of these cases, those for its type first."""
        replies = self.env["exception.reply"].search([("state", "=", "approved")])
        for case in self:
            replies = replies.filtered(lambda reply, case=case: reply._fits(case))
        return replies.sorted(lambda reply: (not reply.type_ids, not reply.category_ids))

    def _message_compute_subject(self):
        """Answer under the subject that the sender knows."""
        self.ensure_one()
        if not self.email_from:
            return super()._message_compute_subject()
        return _("Re: %(subject)s (%(case)s)", subject=self.title, case=self.name)

    def _message_get_suggested_recipients(self):
        recipients = super()._message_get_suggested_recipients()
        for case in self:
            if case.partner_id:
                case._message_add_suggested_recipient(
                    recipients, partner=case.partner_id, reason=_("Customer")
                )
            elif case.email_from:
                case._message_add_suggested_recipient(
                    recipients, email=case.email_from, reason=_("Sender")
                )
        return recipients

    # ------------------------------------------------------------------
    # where replies go
    # ------------------------------------------------------------------

    def _notify_get_reply_to(self, default=None):
        """Replies go to the address of the team that works the case."""
        result = super()._notify_get_reply_to(default=default)
        # sudo: the address of a team is no secret
        for case in self.sudo():
            alias = case._answer_alias()
            if alias.alias_email:
                result[case.id] = case._notify_get_reply_to_formatted_email(
                    alias.alias_email, alias.team_id.name, company=case.company_id
                )
        return result

    def _answer_alias(self):
        """Return the address that the mail came to, else the first one of the team."""
        own = self.team_alias_id
        if own and own.team_id == self.team_id:
            return own
        here = self.team_id.alias_ids.filtered(lambda alias: alias.company_id == self.company_id)
        return here[:1] or own

    @api.depends("needs_answer")
    def _compute_next_step(self):
        return super()._compute_next_step()

    def _next_step_closure(self):
        if self.needs_answer:
            return _("Answer the sender")
        return super()._next_step_closure()
