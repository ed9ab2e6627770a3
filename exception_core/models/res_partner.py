from odoo import _, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_amount, format_date

READERS = "exception_core.group_user,exception_core.group_approver,exception_core.group_auditor"


class ResPartner(models.Model):
    """What a customer is worth to the company that the user works in, and why."""

    _inherit = "res.partner"

    exception_tier_ids = fields.One2many(
        "exception.partner.tier", "partner_id", "Tiers by company", groups=READERS
    )
    exception_tier_id = fields.Many2one(
        "exception.tier",
        "Customer tier",
        compute="_compute_exception_tier",
        search="_search_exception_tier_id",
        groups=READERS,
        help="Contacts share the tier of their company.",
    )
    exception_tier_why = fields.Char(
        "Why this tier", compute="_compute_exception_tier", groups=READERS
    )
    exception_contract_value = fields.Monetary(
        "Contract value",
        compute="_compute_exception_tier",
        inverse="_inverse_exception_contract_value",
        currency_field="exception_currency_id",
        groups=READERS,
        help="What the contract with this customer is worth in a year. Rules may look at it. "
        "Example: 120,000",
    )
    exception_currency_id = fields.Many2one(
        "res.currency", compute="_compute_exception_tier", groups=READERS
    )

    @api.depends(
        "commercial_partner_id.exception_tier_ids.tier_id",
        "commercial_partner_id.exception_tier_ids.source",
        "commercial_partner_id.exception_tier_ids.contract_value",
    )
    @api.depends_context("company", "lang")
    def _compute_exception_tier(self):
        company = self.env.company
        rows = self.env["exception.partner.tier"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", company.id),
            ]
        )
        by_customer = {row.partner_id.id: row for row in rows}
        for partner in self:
            row = by_customer.get(partner.commercial_partner_id._origin.id, rows.browse())
            partner.exception_tier_id = row.tier_id
            partner.exception_contract_value = row.contract_value
            partner.exception_currency_id = company.currency_id
            partner.exception_tier_why = self._exception_tier_sentence(row) if row else False

    @api.model
    def _exception_tier_sentence(self, row):
        if row.source == "rule":
            revenue = format_amount(self.env, row.revenue, row.currency_id)
            return _("orders of the last 12 months: %s", revenue)
        # sudo: names only
        said = row.sudo()
        sentence = _(
            "%(reason)s, said %(user)s on %(date)s",
            reason=said.reason_id.name,
            user=said.user_id.name,
            date=format_date(self.env, said.date),
        )
        return (
            _("%(sentence)s: %(note)s", sentence=sentence, note=said.note)
            if said.note
            else sentence
        )

    @api.model
    def _search_exception_tier_id(self, operator, value):
        """Find customers and their contacts; ``("exception_tier_id", "=", False)``: without one."""
        here = ("company_id", "=", self.env.company.id)
        if operator in ("=", "!=") and not value:
            rows = [here, ("tier_id", "!=", False)]
            inside = operator == "!="
        else:
            inside = operator not in ("!=", "not in", "not ilike", "not like")
            positive = {"!=": "=", "not in": "in", "not ilike": "ilike", "not like": "like"}
            rows = [here, ("tier_id", positive.get(operator, operator), value)]
        found = [("commercial_partner_id.exception_tier_ids", "any", rows)]
        return found if inside else ["!", *found]

    def _inverse_exception_contract_value(self):
        if not self.env.user.has_group("exception_core.group_lead") and not self.env.su:
            raise AccessError(
                _("Only team leads and managers of exceptions set what a contract is worth.")
            )
        for partner in self:
            # sudo: who may set it was checked above
            row = self.env["exception.partner.tier"].sudo()._row_of(partner, self.env.company)
            row.contract_value = partner.exception_contract_value

    def action_exception_change_tier(self):
        """Open the dialog in which a lead puts the customer into another tier, with a reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": _("Change tier"),
            "res_model": "exception.partner.tier.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }
