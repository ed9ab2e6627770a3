from odoo import fields, models


class ExceptionEventEndpointContracts(models.Model):
    """By which contracts the messages of an endpoint may be understood."""

    _inherit = "exception.event.endpoint"

    contract_ids = fields.Many2many(
        "exception.event.contract",
        "exception_event_contract_endpoint_rel",
        string="Contracts",
        domain=[("state", "=", "active")],
        help="Messages for which none of them is meant become dead letters. When a new version of "
        "a contract is activated, it takes the place of the one before.",
    )
