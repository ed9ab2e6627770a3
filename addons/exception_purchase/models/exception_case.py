from odoo import api, fields, models


class ExceptionCase(models.Model):
    """The supplier as a dimension: who delivers, for filters, grouping and triage."""

    _inherit = "exception.case"

    supplier_id = fields.Many2one("res.partner", index="btree_not_null", ondelete="set null")

    @api.model
    def _dimension_fields(self):
        """Let hits carry the supplier."""
        return [*super()._dimension_fields(), "supplier_id"]
