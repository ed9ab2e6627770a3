from odoo import api, fields, models


class ExceptionSettingsDecide(models.AbstractModel):
    """Settings of the ways to decide: mail links and decision tokens."""

    _inherit = "exception.settings.mixin"

    exception_approval_mail = fields.Selection(
        [("yes", "Send a mail"), ("no", "No mail")],
        "When an approver's turn comes",
        default="yes",
        required=True,
        config_parameter="exception_core.approval_mail",
    )
    exception_approval_link_days = fields.Integer(
        "A link is good for days",
        default=7,
        config_parameter="exception_core.approval_link_days",
    )
    exception_approval_token_hours = fields.Integer(
        "A decision token is good for hours",
        default=72,
        config_parameter="exception_core.approval_token_hours",
    )
    exception_approval_middleware_draws = fields.Selection(
        [("no", "The approver only"), ("yes", "The approver or the middleware")],
        "Who draws decision tokens",
        default="no",
        required=True,
        config_parameter="exception_core.approval_middleware_draws",
    )

    @api.model
    def _positive_settings(self):
        return super()._positive_settings() + [
            "exception_approval_link_days",
            "exception_approval_token_hours",
        ]
