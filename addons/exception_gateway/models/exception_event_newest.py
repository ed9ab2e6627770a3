from odoo import fields, models


class ExceptionEventNewest(models.Model):
    """The newest message of each story: which payment, order or shipment, and how far it is told.

    One row a story, so that an older message is known as old whatever became of the newer one.
    The index on the story keeps two processes from disagreeing. It goes with its event, when that
    has been kept for long enough.
    """

    _name = "exception.event.newest"
    _description = "Newest Event of a Subject"
    _log_access = False
    _order = "id desc"
    _rec_name = "subject"

    endpoint_id = fields.Many2one(
        "exception.event.endpoint", required=True, readonly=True, ondelete="cascade"
    )
    family = fields.Char("Order of", required=True, readonly=True)
    subject = fields.Char(required=True, readonly=True)
    value = fields.Float("Place in the order", digits=(39, 12), required=True, readonly=True)
    event_id = fields.Many2one("exception.event", readonly=True, ondelete="cascade", index=True)

    _sql_constraints = [
        (
            "subject_uniq",
            "unique(endpoint_id, family, subject)",
            "There is one newest message of each subject.",
        )
    ]
