from odoo import api, models

# Schemes of vendors; those who choose another one choose how they tell, too.
VENDORS = ("stripe", "adyen", "shopify", "easypost")


class ExceptionEventEndpointShipped(models.Model):
    """A new endpoint of a vendor begins with the contracts that are shipped for it."""

    _inherit = "exception.event.endpoint"

    @api.onchange("scheme")
    def _onchange_scheme_contracts(self):
        """Offer the contracts of the vendor; what a person has chosen stays."""
        contracts = self.env["exception.event.contract"].search([("state", "=", "active")])
        shipped = contracts.filtered(
            lambda one: one.code == "exception.v1" or one.code.split(".")[0] in VENDORS
        )
        if self.contract_ids._origin - shipped or not self.scheme:
            return
        prefix = f"{self.scheme}." if self.scheme in VENDORS else "exception.v1"
        self.contract_ids = shipped.filtered(lambda one: one.code.startswith(prefix))
