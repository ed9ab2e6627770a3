from odoo import api, fields, models
from odoo.tools import SQL

from .exception_escalation_level import CLOCK_KINDS


class ExceptionEscalationEvent(models.Model):
    """One level that one clock has reached: when, what was done, and who was told.

    Written by the tick only and never changed. The words are kept, so that a level that was
    edited or deleted since does not change what is known about the past.
    """

    _name = "exception.escalation.event"
    _description = "Exception Escalation"
    _order = "id desc"
    _rec_name = "level_words"

    clock_id = fields.Many2one(
        "exception.sla.clock", required=True, index=True, readonly=True, ondelete="cascade"
    )
    case_id = fields.Many2one(
        "exception.case", required=True, index=True, readonly=True, ondelete="cascade"
    )
    policy_id = fields.Many2one(
        "exception.escalation.policy", index=True, readonly=True, ondelete="set null"
    )
    level_id = fields.Many2one(
        "exception.escalation.level",
        "Level now",
        index=True,
        readonly=True,
        ondelete="set null",
    )
    level_number = fields.Integer("Level", readonly=True, group_operator="max")
    level_words = fields.Char("What was due", readonly=True)
    kind = fields.Selection(CLOCK_KINDS, "Promise", readonly=True)
    restarts = fields.Integer(
        required=True,
        default=0,
        readonly=True,
        help="Which promise of the clock: how often it had begun anew.",
    )
    due_at = fields.Datetime("Level reached", readonly=True, help="When the level was due.")
    at = fields.Datetime("Carried out", required=True, readonly=True)
    state = fields.Selection(
        [("done", "Done"), ("failed", "Failed")], "Result", required=True, readonly=True
    )
    result = fields.Text("What was done", readonly=True)
    user_ids = fields.Many2many(
        "res.users",
        "exception_escalation_event_user_rel",
        "event_id",
        "user_id",
        "Told",
        readonly=True,
    )
    team_id = fields.Many2one("exception.team", readonly=True, index=True, ondelete="set null")
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="cascade")
    told_at = fields.Datetime(
        "Message sent", readonly=True, help="Empty: the message of this tick is still to come."
    )

    _sql_constraints = [
        (
            "clock_level_uniq",
            "unique(clock_id, level_id, restarts)",
            "A level comes once for a promise.",
        ),
    ]

    @api.model
    def init(self):
        """Index the few whose message is still to come."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS exception_escalation_event_untold_idx"
                " ON exception_escalation_event (id) WHERE told_at IS NULL"
            )
        )
        return result
