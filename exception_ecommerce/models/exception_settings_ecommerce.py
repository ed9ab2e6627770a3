from odoo import _, fields, models
from odoo.exceptions import ValidationError

ACCOUNTS = "[('deprecated', '=', False), ('company_id', '=', company_id)]"


class ExceptionSettingsEcommerce(models.AbstractModel):
    """Settings of the web shop's remedies; every company has its own."""

    _inherit = "exception.settings.mixin"

    exception_settle_tolerance = fields.Float("Settled up to", company_value=True)
    exception_write_off_loss_id = fields.Many2one(
        "account.account", "Account of losses", company_value=True, domain=ACCOUNTS
    )
    exception_write_off_gain_id = fields.Many2one(
        "account.account", "Account of gains", company_value=True, domain=ACCOUNTS
    )
    exception_write_off_journal_id = fields.Many2one(
        "account.journal",
        "Journal of differences",
        company_value=True,
        domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
    )
    exception_refund_journal_id = fields.Many2one(
        "account.journal",
        "Refunds are paid from",
        company_value=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
    )

    def _check_settings(self):
        result = super()._check_settings()
        if self.exception_settle_tolerance < 0:
            raise ValidationError(
                _("Differences are settled up to an amount of 0 or more; 0 settles none.")
            )
        return result
