from odoo import _, api, fields, models
from odoo.tools import SQL

CLOCK_STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Met"),
    ("breached", "Breached"),
    ("cancelled", "Cancelled"),
]
CLOCK_KINDS = [("response", "First response"), ("resolution", "Resolution")]
# One line an index: name, columns, condition. The tick reads by deadline, changes by the others.
INDEXES = [
    ("exception_sla_clock_deadline_idx", "(deadline)", "state = 'running'"),
    ("exception_sla_clock_level_idx", "(next_level_at)", "next_level_at IS NOT NULL"),
    ("exception_sla_clock_policy_idx", "(policy_id)", "stopped_at IS NULL"),
    ("exception_sla_clock_calendar_idx", "(calendar_id)", "stopped_at IS NULL"),
]


class ExceptionSlaClock(models.Model):
    """One promise of one case: its first response, or its resolution, in business seconds.

    A clock is written by the model only, in batches: ``exception_sla_clock_plan`` makes and moves
    clocks, ``exception_sla_clock_change`` follows changes of what was promised. What a clock does
    is said in ``tools/sla_clock``. The case mirrors the deadlines of its clocks.
    """

    _name = "exception.sla.clock"
    _description = "Exception SLA Clock"
    _order = "deadline, id"
    _rec_name = "kind"

    case_id = fields.Many2one("exception.case", required=True, ondelete="cascade")
    kind = fields.Selection(CLOCK_KINDS, required=True)
    state = fields.Selection(CLOCK_STATES, required=True, default="running")
    policy_id = fields.Many2one(
        "exception.sla.policy", "Service level", required=True, ondelete="restrict"
    )
    why = fields.Json(help="Which line of the service level was promised, as plain values.")
    reason = fields.Char(
        "Promised because",
        compute="_compute_reason",
        help="The line of the service level that fits the case best: the one with most conditions.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        ondelete="set null",
        help="Empty: every hour counts.",
    )
    allotted = fields.Integer("Seconds promised", required=True)
    used = fields.Integer(
        "Seconds used before",
        help="Business seconds that counted; of a running clock those before its present stretch.",
    )
    since = fields.Datetime("Running since", help="When the present stretch began.")
    deadline = fields.Datetime(
        help="When the promise ends. Empty while the clock is paused: it is known when the case "
        "goes on. An ended case keeps its last deadline."
    )
    warn_at = fields.Datetime("Warns at")
    warned_at = fields.Datetime("Warned")
    breached_at = fields.Datetime("Breached")
    stopped_at = fields.Datetime("Stopped", help="When the promise was kept, or the case ended.")
    restarts = fields.Integer(
        required=True,
        default=0,
        help="How often the case was re-opened with a new promise; each escalates by itself.",
    )
    next_level_at = fields.Datetime(
        "Next escalation", help="When the next level is due; empty: none."
    )

    allotted_hours = fields.Float("Promised", compute="_compute_hours")
    used_hours = fields.Float(
        "Used", compute="_compute_hours", help="Working time used until now, or until it stopped."
    )
    left_hours = fields.Float(
        "Left", compute="_compute_hours", help="Working time that is left; negative: too late by."
    )
    case_state = fields.Selection(related="case_id.state", string="State of the case")
    severity = fields.Selection(related="case_id.severity")
    team_id = fields.Many2one(related="case_id.team_id")
    user_id = fields.Many2one(related="case_id.user_id", string="Owner")
    company_id = fields.Many2one(related="case_id.company_id")

    _sql_constraints = [
        ("case_kind_uniq", "unique(case_id, kind)", "A case has one clock of each kind."),
    ]

    def init(self):
        """Create the partial indexes, which a field cannot declare."""
        for name, columns, condition in INDEXES:
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX IF NOT EXISTS %s ON exception_sla_clock %s WHERE %s",
                    SQL.identifier(name),
                    SQL(columns),
                    SQL(condition),
                )
            )

    @api.depends("policy_id", "why")
    @api.depends_context("lang")
    def _compute_reason(self):
        targets = self.env["exception.sla.target"]
        for clock in self:
            clock.reason = _(
                "%(policy)s: %(cases)s",
                policy=clock.policy_id.name,
                cases=targets._sentence(clock.why),
            )

    @api.depends("allotted", "used", "since", "stopped_at", "calendar_id")
    def _compute_hours(self):
        now = fields.Datetime.now()
        for calendar, clocks in self.grouped("calendar_id").items():
            # sudo: working hours may belong to a company that the user has not switched on
            hours = calendar.sudo()._exception_hours()
            for clock in clocks:
                used = clock.used
                if clock.since and not clock.stopped_at:
                    used += hours.seconds_between(clock.since, now)
                clock.allotted_hours = clock.allotted / 3600
                clock.used_hours = used / 3600
                clock.left_hours = (clock.allotted - used) / 3600

    @api.depends("case_id.name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for clock in self:
            clock.display_name = f"{clock.case_id.name or ''} {kinds.get(clock.kind, '')}".strip()

    def action_open_case(self):
        """Open the case of the clock."""
        self.ensure_one()
        self.case_id.check_access_rule("read")
        return self.case_id._open_form()
