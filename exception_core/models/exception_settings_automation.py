from odoo import _, fields, models
from odoo.exceptions import ValidationError


class ExceptionSettingsAutomation(models.AbstractModel):
    """Settings of automation: what it takes to raise a type, and how long one can undo."""

    _inherit = "exception.settings.mixin"

    exception_stage_cases = fields.Integer(
        "Cases before a type may do more",
        default=20,
        config_parameter="exception_core.stage_cases",
    )
    exception_stage_right = fields.Integer(
        "Of them right (%)", default=95, config_parameter="exception_core.stage_right"
    )
    exception_stage_undone = fields.Integer(
        "Taken back at most", default=1, config_parameter="exception_core.stage_undone"
    )
    exception_undo_hours = fields.Integer(
        "Hours to take back what was done automatically",
        default=72,
        config_parameter="exception_core.undo_hours",
    )

    def _positive_settings(self):
        return [*super()._positive_settings(), "exception_stage_cases", "exception_undo_hours"]

    def _check_settings(self):
        result = super()._check_settings()
        if not 1 <= self.exception_stage_right <= 100:
            raise ValidationError(_("Give the share of right cases as 1 to 100 %, for example 95."))
        if self.exception_stage_undone < 0:
            raise ValidationError(_("What is taken back cannot be less than none."))
        return result
