from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.tools.misc import format_amount, format_date

from .exception_approval import OPEN

# How far back earlier requests of a customer are counted, and how many are listed.
MONTHS = 12
LISTED = 200
APPROVED = ("approved", "executed", "failed")


class ExceptionApprovalContext(models.Model):
    """What an approver needs to decide, in one screen: the form, the page of the mail link and
    the mail itself show the same."""

    _inherit = "exception.approval"

    sentence = fields.Char("In one sentence", compute="_compute_words", compute_sudo=False)
    inputs_html = fields.Html("With", compute="_compute_words", sanitize=False)
    impact = fields.Char("If nothing is done", compute="_compute_words")
    when_approved = fields.Char("When approved", compute="_compute_words")
    when_rejected = fields.Char("When rejected", compute="_compute_words")
    when_silent = fields.Char("When nobody answers", compute="_compute_words")
    changes_html = fields.Html("What has changed", compute="_compute_changes", sanitize=False)
    changes_open = fields.Boolean("Has changed", compute="_compute_changes")

    tier_id = fields.Many2one(related="case_id.tier_id", string="Tier")
    has_open_balance = fields.Boolean(compute="_compute_open_balance")
    open_balance = fields.Monetary(
        "Owes now", currency_field="company_currency_id", compute="_compute_open_balance"
    )
    overdue_balance = fields.Monetary(
        "Of it overdue", currency_field="company_currency_id", compute="_compute_open_balance"
    )
    history_ids = fields.Many2many(
        "exception.approval", compute="_compute_history", compute_sudo=False, string="Such requests"
    )
    history = fields.Char("Such requests so far", compute="_compute_history", compute_sudo=False)
    document_ids = fields.Many2many(
        "ir.attachment", compute="_compute_document_ids", compute_sudo=False, string="Attachments"
    )
    document_count = fields.Integer(compute="_compute_document_ids", compute_sudo=False)

    # ------------------------------------------------------------------
    # words
    # ------------------------------------------------------------------

    @api.depends("state", "name", "run_id", "step_ids.state", "step_ids.due_at")
    @api.depends_context("lang", "tz")
    def _compute_words(self):
        for approval in self:
            approval.sentence = approval._sentence()
            approval.inputs_html = approval._inputs_table(approval._inputs())
            approval.impact = approval._impact()
            approval.when_approved = approval._when_approved()
            approval.when_rejected = approval._when_rejected()
            approval.when_silent = approval._when_silent()

    def _sentence(self):
        """Say who asks for what."""
        self.ensure_one()
        return _("%(who)s asks: %(what)s", who=self.requested_by.sudo().name, what=self._what())

    def _what(self):
        """Say what is carried out when it is approved; without the full stop."""
        # sudo: what is asked for is told to whoever may read the request
        run = self.sudo().run_id
        words = run.action_id._describe(run.case_id, run.values) if run else self.name
        return words.rstrip(".")

    def _inputs(self):
        """Return ``{"label", "value"}`` of what was filled in when it was asked for."""
        # sudo: as in _what
        run = self.sudo().run_id
        values = run.values or {}
        return [
            {"label": one.label, "value": one._say(values[one.name], run.case_id)}
            for one in run.action_id.parameter_ids
            if values.get(one.name) not in (None, False, "")
        ]

    def _impact(self):
        """Say what the case costs while it stays as it is."""
        case = self.case_id.sudo()  # sudo: the approver is told about the case, not let into it
        parts = []
        if case.amount:
            parts.append(_("%s stays at stake", self._money(case.amount, case.currency_id)))
        if case.promised_at:
            day = format_date(self.env, case.promised_at)
            parts.append(_("promised to the customer for %s", day))
        if case.date_due:
            due = case._local(case.date_due, "short")
            late = case.date_due <= fields.Datetime.now()
            parts.append(_("overdue since %s", due) if late else _("to be resolved by %s", due))
        sentence = ", ".join(parts) or _("The case stays open")
        return sentence[:1].upper() + sentence[1:]

    def _when_approved(self):
        waiting = self.step_ids.filtered(lambda step: step.state == "waiting")
        if waiting:
            return _("“%s” is asked next; nothing happens before that.", waiting[0].name)
        return _("It is carried out at once: %s.", self._what())

    def _when_rejected(self):
        # sudo: the name of a colleague
        owner = (self.case_id.sudo().user_id or self.requested_by.sudo()).name
        return _("Nothing is done. The case goes back to %s with your reason.", owner)

    def _when_silent(self):
        if self.state not in OPEN:
            return False
        if not self.due_at:
            return _("Nothing: it waits until somebody decides. There is no time limit.")
        due = self.env["exception.case"]._local(self.due_at, "short")
        return _("It is escalated at %s. It is never approved by silence.", due)

    def _money(self, amount, currency):
        # sudo: symbol and decimals of a currency are no secret
        return format_amount(self.env, amount, currency.sudo())

    @api.model
    def _inputs_table(self, rows):
        line = Markup("<tr><th class='fw-normal text-muted pe-3'>%s</th><td>%s</td></tr>")
        table = Markup("<table class='table table-sm mb-0 o_exception_facts'>%s</table>")
        lines = Markup().join(line % (row["label"], row["value"]) for row in rows)
        return table % lines if rows else False

    # ------------------------------------------------------------------
    # changed since
    # ------------------------------------------------------------------

    @api.depends("state", "changes", "snapshot")
    @api.depends_context("lang")
    def _compute_changes(self):
        for approval in self:
            rows = approval._changes_shown()
            approval.changes_open = bool(rows)
            approval.changes_html = approval._changes_table(rows)

    def _changes_shown(self):
        """Return what the document says differently since the request was made."""
        self.ensure_one()
        return self._changes_now() if self.state in OPEN else self.changes or []

    @api.model
    def _changes_table(self, rows):
        line = Markup("<tr><th class='fw-normal'>%s</th><td>%s</td><td>%s</td></tr>")
        head = Markup("<tr class='text-muted'><th>%s</th><th>%s</th><th>%s</th></tr>")
        head %= (_("What"), _("When it was asked"), _("Now"))
        lines = Markup().join(
            line % (row["label"], _shown(row["before"]), _shown(row["after"])) for row in rows
        )
        table = Markup("<table class='table table-sm mb-0'>%s%s</table>")
        return table % (head, lines) if rows else False

    # ------------------------------------------------------------------
    # customer
    # ------------------------------------------------------------------

    def _open_balances(self):
        """Return ``{approval id: (owed, overdue)}`` in company currency.

        Core knows no invoices; an addon that does overrides this. A request without an entry
        shows no balance at all.
        """
        return {}

    @api.depends("partner_id", "company_id")
    def _compute_open_balance(self):
        balances = self._open_balances()
        for approval in self:
            approval.has_open_balance = approval.id in balances
            owed, overdue = balances.get(approval.id, (0.0, 0.0))
            approval.open_balance = owed
            approval.overdue_balance = overdue

    def _such_domain(self):
        """Return the domain of ended requests of the same kind for the same customer."""
        self.ensure_one()
        since = fields.Datetime.now() - relativedelta(months=MONTHS)
        # sudo: only whose contact it is; which requests are found is for the record rules
        customer = self.partner_id.sudo().commercial_partner_id
        same = ("action_id", "=", self.action_id.id) if self.action_id else ("name", "=", self.name)
        return [
            ("id", "!=", self._origin.id),
            ("partner_id", "child_of", customer.ids),
            ("company_id", "=", self.company_id.id),
            same,
            ("requested_at", ">=", since),
            ("state", "in", [*APPROVED, "rejected"]),
        ]

    @api.depends("partner_id", "name", "action_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_history(self):
        # one statement a request: the screen of one request alone shows this; what the user must
        # not read is not counted either
        for approval in self:
            such = self.browse()
            if approval.partner_id:
                such = self.sudo(False).search(approval._such_domain(), limit=LISTED)
            approval.history_ids = such
            approval.history = approval._history_words(such)

    @api.model
    def _history_words(self, such):
        if not such:
            return _("none in %s months", MONTHS)
        agreed = len(such.filtered(lambda one: one.state in APPROVED))
        return _(
            "%(agreed)s approved, %(rejected)s rejected in %(months)s months",
            agreed=agreed,
            rejected=len(such) - agreed,
            months=MONTHS,
        )

    # ------------------------------------------------------------------
    # attachments
    # ------------------------------------------------------------------

    @api.depends("case_id", "res_model", "res_id")
    @api.depends_context("uid")
    def _compute_document_ids(self):
        """Papers of the request, its case and its record, as far as the user may read them."""
        for approval in self:
            places = {("exception.case", approval.case_id.id), (self._name, approval._origin.id)}
            places.add((approval.res_model, approval.res_id))
            found = self.env["ir.attachment"]
            for model, res_id in places:
                if model and res_id:
                    found |= found.search([("res_model", "=", model), ("res_id", "=", res_id)])
            approval.document_ids = found
            approval.document_count = len(found)


def _shown(value):
    return "–" if value in (None, False, "") else str(value)
