from odoo import _, api, fields, models
from odoo.exceptions import UserError


class ExceptionPartnerTierChange(models.TransientModel):
    """Puts a customer into another tier than its revenue gives, with a reason."""

    _name = "exception.partner.tier.change"
    _inherit = "exception.dialog"
    _description = "Change a Customer's Tier"

    partner_id = fields.Many2one("res.partner", "Customer", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    current_tier_id = fields.Many2one("exception.tier", "Now", compute="_compute_current")
    current_why = fields.Char("Why", compute="_compute_current")
    is_manual = fields.Boolean(compute="_compute_current")
    tier_id = fields.Many2one(
        "exception.tier", "New tier", help="Empty: the customer belongs to no tier."
    )
    reason_id = fields.Many2one("exception.reason", domain=[("kind", "=", "override")])
    note = fields.Text(help="What should the next person know?")

    @api.depends("partner_id", "company_id")
    def _compute_current(self):
        for wizard in self:
            partner = wizard.partner_id.with_company(wizard.company_id)
            row = wizard._row()
            wizard.current_tier_id = partner.exception_tier_id
            wizard.current_why = partner.exception_tier_why
            wizard.is_manual = row.source == "manual"

    def _row(self):
        return self.env["exception.partner.tier"].search(
            [
                ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )

    def _checked_row(self):
        """Return the customer's row to be written, when the user may do that."""
        self.ensure_one()
        # the wizard is open to leads only; the customer must be theirs to see, too
        self.check_access_rights("write")
        self.partner_id.check_access_rule("read")
        if self.company_id not in self.env.companies:
            raise UserError(_("Switch to %s to change its tiers.", self.company_id.name))
        # sudo: access was checked above; nobody writes tiers directly
        return self.env["exception.partner.tier"].sudo()._row_of(self.partner_id, self.company_id)

    def action_apply(self):
        """Put the customer into the chosen tier."""
        if not self.reason_id or self.reason_id.kind != "override":
            raise UserError(_("Say why the customer belongs to another tier: choose a reason."))
        # sudo: names of tiers and reasons are no secret
        self._checked_row()._decide(self.tier_id.sudo(), self.reason_id.sudo(), self.note)
        return {"type": "ir.actions.act_window_close"}

    def action_back_to_rule(self):
        """Let the revenue decide again."""
        self._checked_row()._decide_by_rule()
        return {"type": "ir.actions.act_window_close"}
