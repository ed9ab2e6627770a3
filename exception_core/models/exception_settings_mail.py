from odoo import api, fields, models


class ExceptionSettingsMail(models.AbstractModel):
    """Settings of mail: what comes in, and the templates of answers."""

    _inherit = "exception.settings.mixin"

    exception_mail_type_id = fields.Many2one(
        "exception.type",
        "Type of mails",
        default=lambda self: self.env["exception.team.alias"]._default_type(),
        config_parameter="exception_core.mail_type_id",
    )
    exception_mail_wait_days = fields.Integer(
        "Wait for an answer for days",
        default=3,
        config_parameter="exception_core.mail_wait_days",
    )
    exception_reply_second_person = fields.Selection(
        [("yes", "A second person"), ("no", "The author may do it")],
        "Who approves reply templates",
        default="yes",
        required=True,
        config_parameter="exception_core.reply_second_person",
    )
    # Odoo's own parameters: they hold for all mail that the database receives
    exception_mail_loop_threshold = fields.Integer(
        "Mails of one sender", default=20, config_parameter="mail.gateway.loop.threshold"
    )
    exception_mail_loop_minutes = fields.Integer(
        "Within minutes", default=120, config_parameter="mail.gateway.loop.minutes"
    )
    exception_mail_retention_days = fields.Integer(
        "Keep the list of mails for days",
        default=90,
        config_parameter="exception_core.mail_retention_days",
    )

    @api.model
    def _positive_settings(self):
        return super()._positive_settings() + [
            "exception_mail_wait_days",
            "exception_mail_loop_threshold",
            "exception_mail_loop_minutes",
            "exception_mail_retention_days",
        ]
