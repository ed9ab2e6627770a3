from odoo import api, models


class ExceptionEventContractReach(models.Model):
    """Whoever lets an endpoint be understood by a contract must be allowed to change the endpoint.

    A contract without a company serves endpoints of several; a many2many alone asks nobody.
    """

    _inherit = "exception.event.contract"

    @api.model_create_multi
    def create(self, vals_list):
        """Create contracts; their endpoints are ones of which the person may decide."""
        contracts = super().create(vals_list)
        # sudo: which endpoints those are; whether the person may change them is asked as the person
        self._check_endpoints(contracts.sudo().endpoint_ids)
        return contracts

    def write(self, vals):
        """Write contracts; endpoints that come or go are ones of which the person may decide."""
        if "endpoint_ids" not in vals:
            return super().write(vals)
        # sudo: as in create
        before = {contract.id: contract.endpoint_ids for contract in self.sudo()}
        result = super().write(vals)
        for contract in self.sudo():
            now = contract.endpoint_ids
            self._check_endpoints((now - before[contract.id]) | (before[contract.id] - now))
        return result

    def _check_endpoints(self, endpoints):
        if endpoints and not self.env.su:
            endpoints = self.env["exception.event.endpoint"].browse(endpoints.ids)
            endpoints.check_access_rights("write")
            endpoints.check_access_rule("write")
