from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Where a match is written down, whoever writes it: the last look at what is held."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse matches that pay held documents."""
        pairs = [
            [id_ for id_ in (vals.get("debit_move_id"), vals.get("credit_move_id")) if id_]
            for vals in vals_list
        ]
        # read together: a statement may be matched with hundreds
        lines = self.env["account.move.line"].browse({id_ for pair in pairs for id_ in pair})
        documents = lines.move_id.browse()
        for pair in pairs:
            matched = lines.browse(pair).with_prefetch(lines.ids)
            documents |= matched.move_id._exception_paid_with()
        documents._exception_backstop("pay")
        return super().create(vals_list)
