from odoo import _lt, api, models

EVENTS = [
    ("endpoint.activated", _lt("Endpoint takes events")),
    ("endpoint.paused", _lt("Endpoint paused")),
    ("endpoint.secret", _lt("New secret of an endpoint")),
    ("endpoint.secret_ended", _lt("Old secret of an endpoint ended")),
]


class ExceptionEventAudit(models.Model):
    """What the trail says about endpoints; secrets themselves stand nowhere in it."""

    _inherit = "exception.audit.entry"

    @api.model
    def _audit_events(self):
        return super()._audit_events() + EVENTS
