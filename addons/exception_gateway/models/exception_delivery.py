from odoo import _, fields, models
from odoo.tools import SQL

STATES = [
    ("waiting", "Waiting"),
    ("sending", "Being sent"),
    ("delivered", "Delivered"),
    ("dead", "Given up"),
]
INDEXES = [
    # what a sender looks for
    ("exception_delivery_due_idx", "(subscription_id, next_at)", "state IN ('waiting', 'sending')"),
    # whether an earlier message of the case waits
    (
        "exception_delivery_order_idx",
        "(subscription_id, case_id, id)",
        "state IN ('waiting', 'sending')",
    ),
    ("exception_delivery_sub_idx", "(subscription_id, id)", None),
    ("exception_delivery_done_idx", "(done_at)", "done_at IS NOT NULL"),
]


class ExceptionDelivery(models.Model):
    """One event for one subscription: the outbox, and the log of what left it.

    Rows are written by ``_put_out`` in the transaction of what they tell about, and by the sender
    (``_drain``) afterwards; nobody else writes them. The content is stored as it is signed, and is
    the same for every try, as its id is.
    """

    _name = "exception.delivery"
    _description = "Delivery"
    _inherit = "exception.evidence"
    _order = "id desc"
    _rec_name = "message_id"
    _log_access = False

    subscription_id = fields.Many2one(
        "exception.subscription", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    case_id = fields.Many2one(
        "exception.case", readonly=True, index="btree_not_null", ondelete="set null"
    )
    case_state = fields.Char("State told", readonly=True)
    event_type = fields.Char("Event", required=True, readonly=True)
    message_id = fields.Char("Id", required=True, readonly=True, index=True)
    payload = fields.Text("Content", required=True, readonly=True, prefetch=False)
    state = fields.Selection(STATES, required=True, readonly=True)
    created_at = fields.Datetime("Happened", required=True, readonly=True)
    since = fields.Datetime("Waiting since", required=True, readonly=True)
    next_at = fields.Datetime("Next try", readonly=True)
    attempts = fields.Integer("Tries", readonly=True)
    replays = fields.Integer("Sent again", readonly=True)
    status = fields.Integer("Last answer", readonly=True, group_operator=None)
    error = fields.Char("Problem", readonly=True)
    done_at = fields.Datetime("Ended", readonly=True)
    attempt_ids = fields.One2many("exception.delivery.attempt", "delivery_id", "Tries made")

    _sql_constraints = [
        (
            "message_uniq",
            "unique(subscription_id, message_id)",
            "An event is told once to a subscription.",
        ),
    ]

    def init(self):
        """Create the partial indexes."""
        for name, columns, condition in INDEXES:
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX IF NOT EXISTS %s ON exception_delivery %s %s",
                    SQL.identifier(name),
                    SQL(columns),
                    SQL("WHERE %s", SQL(condition)) if condition else SQL(),
                )
            )

    def _compute_display_name(self):
        for one in self:
            one.display_name = _(
                "%(event)s for %(receiver)s",
                event=one.event_type,
                receiver=one.subscription_id.name,
            )

    def action_open_case(self):
        """Open the case that the message is about."""
        self.ensure_one()
        self.check_access_rule("read")
        return self.case_id._open_form() if self.case_id else None
