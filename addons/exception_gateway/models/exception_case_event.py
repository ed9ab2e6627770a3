from odoo import api, fields, models


class ExceptionCaseEvent(models.Model):
    """The events that a case has received."""

    _inherit = "exception.case"

    event_ids = fields.Many2many(
        "exception.event",
        "exception_case_event_rel",
        "case_id",
        "event_id",
        "Events from outside",
        readonly=True,
        copy=False,
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"event_ids"}
