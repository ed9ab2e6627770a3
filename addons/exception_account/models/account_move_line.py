from odoo import models


class AccountMoveLine(models.Model):
    """Whoever adds, changes or deletes a line of an invoice has changed the invoice."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "exception.material.line"]
    _exception_root = "move_id"

    def _exception_material_lines(self):
        """Leave out what Odoo works out: taxes, terms, and lines of other entries."""
        return self.filtered(
            lambda line: (
                line.display_type == "product" and line.move_id.is_invoice(include_receipts=True)
            )
        )
