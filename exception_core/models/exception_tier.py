from odoo import _, api, fields, models
from odoo.exceptions import ValidationError


class ExceptionTier(models.Model):
    """How much a customer is worth: its cases rank and are promised accordingly."""

    _name = "exception.tier"
    _inherit = "exception.versioned"
    _description = "Exception Customer Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key, for example: gold")
    sequence = fields.Integer(default=10, help="The first one is the most valuable.")
    color = fields.Integer()
    active = fields.Boolean(default=True)
    min_revenue = fields.Float(
        "From a revenue of",
        company_dependent=True,
        digits=(16, 2),
        help="Customers whose orders of the last 12 months come to at least this, without taxes "
        "and in the currency of the company, belong to this tier. 0: only given by hand. Each "
        "company has its own. Example: 50,000",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    customer_count = fields.Integer("Customers", compute="_compute_customer_count")

    _sql_constraints = [("code_uniq", "unique(code)", "Another tier has this code already.")]

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends_context("company")
    def _compute_customer_count(self):
        groups = self.env["exception.partner.tier"]._read_group(
            [("tier_id", "in", self.ids), ("company_id", "=", self.env.company.id)],
            ["tier_id"],
            ["__count"],
        )
        counts = {tier.id: count for tier, count in groups}
        for tier in self:
            tier.customer_count = counts.get(tier.id, 0)

    @api.constrains("min_revenue", "sequence")
    def _check_thresholds(self):
        """A better tier asks for more revenue than the one below it."""
        asked = [tier for tier in self.search([]) if tier.min_revenue]
        for tier in asked:
            if tier.min_revenue < 0:
                raise ValidationError(_("The revenue of “%s” cannot be below 0.", tier.name))
        for better, lesser in zip(asked, asked[1:], strict=False):
            if better.min_revenue <= lesser.min_revenue:
                raise ValidationError(
                    _(
                        "“%(better)s” stands above “%(lesser)s”, so it must ask for more revenue. "
                        "Change the amounts or the order.",
                        better=better.name,
                        lesser=lesser.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create tiers and have customers and cases looked at anew."""
        tiers = super().create(vals_list)
        tiers._changed({"sequence", "min_revenue"})
        return tiers

    def write(self, vals):
        """Write tiers and have customers and cases looked at anew."""
        result = super().write(vals)
        self._changed(vals.keys())
        return result

    def unlink(self):
        """Delete tiers and have cases ranked anew."""
        result = super().unlink()
        self._changed({"sequence", "min_revenue"})
        return result

    def _changed(self, names):
        if {"sequence", "active"} & set(names):
            self.env["exception.score"]._config_changed()
        if {"sequence", "active", "min_revenue"} & set(names):
            self.env["exception.partner.tier"]._recompute_soon()

    def action_open_customers(self):
        """Open the customers of this tier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "exception.partner.tier",
            "view_mode": "tree,form",
            "domain": [("tier_id", "=", self.id), ("company_id", "in", self.env.companies.ids)],
        }

    @api.model
    def _second_person_kind(self):
        return "desk"
