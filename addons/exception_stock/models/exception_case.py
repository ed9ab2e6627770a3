from odoo import api, fields, models


class ExceptionCase(models.Model):
    """The warehouse as a dimension: where the case happened, for filters, grouping and triage."""

    _inherit = "exception.case"

    warehouse_id = fields.Many2one("stock.warehouse", index="btree_not_null", ondelete="set null")

    @api.model
    def _dimension_fields(self):
        """Let hits carry the warehouse."""
        return [*super()._dimension_fields(), "warehouse_id"]
