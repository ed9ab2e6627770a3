from odoo import _, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class ExceptionSettingsAudit(models.AbstractModel):
    """Settings of the audit trail; its key and its folder stand in the configuration of Odoo."""

    _inherit = "exception.settings.mixin"

    exception_audit_mail = fields.Char(
        "Send checkpoints to", config_parameter="exception_core.audit_mail"
    )

    def _check_settings(self):
        """Refuse what is no address."""
        result = super()._check_settings()
        if self.exception_audit_mail and not email_normalize(self.exception_audit_mail):
            raise ValidationError(
                _("“%s” is no mail address that checkpoints can go to.", self.exception_audit_mail)
            )
        return result
