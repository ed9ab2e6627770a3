from odoo import api, fields, models


class ExceptionCase(models.Model):
    """The carrier as a dimension: who ships, for filters, grouping and triage."""

    _inherit = "exception.case"

    carrier_id = fields.Many2one("delivery.carrier", index="btree_not_null", ondelete="set null")

    @api.model
    def _dimension_fields(self):
        """Let hits carry the carrier."""
        return [*super()._dimension_fields(), "carrier_id"]
