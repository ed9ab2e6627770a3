from odoo import api, models


class ExceptionEventContractPart(models.AbstractModel):
    """A line of an event contract: it changes with its contract only."""

    _name = "exception.event.contract.part"
    _description = "Line of an Event Contract"
    _inherit = "exception.versioned.part"
    _versioned_parent = "contract_id"

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines of contracts that may be changed."""
        lines = super().create(vals_list)
        lines.contract_id._refuse_change(["lines"])
        return lines

    def write(self, vals):
        """Write lines of contracts that may be changed, before and after."""
        self.contract_id._refuse_change(vals)
        result = super().write(vals)
        self.contract_id._refuse_change(vals)
        return result

    def unlink(self):
        """Delete lines of contracts that may be changed."""
        self.contract_id._refuse_change(["lines"])
        return super().unlink()
