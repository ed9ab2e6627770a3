from odoo import api, models


class ResCompanyVersions(models.Model):
    """Settings of the suite that differ by company have versions."""

    _name = "res.company"
    _inherit = ["res.company", "exception.versioned.base"]

    @api.model
    def _versioned_fields(self):
        own = super()._versioned_fields()
        return ["name", *(name for name in own if name.startswith("exception_"))]
