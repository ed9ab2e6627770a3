from odoo import fields, models


class ExceptionBulkResultLine(models.TransientModel):
    """One case that was skipped, and why."""

    _name = "exception.bulk.result.line"
    _description = "Skipped Case"

    result_id = fields.Many2one("exception.bulk.result", required=True, ondelete="cascade")
    case_id = fields.Many2one("exception.case", required=True, ondelete="cascade")
    reason = fields.Char(readonly=True)
