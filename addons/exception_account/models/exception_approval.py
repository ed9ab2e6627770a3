from odoo import fields, models


class ExceptionApproval(models.Model):
    """What a customer owes, for whoever decides on a request about them."""

    _inherit = "exception.approval"

    def _open_balances(self):
        """Return owed and overdue sums of the customers: one statement for all requests."""
        balances = super()._open_balances()
        # sudo: approvers are told the sum, and get no access to the books
        requests = self.sudo().filtered("partner_id")
        if not requests:
            return balances
        domain = [
            (
                "partner_id.commercial_partner_id",
                "in",
                requests.partner_id.commercial_partner_id.ids,
            ),
            ("company_id", "in", requests.company_id.ids),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
        ]
        lines = requests.env["account.move.line"].search(domain)
        today = fields.Date.context_today(self)
        sums = {}
        for line in lines:
            key = (line.partner_id.commercial_partner_id, line.company_id)
            owed, overdue = sums.get(key, (0.0, 0.0))
            late = line.amount_residual if (line.date_maturity or line.date) < today else 0.0
            sums[key] = (owed + line.amount_residual, overdue + late)
        for request in requests:
            key = (request.partner_id.commercial_partner_id, request.company_id)
            balances[request.id] = sums.get(key, (0.0, 0.0))
        return balances
