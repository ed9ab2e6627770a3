from odoo import fields, models

from .exception_approval_duty import SETTING


class ExceptionSettingsApproval(models.AbstractModel):
    """Settings of approvals."""

    _inherit = "exception.settings.mixin"

    exception_approval_admin_override = fields.Boolean(
        "Administrators may decide in spite of segregation of duties", config_parameter=SETTING
    )
