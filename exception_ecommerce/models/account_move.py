from odoo import _, api, fields, models


class AccountMove(models.Model):
    """Entries that settle the difference of a payment wait for the invoice of their order."""

    _name = "account.move"
    _inherit = ["account.move", "exception.kept.value"]

    exception_settled_order_id = fields.Many2one(
        "sale.order",
        "Settles the payment of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _exception_kept(self):
        """What settles an order stands against what is due, so nobody types it."""
        sentence = _("Which order an entry settles follows from its write-off: use the action.")
        return {**super()._exception_kept(), "exception_settled_order_id": sentence}

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Reverse entries; what reverses a write-off counts against it on the order."""
        reverses = super()._reverse_moves(default_values_list, cancel)
        for back in reverses:
            if order := back.reversed_entry_id.exception_settled_order_id:
                # sudo: the link follows from the entry that is reversed, whoever reverses it
                back.sudo().exception_settled_order_id = order
        return reverses

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
