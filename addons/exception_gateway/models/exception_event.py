from odoo import fields, models

EVENT_STATES = [
    ("received", "Received"),
    ("processing", "Processing"),
    ("parked", "Waiting for its record"),
    ("done", "Done"),
    ("ignored", "Ignored"),
    ("failed", "Failed, tries again"),
    ("dead", "Dead letter"),
]


class ExceptionEvent(models.Model):
    """One message from outside, stored as it came before anybody tries to understand it.

    Rows are written by the intake route and by the drain, nobody else.
    """

    _name = "exception.event"
    _description = "Event"
    _order = "id desc"
    _rec_name = "name"
    # no create_uid, write_uid: a row is written by the machine, and as cheaply as can be
    _log_access = False

    endpoint_id = fields.Many2one(
        "exception.event.endpoint", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    received_at = fields.Datetime("Received", required=True, readonly=True)
    dedup_key = fields.Char(
        "Identity",
        required=True,
        readonly=True,
        help="The sender's id of the message, or the hash of its content. Each counts once.",
    )
    name = fields.Char("Kind", readonly=True, help="What the sender calls it: payout.failed.")
    body = fields.Binary(
        "Content as received",
        attachment=False,
        readonly=True,
        groups="exception_gateway.group_payload",
    )
    body_hash = fields.Char("SHA-256", required=True, readonly=True)
    size = fields.Integer("Bytes", readonly=True)
    headers = fields.Json(readonly=True, groups="exception_gateway.group_payload")
    state = fields.Selection(EVENT_STATES, default="received", required=True, readonly=True)
    reason = fields.Char("Why", readonly=True, help="Why it is ignored, failed, parked or dead.")
    attempts = fields.Integer("Tries", readonly=True)
    next_at = fields.Datetime("Tries again", readonly=True)
    done_at = fields.Datetime("Processed", readonly=True)

    _sql_constraints = [
        (
            "dedup_uniq",
            "unique(endpoint_id, dedup_key)",
            "This event was received before; it counts once.",
        ),
    ]
