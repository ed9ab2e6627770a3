from odoo import api, models

WARN_PERCENT = "exception_core.warn_percent"


class IrConfigParameter(models.Model):
    """The settings of the suite that are kept as parameters."""

    _inherit = "ir.config_parameter"

    @api.model
    def _exception_number(self, key, default, least=1):
        """Return a whole number; what somebody wrote by hand and is none counts as not set."""
        # sudo: system parameters are not for users
        text = str(self.sudo().get_param(key) or "").strip()
        return max(int(text) if text.isdecimal() else default, least)

    @api.model
    def set_param(self, key, value):
        """Set a parameter; clocks that warn as the settings say are planned anew, later."""
        before = super().set_param(key, value)
        if key == WARN_PERCENT and str(before or "") != str(value or ""):
            # sudo: whoever may set the parameter need not see the service levels
            policies = self.env["exception.sla.policy"].sudo().with_context(active_test=False)
            following = policies.search([]).filtered(lambda policy: not policy.warn_percent)
            self.env["exception.sla.change"]._record("policy", following.ids)
        return before
