from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Where a match is written down, whoever writes it: the last look at what is held."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse matches that pay held documents."""
        lines = self.env["account.move.line"]
        documents = lines.move_id
        for vals in vals_list:
            pair = [vals.get("debit_move_id"), vals.get("credit_move_id")]
            documents |= lines.browse(filter(None, pair)).move_id._exception_paid_with()
        documents._exception_backstop("pay")
        return super().create(vals_list)
