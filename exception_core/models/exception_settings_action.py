from odoo import fields, models

from .exception_action_webhook import HOSTS


class ExceptionSettingsAction(models.AbstractModel):
    """What actions may call."""

    _inherit = "exception.settings.mixin"

    exception_webhook_hosts = fields.Char("Servers that actions may call", config_parameter=HOSTS)
