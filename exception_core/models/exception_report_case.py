from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.vocabulary import DISPOSITIONS, REASON_CLASSES, SEVERITIES
from .exception_case import OUTCOMES, STATES

# How long a case has been open: key, label, from how many days on.
AGES = [
    ("1", "Under 1 day", 0),
    ("2", "1 to 3 days", 1),
    ("3", "3 to 7 days", 3),
    ("4", "7 to 30 days", 7),
    ("5", "30 days and more", 30),
]
PROMISES = [
    ("met", "Met"),
    ("breached", "Breached"),
    ("running", "Running"),
    ("paused", "Paused"),
    ("cancelled", "Cancelled"),
]
# Columns of the case that the report shows as they are.
CASE_COLUMNS = (
    "company_id",
    "team_id",
    "user_id",
    "type_id",
    "category_id",
    "severity",
    "disposition",
    "state",
    "is_open",
    "outcome",
    "channel_id",
    "country_id",
    "partner_id",
    "detector_id",
    "sla_policy_id",
    "tier_id",
    "problem_id",
    "root_cause_id",
    "reopen_count",
    "detected_at",
    "first_response_at",
    "resolved_at",
)
# Cases that were dealt with; the others turned out to be none, or to be another one.
WORKED = ("auto", "approved", "manual", "cleared", "accepted")


class ExceptionReportCase(models.Model):
    """One row a case, with its promises, its times and how it ended, for pivot and graph.

    A query and no stored view: ages and overdue promises are of this moment, money is in the
    currency of the reader's company, and columns of the case may change without a view in the
    way. What a question does not ask for is not joined (every join is on a unique key), so that
    it stays quick over a million cases. Record rules are those of the cases.
    """

    _name = "exception.report.case"
    _description = "Cases Analysis"
    _auto = False
    _order = "detected_at desc, id desc"
    _rec_name = "case_id"
    _depends = {
        "exception.case": [*CASE_COLUMNS, "company_amount", "is_leading", "closed_at"],
        "exception.sla.clock": ["case_id", "kind", "state", "deadline", "used", "stopped_at"],
        "exception.escalation.event": ["case_id"],
        "exception.reason": ["reason_class"],
    }

    case_id = fields.Many2one("exception.case", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("exception.team", readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    type_id = fields.Many2one("exception.type", readonly=True)
    category_id = fields.Many2one("exception.category", readonly=True)
    severity = fields.Selection(SEVERITIES, readonly=True)
    disposition = fields.Selection(DISPOSITIONS, readonly=True)
    state = fields.Selection(STATES, readonly=True)
    is_open = fields.Boolean("Open", readonly=True)
    outcome = fields.Selection(OUTCOMES, "How it ended", readonly=True)
    channel_id = fields.Many2one("exception.channel", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    detector_id = fields.Many2one("exception.detector", readonly=True)
    sla_policy_id = fields.Many2one("exception.sla.policy", "Service level", readonly=True)
    tier_id = fields.Many2one("exception.tier", readonly=True)
    problem_id = fields.Many2one("exception.problem", readonly=True)
    root_cause_id = fields.Many2one("exception.reason", "Root cause", readonly=True)
    reason_class = fields.Selection(REASON_CLASSES, "Root-cause class", readonly=True)

    detected_at = fields.Datetime("Opened", readonly=True)
    first_response_at = fields.Datetime("First response", readonly=True)
    resolved_at = fields.Datetime("Resolved", readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)

    open_count = fields.Integer("Open cases", readonly=True)
    age_days = fields.Float(
        "Age of open cases (days)", readonly=True, group_operator="avg", digits=(16, 1)
    )
    age = fields.Selection(
        [(key, label) for key, label, _days in AGES], readonly=True, help="Of open cases."
    )
    amount_open = fields.Monetary(
        "At stake, open",
        readonly=True,
        help="Each record once (its leading case), in the currency of your company.",
    )
    amount_resolved = fields.Monetary(
        "At stake, resolved",
        readonly=True,
        help="Of cases that were dealt with, in the currency of your company.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)

    response_state = fields.Selection(PROMISES, "First response: promise", readonly=True)
    response_met = fields.Integer("First response met", readonly=True)
    response_breached = fields.Integer("First response breached", readonly=True)
    response_rate = fields.Float(
        "First response met (share)",
        readonly=True,
        group_operator="avg",
        help="Of the promises that are decided: 0.9 means nine of ten were kept.",
    )
    response_hours = fields.Float(
        "First response (working hours)", readonly=True, group_operator="avg"
    )
    response_wall_hours = fields.Float(
        "First response (hours by the clock)", readonly=True, group_operator="avg"
    )
    resolution_state = fields.Selection(PROMISES, "Resolution: promise", readonly=True)
    resolution_met = fields.Integer("Resolution met", readonly=True)
    resolution_breached = fields.Integer("Resolution breached", readonly=True)
    resolution_rate = fields.Float(
        "Resolution met (share)",
        readonly=True,
        group_operator="avg",
        help="Of the promises that are decided: 0.9 means nine of ten were kept.",
    )
    resolution_hours = fields.Float(
        "Resolution (working hours)", readonly=True, group_operator="avg"
    )
    resolution_wall_hours = fields.Float(
        "Resolution (hours by the clock)", readonly=True, group_operator="avg"
    )

    false_alarm_count = fields.Integer("False alarms", readonly=True)
    false_alarm_rate = fields.Float(
        "False alarms (share)",
        readonly=True,
        group_operator="avg",
        help="Of the cases that have ended: 0.1 means one of ten was none.",
    )
    escalation_count = fields.Integer("Escalations", readonly=True)
    reopen_count = fields.Integer("Times re-opened", readonly=True)

    @property
    def _table_query(self):
        columns = [SQL.identifier("c", name) for name in CASE_COLUMNS]
        return SQL(
            """(SELECT c.id, c.id AS case_id, %(columns)s, reason.reason_class,
                      %(ended)s AS ended_at, %(figures)s, %(response)s, %(resolution)s
                 FROM exception_case c
                 %(money)s
                 LEFT JOIN exception_reason reason ON reason.id = c.root_cause_id
                 LEFT JOIN exception_sla_clock response
                        ON response.case_id = c.id AND response.kind = 'response'
                 LEFT JOIN exception_sla_clock resolution
                        ON resolution.case_id = c.id AND resolution.kind = 'resolution')""",
            columns=SQL(", ").join(columns),
            ended=self._ended_at(),
            figures=self._figures(),
            response=self._promise("response", SQL("c.first_response_at")),
            resolution=self._promise("resolution", SQL("c.resolved_at")),
            money=self._money(),
        )

    @api.model
    def _ended_at(self):
        return SQL("CASE WHEN NOT c.is_open THEN COALESCE(c.resolved_at, c.closed_at) END")

    @api.model
    def _figures(self):
        """Counts, age and money of a case."""
        now = fields.Datetime.now()
        ages = [
            SQL("WHEN c.detected_at <= %s THEN %s", now - timedelta(days=days), key)
            for key, _label, days in reversed(AGES[1:])
        ]
        return SQL(
            """c.is_open::integer AS open_count,
               CASE WHEN c.is_open
                    THEN EXTRACT(EPOCH FROM %(now)s::timestamp - c.detected_at) / 86400 END
                    AS age_days,
               CASE WHEN NOT c.is_open THEN NULL %(ages)s ELSE %(first)s END AS age,
               CASE WHEN c.is_open AND c.is_leading THEN c.company_amount * money.factor
                    ELSE 0 END AS amount_open,
               CASE WHEN c.outcome IN %(worked)s THEN c.company_amount * money.factor
                    ELSE 0 END AS amount_resolved,
               %(currency)s::integer AS currency_id,
               (c.outcome = 'false_alarm')::integer AS false_alarm_count,
               CASE WHEN NOT c.is_open
                    THEN (c.outcome = 'false_alarm')::integer END AS false_alarm_rate,
               (SELECT count(*) FROM exception_escalation_event event
                 WHERE event.case_id = c.id) AS escalation_count""",
            now=now,
            ages=SQL(" ").join(ages),
            first=AGES[0][0],
            worked=WORKED,
            currency=self.env.company.currency_id.id,
        )

    @api.model
    def _promise(self, kind, answered_at):
        """How one promise went: state, counts, and the time it took, worked and by the clock."""
        clock = {name: SQL.identifier(kind, name) for name in ("state", "deadline", "used", "id")}
        state = SQL(
            # the tick comes once a minute; what is over is over
            "CASE WHEN %s = 'running' AND %s < %s THEN 'breached' ELSE %s END",
            clock["state"],
            clock["deadline"],
            fields.Datetime.now(),
            clock["state"],
        )
        return SQL(
            """%(state)s AS %(state_name)s,
               (%(state)s = 'met')::integer AS %(met)s,
               (%(state)s = 'breached')::integer AS %(breached)s,
               CASE %(state)s WHEN 'met' THEN 1.0 WHEN 'breached' THEN 0.0 END AS %(rate)s,
               CASE WHEN %(stopped)s IS NOT NULL AND %(raw)s IN ('met', 'breached')
                    THEN %(used)s / 3600.0 END AS %(hours)s,
               EXTRACT(EPOCH FROM %(answered)s - c.detected_at) / 3600 AS %(wall)s""",
            state=state,
            raw=clock["state"],
            used=clock["used"],
            stopped=SQL.identifier(kind, "stopped_at"),
            answered=answered_at,
            state_name=SQL.identifier(f"{kind}_state"),
            met=SQL.identifier(f"{kind}_met"),
            breached=SQL.identifier(f"{kind}_breached"),
            rate=SQL.identifier(f"{kind}_rate"),
            hours=SQL.identifier(f"{kind}_hours"),
            wall=SQL.identifier(f"{kind}_wall_hours"),
        )

    @api.model
    def _money(self):
        """Join the factor from each company's currency to that of the reader's company."""
        # sudo: only currencies are read; whose cases are seen is up to the record rules
        companies = self.env["res.company"].sudo().with_context(active_test=False).search([])
        today = fields.Date.context_today(self)
        target = self.env.company
        rows = [
            SQL(
                "(%s, %s)",
                company.id,
                company.currency_id._get_conversion_rate(
                    company.currency_id, target.currency_id, target, today
                ),
            )
            for company in companies
        ]
        return SQL(
            "JOIN (VALUES %s) AS money (company_id, factor) ON money.company_id = c.company_id",
            SQL(", ").join(rows),
        )

    def action_open_case(self):
        """Open the case of this row."""
        self.ensure_one()
        return self.case_id._open_form()
