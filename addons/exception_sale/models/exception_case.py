from odoo import api, fields, models
from odoo.tools import SQL


class ExceptionCase(models.Model):
    """The product as a dimension: what the case is about, for filters, grouping and triage."""

    _inherit = "exception.case"

    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="set null")

    @api.model
    def _dimension_fields(self):
        """Let hits carry the product."""
        return [*super()._dimension_fields(), "product_id"]

    @api.model
    def _promise_fields(self):
        """Take the date agreed on the order, else what its lines' lead times came to."""
        expected = SQL(
            """(SELECT min(record.date_order + line.customer_lead * interval '1 day')
                  FROM sale_order_line AS line
                 WHERE line.order_id = record.id AND line.display_type IS NULL
                       AND record.state = 'sale')"""
        )
        promise = SQL("COALESCE(record.commitment_date, %s)", expected)
        return {**super()._promise_fields(), "sale.order": promise}
