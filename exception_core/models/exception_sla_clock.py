from odoo import fields, models

CLOCK_STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Met"),
    ("breached", "Breached"),
    ("cancelled", "Cancelled"),
]


class ExceptionSlaClock(models.Model):
    """One promise of one case: its first response, or its resolution, in business seconds."""

    _name = "exception.sla.clock"
    _description = "Exception SLA Clock"
    _order = "deadline, id"

    case_id = fields.Many2one("exception.case", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [("response", "First response"), ("resolution", "Resolution")], required=True
    )
    state = fields.Selection(CLOCK_STATES, required=True, default="running")
    policy_id = fields.Many2one("exception.sla.policy", required=True, index=True)
    calendar_id = fields.Many2one(
        "resource.calendar", "Working hours", index=True, help="Empty: every hour counts."
    )
    allotted = fields.Integer("Seconds promised", required=True)
    used = fields.Integer(
        "Seconds used before", help="Business seconds counted before the present stretch began."
    )
    since = fields.Datetime("Running since", help="When the present stretch began.")
    deadline = fields.Datetime(help="When the promise ends; empty while the clock is paused.")
    warn_at = fields.Datetime("Warns at")
    warned_at = fields.Datetime("Warned")
    breached_at = fields.Datetime("Breached")
    stopped_at = fields.Datetime("Stopped", help="When the promise was kept, or the case ended.")
    next_level_at = fields.Datetime(
        "Next escalation", help="When the next level is due; empty: none."
    )

    _sql_constraints = [
        ("case_kind_uniq", "unique(case_id, kind)", "A case has one clock of each kind."),
    ]
