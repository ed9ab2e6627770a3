from odoo import fields, models


class AccountMove(models.Model):
    """Entries that settle the difference of a payment wait for the invoice of their order."""

    _inherit = "account.move"

    exception_settled_order_id = fields.Many2one(
        "sale.order",
        "Settles the payment of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _post(self, soft=True):
        """Match invoices with what was settled of the payment of their orders."""
        posted = super()._post(soft)
        for invoice in posted.filtered(lambda move: move.move_type == "out_invoice"):
            orders = invoice.invoice_line_ids.sale_line_ids.order_id
            if not orders.filtered("exception_settled"):
                continue
            # sudo: whoever posts the invoice matches what belongs to its orders
            settled = self.sudo().search(
                [("exception_settled_order_id", "in", orders.ids), ("state", "=", "posted")]
            )
            for line in settled.line_ids:
                if line.account_type == "asset_receivable" and not line.reconciled:
                    invoice.js_assign_outstanding_line(line.id)
        return posted
