from odoo import api, fields, models


class ExceptionSettingsPeak(models.AbstractModel):
    """Settings of peak mode."""

    _inherit = "exception.settings.mixin"

    exception_peak_hours = fields.Integer(
        "Longest peak mode (hours)", default=72, config_parameter="exception_core.peak_hours"
    )

    @api.model
    def _positive_settings(self):
        return [*super()._positive_settings(), "exception_peak_hours"]
