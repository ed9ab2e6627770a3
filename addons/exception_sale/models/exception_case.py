from odoo import api, fields, models


class ExceptionCase(models.Model):
    """The product as a dimension: what the case is about, for filters, grouping and triage."""

    _inherit = "exception.case"

    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="set null")

    @api.model
    def _dimension_fields(self):
        """Let hits carry the product."""
        return [*super()._dimension_fields(), "product_id"]
