from odoo import api, fields, models


class ExceptionDetectorParameterValue(models.Model):
    """The value of a parameter for one company, where it differs."""

    _name = "exception.detector.parameter.value"
    _inherit = ["exception.definition.part", "exception.versioned.part"]
    _description = "Exception Detector Parameter by Company"
    _versioned_parent = "parameter_id"

    parameter_id = fields.Many2one(
        "exception.detector.parameter", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", default=lambda self: self.env.company
    )
    value = fields.Char(required=True)

    _sql_constraints = [
        (
            "company_uniq",
            "unique(parameter_id, company_id)",
            "This parameter has a value for this company already.",
        )
    ]

    @api.constrains("value", "parameter_id")
    def _check_value(self):
        for line in self:
            line.parameter_id._parse(line.value)

    def _version_name(self):
        return self.company_id.name
