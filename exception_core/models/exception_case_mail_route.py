from odoo import _, api, models, tools

from ..tools.mail_headers import automatic_reason, is_own_message_id

# What has ended for good: a reply does not bring it back.
GONE = ("closed", "cancelled")


class ExceptionCaseMailRoute(models.Model):
    """Which mail may reach a case, and which case.

    Odoo's gateway finds the thread or the address; here machines, loops and our own mails are
    kept out, and a reply finds the case that is worked now.
    """

    _inherit = "exception.case"

    # ------------------------------------------------------------------
    # who may come in
    # ------------------------------------------------------------------

    @api.model
    def _mail_is_welcome(self, message, message_dict, route):
        """Tell whether a mail may go on to a case; what is kept out is noted with its reason."""
        alias = self._mail_team_alias(route[4])
        outcome, reason = self._mail_objection(message, message_dict, alias)
        if not outcome:
            return True
        receipts = self.env["exception.mail.receipt"]
        if not receipts._claim(message_dict):
            return False
        case = self.browse(route[1] or ()).exists()
        receipt = receipts._settle(message_dict, outcome, case, alias, reason)
        if outcome == "automatic" and case:
            case._mail_note_automatic(message_dict, reason)
        elif outcome == "loop":
            team = alias.team_id or case.team_id
            self.with_context(lang=team.lead_id.lang)._mail_tell_of_loop(receipt, team)
        return False

    @api.model
    def _mail_objection(self, message, message_dict, alias):
        """Return (outcome, reason) when a mail must not reach a case, else (None, None)."""
        sender = self._mail_sender(message_dict)
        if self._mail_is_our_address(sender):
            return "own", sender
        if is_own_message_id(message_dict.get("message_id"), self._name):
            return "own", message_dict["message_id"]
        if reason := automatic_reason(message, alias.accept_lists):
            return "automatic", reason
        receipts = self.env["exception.mail.receipt"]
        threshold, minutes = receipts._loop_limits()
        count = receipts._count_recent(sender)
        if count >= threshold and not self._mail_is_trusted(sender):
            reason = _(
                "%(count)s mails within %(minutes)s minutes", count=count + 1, minutes=minutes
            )
            return "loop", reason
        return None, None

    @api.model
    def _mail_sender(self, message_dict):
        sender = message_dict.get("email_from") or ""
        return tools.email_normalize(sender) or sender.lower()

    @api.model
    def _mail_is_our_address(self, sender):
        """Tell whether a mail claims to come from an address that we receive at."""
        if self.env["mail.alias"].search_count([("alias_full_name", "=", sender)], limit=1):
            return True
        domains = self.env["mail.alias.domain"].search([])
        return sender in {
            *domains.mapped("bounce_email"),
            *domains.mapped("catchall_email"),
            *domains.mapped("default_from_email"),
        }

    @api.model
    def _mail_is_trusted(self, sender):
        """Tell whether Odoo's settings let this sender send as much as they like."""
        return self.env["mail.gateway.allowed"].search_count(
            [("email_normalized", "=", sender)], limit=1
        )

    @api.model
    def _mail_refused(self, message_dict, route):
        """Note that Odoo refused a sender, and told them so."""
        receipts = self.env["exception.mail.receipt"]
        if receipts._claim(message_dict):
            case = self.browse(route[1] or ()).exists()
            alias = self._mail_team_alias(route[4])
            receipts._settle(message_dict, "refused", case, alias)

    def _mail_note_automatic(self, message_dict, reason):
        """Keep what a machine wrote as a note: it may say until when somebody is away."""
        text = tools.html2plaintext(message_dict.get("body") or "").strip()[:500]
        self._note(
            _(
                "Automatic reply of %(sender)s, not counted as an answer (%(reason)s): %(text)s",
                sender=message_dict.get("email_from") or "",
                reason=reason,
                text=text,
            )
        )

    @api.model
    def _mail_tell_of_loop(self, receipt, team):
        """Tell the team's lead, once in the period, that a sender is ignored."""
        if not team or receipt._count_recent(receipt.email_normalized, "loop") > 1:
            return
        text = _(
            "Mails of %(sender)s are ignored for the moment: %(reason)s. If they are wanted, an "
            "administrator can allow the sender (Settings → Technical → Gateway allowed), or "
            "raise the limit in the settings of the desk.",
            sender=receipt.email_from,
            reason=receipt.reason,
        )
        self.env["mail.thread"].message_notify(
            partner_ids=team.lead_id.partner_id.ids,
            subject=_("Too many mails of %s", receipt.email_normalized),
            body=text,
        )

    # ------------------------------------------------------------------
    # which case
    # ------------------------------------------------------------------

    @api.model
    def _mail_team_alias(self, alias):
        """Return the team's address that an alias of Odoo belongs to."""
        rows = self.env["exception.team.alias"]
        return rows.search([("alias_id", "=", alias.id)], limit=1) if alias else rows

    @api.model
    def _mail_routes(self, message, routes):
        """Return the routes of a mail with at most one to a case.

        A mail to two teams opens one case, at the address that is named first, so that two people
        do not work on the same. A reply goes to the case that is worked in place of an ended
        duplicate; after a closed one it opens a new case.
        """
        ours = [route for route in routes or [] if route[0] == self._name]
        if not ours:
            return routes
        route = min(ours, key=lambda route: self._mail_place(message, route[4]))
        model, thread_id, _values, user_id, alias = route
        values = {"team_alias_id": self._mail_team_alias(alias).id}
        if thread_id:
            case = self.browse(thread_id)._mail_target()
            thread_id = case.id
            if case.state in GONE:
                thread_id, values["recurrence_of_id"] = None, case.id
        others = [route for route in routes if route[0] != self._name]
        return [*others, (model, thread_id, values, user_id, alias)]

    @api.model
    def _mail_place(self, message, alias):
        """Return at which place a mail names an address: To before Cc, first before second."""
        named = []
        for header in ("To", "Cc"):
            text = tools.decode_message_header(message, header, separator=",")
            named += [address.lower() for address in tools.email_split(text)]
        place = named.index(alias.alias_full_name) if alias.alias_full_name in named else len(named)
        return place, alias.id or 0

    def _mail_target(self):
        """Return the case that took over from this one, itself when none did."""
        self.ensure_one()
        case, seen = self, self
        while not case.is_open and (master := case.duplicate_of_id or case.covered_by_id):
            if master in seen:
                break
            case, seen = master, seen | master
        if case.state in GONE:
            # a mail after the end opened a new case already: the talk goes on there
            later = case.recurrence_ids.filtered(lambda one: one.email_from)
            return later.filtered(lambda one: one.state not in GONE).sorted("id")[-1:] or case
        return case
