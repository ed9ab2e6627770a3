from odoo import fields, models
from odoo.tools import SQL

from ..tools.vocabulary import REASON_CLASSES, SEVERITIES
from .exception_case import OUTCOMES

SHARED = (
    "company_id",
    "team_id",
    "user_id",
    "type_id",
    "category_id",
    "severity",
    "outcome",
    "channel_id",
    "detector_id",
    "root_cause_id",
)


class ExceptionReportFlow(models.Model):
    """Two rows a case, one when it was opened and one when it ended, on one axis of time.

    Summed up by day or week they show opened against ended; their difference, added up from the
    beginning, is the backlog. A case that was re-opened counts as ended when it ended last.
    """

    _name = "exception.report.flow"
    _description = "Opened and Ended"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "case_id"
    _depends = {
        "exception.case": [*SHARED, "detected_at", "resolved_at", "closed_at", "is_open"],
        "exception.reason": ["reason_class"],
    }

    case_id = fields.Many2one("exception.case", readonly=True)
    date = fields.Datetime(readonly=True)
    event = fields.Selection([("opened", "Opened"), ("ended", "Ended")], readonly=True)
    opened = fields.Integer(readonly=True)
    ended = fields.Integer(readonly=True)
    change = fields.Integer(
        "Backlog", readonly=True, help="Opened less ended; added up over time it is the backlog."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("exception.team", readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    type_id = fields.Many2one("exception.type", readonly=True)
    category_id = fields.Many2one("exception.category", readonly=True)
    severity = fields.Selection(SEVERITIES, readonly=True)
    outcome = fields.Selection(OUTCOMES, "How it ended", readonly=True)
    channel_id = fields.Many2one("exception.channel", readonly=True)
    detector_id = fields.Many2one("exception.detector", readonly=True)
    root_cause_id = fields.Many2one("exception.reason", "Root cause", readonly=True)
    reason_class = fields.Selection(REASON_CLASSES, "Root-cause class", readonly=True)

    @property
    def _table_query(self):
        columns = [SQL.identifier("c", name) for name in SHARED]
        ended = self.env["exception.report.case"]._ended_at()
        branches = [
            (SQL("2::bigint * c.id"), SQL("c.detected_at"), "opened", SQL("TRUE")),
            (SQL("2::bigint * c.id + 1"), ended, "ended", SQL("NOT c.is_open")),
        ]
        selects = [
            SQL(
                """SELECT %(id)s AS id, c.id AS case_id, %(date)s AS date, %(event)s AS event,
                          %(opened)s AS opened, %(ended)s AS ended, %(change)s AS change,
                          %(columns)s, reason.reason_class
                     FROM exception_case c
                     LEFT JOIN exception_reason reason ON reason.id = c.root_cause_id
                    WHERE %(condition)s""",
                id=row_id,
                date=date,
                event=event,
                opened=int(event == "opened"),
                ended=int(event == "ended"),
                change=1 if event == "opened" else -1,
                columns=SQL(", ").join(columns),
                condition=condition,
            )
            for row_id, date, event, condition in branches
        ]
        return SQL("(%s)", SQL(" UNION ALL ").join(selects))

    def action_open_case(self):
        """Open the case of this row."""
        self.ensure_one()
        return self.case_id._open_form()
