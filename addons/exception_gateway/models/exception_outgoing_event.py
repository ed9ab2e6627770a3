from odoo import fields, models


class ExceptionOutgoingEvent(models.Model):
    """A kind of event that subscriptions can ask for. Shipped as data."""

    _name = "exception.outgoing.event"
    _description = "Outgoing Event"
    _order = "sequence, id"
    _rec_name = "code"

    code = fields.Char("Event", required=True)
    description = fields.Char(translate=True)
    sequence = fields.Integer(default=10)

    _sql_constraints = [("code_uniq", "unique(code)", "This code is in use.")]
