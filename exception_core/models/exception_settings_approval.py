from odoo import fields, models

from .exception_approval_duty import SETTING


class ExceptionSettingsApproval(models.AbstractModel):
    """Settings of approvals."""

    _inherit = "exception.settings.mixin"

    exception_approval_admin_override = fields.Selection(
        [("no", "Nobody, administrators neither"), ("yes", "Administrators")],
        "Who may decide in spite of segregation of duties",
        default="no",
        required=True,
        config_parameter=SETTING,
    )
