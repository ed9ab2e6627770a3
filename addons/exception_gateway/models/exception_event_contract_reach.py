from odoo import api, models

# What decides about every endpoint that a contract serves, beside its definition.
DECISIVE = {"active", "sequence"}


class ExceptionEventContractReach(models.Model):
    """Whoever decides what endpoints understand must be allowed to change these endpoints.

    A contract without a company serves endpoints of several; a many2many alone asks nobody.
    """

    _inherit = "exception.event.contract"

    @api.model_create_multi
    def create(self, vals_list):
        """Create contracts; their endpoints are ones of which the person may decide."""
        contracts = super().create(vals_list)
        contracts._check_reach()
        return contracts

    def write(self, vals):
        """Write contracts; endpoints that come or go are ones of which the person may decide."""
        if DECISIVE & vals.keys():
            self._check_reach()
        if "endpoint_ids" not in vals:
            return super().write(vals)
        before = {contract.id: contract._served() for contract in self}
        result = super().write(vals)
        for contract in self:
            now = contract._served()
            self._check_endpoints((now - before[contract.id]) | (before[contract.id] - now))
        return result

    def unlink(self):
        """Delete contracts; nobody takes from another company what its endpoints understand."""
        self._check_reach()
        return super().unlink()

    def action_activate(self):
        """Activate contracts, also for the endpoints of the versions that they replace."""
        # sudo: which endpoints those are; whether the person may change them is asked as the person
        replaced = self.sudo().search([("code", "in", self.mapped("code"))])
        self.browse((self | replaced).ids)._check_reach()
        return super().action_activate()

    def action_retire(self):
        """Retire contracts whose endpoints the person may decide of."""
        self._check_reach()
        return super().action_retire()

    def _served(self):
        """Return the endpoints that these contracts serve, archived ones too."""
        # what was read or written with another context left archived ones out of memory
        self.invalidate_recordset(["endpoint_ids"], flush=False)
        # sudo: as in action_activate
        return self.sudo().with_context(active_test=False).endpoint_ids

    def _check_reach(self):
        """Refuse to decide about endpoints that the person may not change."""
        self._check_endpoints(self._served())

    def _check_endpoints(self, endpoints):
        if endpoints and not self.env.su:
            endpoints = self.env["exception.event.endpoint"].browse(endpoints.ids)
            endpoints.check_access_rights("write")
            endpoints.check_access_rule("write")
