from odoo import _, api, fields, models, tools

DESCRIPTION_LENGTH = 2000
TITLE_LENGTH = 200
# Somebody outside was asked: their mail ends the wait.
WAITS_OUTSIDE = ("customer", "supplier", "carrier")


class ExceptionCaseMail(models.Model):
    """Mails that come in: they open cases, wake waiting ones and re-open resolved ones.

    What is not meant for a case never comes here (``exception_case_mail_route``); answers are in
    ``exception_case_answer``.
    """

    _inherit = "exception.case"

    email_from = fields.Char(
        "Mail from", readonly=True, copy=False, help="The sender of the mail that opened the case."
    )
    email_normalized = fields.Char(
        "Mail address of the sender", readonly=True, copy=False, index="btree_not_null"
    )
    team_alias_id = fields.Many2one(
        "exception.team.alias",
        "Mail address",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The address of the desk that the mail was sent to.",
    )
    needs_answer = fields.Boolean(
        "Waits for our answer",
        readonly=True,
        copy=False,
        help="Somebody outside wrote last, and has no answer yet.",
    )
    mail_received_at = fields.Datetime("Last mail received", readonly=True, copy=False)

    @api.model
    def _protected_fields(self):
        names = {"email_from", "email_normalized", "team_alias_id", "needs_answer"}
        return super()._protected_fields() | names | {"mail_received_at"}

    # ------------------------------------------------------------------
    # a new mail
    # ------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Open the case of a mail. What the address gives wins over what the mail says.

        :param custom_values: ``team_alias_id`` and ``recurrence_of_id`` of the route; default
            values that somebody wrote on the alias are not taken, they would go past the checks
        """
        given = custom_values or {}
        alias = self.env["exception.team.alias"].browse(given.get("team_alias_id") or ()).exists()
        before = self.browse(given.get("recurrence_of_id") or ()).exists()
        case = super().message_new(msg_dict, self._mail_case_values(msg_dict, alias, before))
        if before:
            before._note(_("A mail came after the case was closed. It goes on in %s.", case.name))
            case._note(_("The sender answers to %s, which is closed.", before.name))
        outcome = "followed" if before else "opened"
        self.env["exception.mail.receipt"]._settle(msg_dict, outcome, case, alias)
        return case

    @api.model
    def _mail_case_values(self, msg_dict, alias, before):
        """Return the values of the case of a new mail."""
        kind = before.type_id or alias.type_id or alias._default_type()
        company = before.company_id or alias.company_id or self.env.company
        partner = self._mail_partner(msg_dict, company) or before.partner_id
        now = fields.Datetime.now()
        sent = fields.Datetime.to_datetime(msg_dict.get("date")) or now
        title = " ".join((msg_dict.get("subject") or "").split())[:TITLE_LENGTH]
        text = tools.html2plaintext(msg_dict.get("body") or "").strip()
        return {
            # mail.thread would take the subject for the reference
            "name": self._next_names(1)[0],
            "title": title or _("Mail without a subject"),
            "description": text[:DESCRIPTION_LENGTH],
            "type_id": kind.id,
            "team_id": (before.team_id or alias.team_id or kind.team_id).id,
            "company_id": company.id,
            "partner_id": partner.id,
            "channel_id": self._mail_channel().id,
            "occurred_at": min(sent, now),
            "email_from": msg_dict.get("email_from"),
            "email_normalized": self._mail_sender(msg_dict),
            "team_alias_id": alias.id,
            "recurrence_of_id": before.id,
            "mail_received_at": now,
            "needs_answer": not self._mail_is_internal(msg_dict),
        }

    @api.model
    def _mail_channel(self):
        """Return the channel "E-mail", unless it was deleted."""
        channel = self.env.ref("exception_core.channel_email", raise_if_not_found=False)
        return channel or self.env["exception.channel"]

    @api.model
    def _mail_partner(self, msg_dict, company):
        """Return the contact that a mail's sender is; nobody is made up for a new address.

        A colleague who passes something on is not the customer.
        """
        partners = self.env["res.partner"]
        if self._mail_is_internal(msg_dict):
            return partners
        author = partners.browse(msg_dict.get("author_id") or ()).exists()
        if author and author.company_id in (company, self.env["res.company"]):
            return author
        return partners.search(
            [
                ("email_normalized", "=", self._mail_sender(msg_dict)),
                ("company_id", "in", (False, company.id)),
            ],
            order="company_id, id",
            limit=1,
        )

    @api.model
    def _mail_is_internal(self, msg_dict):
        """Tell whether a mail's sender is one of our own people."""
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or ()).exists()
        # sudo: only whether the author is an employee is read
        return bool(author) and not author.sudo().partner_share

    # ------------------------------------------------------------------
    # a reply
    # ------------------------------------------------------------------

    def message_update(self, msg_dict, update_vals=None):
        """Take note of a reply: a case that waited for it goes on."""
        self.check_access_rights("write")
        self.check_access_rule("write")
        result = super().message_update(msg_dict, update_vals)
        for case in self:
            # sudo: access was checked above; states and times are written by the model only
            outcome = case.sudo()._mail_received(msg_dict)
            self.env["exception.mail.receipt"]._settle(msg_dict, outcome, case)
        return result

    def _mail_received(self, msg_dict):
        """Put the case back to work where the reply asks for it.

        :return: what became of the mail, a key of the receipts' outcomes
        """
        internal = self._mail_is_internal(msg_dict)
        self.write({"mail_received_at": fields.Datetime.now()})
        if not internal:
            self.write({"needs_answer": True})
        sender = msg_dict.get("email_from") or ""
        if self.state == "resolved" and not internal:
            return self._mail_reopen(sender)
        if self.state == "waiting" and self._mail_ends_wait(internal):
            self.resume()
            self._note(_("Resumed: %s answered by mail.", sender))
            return "resumed"
        return "added"

    def _mail_ends_wait(self, internal):
        """Whoever was waited for is on one side: outside, or a colleague."""
        return self.waiting_for == "internal" if internal else self.waiting_for in WAITS_OUTSIDE

    def _mail_reopen(self, sender):
        if rival := self._open_rivals().get(self.id):
            self._note(
                _(
                    "%(sender)s answered by mail. The case stays resolved, because %(rival)s is "
                    "open for the same problem.",
                    sender=sender,
                    rival=rival,
                )
            )
            return "added"
        self.reopen(_("Re-opened: %s answered by mail.", sender))
        return "reopened"

    def _message_receive_bounce(self, email, partner):
        """Say on the case that an answer did not arrive: it would wait for ever."""
        for case in self:
            case._note(_("Our mail to %s could not be delivered.", email))
            if case.user_id and case.is_open:
                case.with_context(lang=case.user_id.lang)._mail_ask_for_address(email)
        return super()._message_receive_bounce(email, partner)

    def _mail_ask_for_address(self, email):
        """One activity for the owner, however many mails come back."""
        kind = self.env.ref("mail.mail_activity_data_todo")
        known = self.activity_ids.filtered(
            lambda activity: activity.automated
            and activity.activity_type_id == kind
            and activity.user_id == self.user_id
        )
        if not known:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=_("Find another address: mail comes back"),
                note=_("%s could not be reached.", email),
                user_id=self.user_id.id,
            )

    # ------------------------------------------------------------------
    # who follows
    # ------------------------------------------------------------------

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Only our own people follow cases: notes and approvals are not for customers.

        Others get the messages that are addressed to them, and nothing else.
        """
        # sudo: only who is an employee is read
        partners = self.env["res.partner"].sudo().browse(partner_ids or ())
        ours = partners.filtered(lambda partner: not partner.partner_share)
        if not ours:
            return True
        return super()._message_subscribe(ours.ids, subtype_ids, customer_ids)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        return [("email_normalized", "=", email_from_normalized)]

    def _alias_get_error(self, message, message_dict, alias):
        """Whoever the case is about may always answer to it."""
        sender = self._mail_sender(message_dict)
        customer = self.partner_id
        if sender and sender in (self.email_normalized, customer.email_normalized):
            return False
        row = self._mail_team_alias(alias)
        if row and alias.alias_contact == "followers":
            return row._alias_get_error(message, message_dict, alias)
        return super()._alias_get_error(message, message_dict, alias)
