from odoo import api, fields, models
from odoo.tools import SQL


class ExceptionCase(models.Model):
    """The warehouse as a dimension: where the case happened, for filters, grouping and triage."""

    _inherit = "exception.case"

    warehouse_id = fields.Many2one("stock.warehouse", index="btree_not_null", ondelete="set null")

    @api.model
    def _dimension_fields(self):
        """Let hits carry the warehouse."""
        return [*super()._dimension_fields(), "warehouse_id"]

    @api.model
    def _promise_fields(self):
        """Take the deadline of deliveries; that of a receipt was promised to us."""
        promise = SQL(
            """CASE WHEN EXISTS (SELECT FROM stock_picking_type AS kind
                                  WHERE kind.id = record.picking_type_id
                                        AND kind.code = 'outgoing')
                    THEN record.date_deadline END"""
        )
        return {**super()._promise_fields(), "stock.picking": promise}
