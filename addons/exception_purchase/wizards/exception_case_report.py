from odoo import api, models


class ExceptionCaseReport(models.TransientModel):
    """A case that a person reports on a purchase order knows the supplier."""

    _inherit = "exception.case.report"

    @api.model
    def _from_record(self, record):
        """Take the order's vendor as the supplier."""
        vals = super()._from_record(record)
        if record._name == "purchase.order":
            vals["supplier_id"] = record.partner_id.id
        return vals
