from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.health import DAY_HOURS, span_words

VERDICTS = [
    ("bad", "Needs you"),
    ("watch", "Look at it"),
    ("good", "Works"),
    ("off", "Not in use"),
]


class ExceptionGatewayHealth(models.Model):
    """One row for each way in or out, with how it is now; nothing of it is stored.

    The rows are a union of endpoints and subscriptions, which costs nothing to search. The figures
    of all rows on the screen come from a few statements (``_figures``), each by an index, however
    many events there are. What the words and colours mean is in docs/health.md.
    """

    _name = "exception.gateway.health"
    _description = "Health of the Gateway"
    _auto = False
    _order = "direction, name, id"

    name = fields.Char(readonly=True)
    direction = fields.Selection([("in", "In"), ("out", "Out")], readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("paused", "Paused")], readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    owner_id = fields.Many2one("res.users", readonly=True)
    endpoint_id = fields.Many2one("exception.event.endpoint", readonly=True)

    verdict = fields.Selection(VERDICTS, "How it is", compute="_compute_figures")
    why = fields.Char(compute="_compute_figures")
    trend = fields.Json("Last day", compute="_compute_figures", help="Events an hour.")
    day_count = fields.Integer("In a day", compute="_compute_figures")
    hour_count = fields.Integer("In the last hour", compute="_compute_figures")
    last_at = fields.Datetime("Last", compute="_compute_figures")
    p50 = fields.Float(compute="_compute_figures", help="Seconds; half are faster.")
    p95 = fields.Float(compute="_compute_figures", help="Seconds; one of twenty is slower.")
    time_words = fields.Char(
        "Done within",
        compute="_compute_figures",
        help="From receipt to done, or from the change to delivered: half of them, and 95 of 100. "
        "Of the last thousand of the last day.",
    )
    failed_count = fields.Integer("Failing", compute="_compute_figures")
    dead_count = fields.Integer("Dead", compute="_compute_figures")
    parked_count = fields.Integer("Parked", compute="_compute_figures")
    waiting_count = fields.Integer("Waiting", compute="_compute_figures")
    oldest_at = fields.Datetime("Oldest waiting", compute="_compute_figures")
    refused_count = fields.Integer(
        "Refused", compute="_compute_figures", help="In the last day: not proved who sent them."
    )
    limited_count = fields.Integer(
        "Too many", compute="_compute_figures", help="In the last day: more than its limit allows."
    )
    circuit = fields.Selection(
        [("closed", "Working"), ("open", "Resting"), ("half_open", "Being tried")],
        compute="_compute_figures",
    )
    reasons = fields.Json("Failures of the last day", compute="_compute_figures")

    @property
    def _table_query(self):
        return SQL("(%s)", SQL(" UNION ALL ").join(self._row_selects()))

    @api.model
    def _row_selects(self):
        """Return the selects of the rows; ways in have even ids."""
        return [
            SQL(
                """SELECT 2 * id AS id, name, 'in' AS direction, state, company_id, owner_id,
                          id AS endpoint_id
                     FROM exception_event_endpoint WHERE active"""
            )
        ]

    # ------------------------------------------------------------------
    # figures
    # ------------------------------------------------------------------

    @api.depends_context("uid", "lang", "tz")
    def _compute_figures(self):
        figures = self._figures(fields.Datetime.now())
        for row in self:
            own = {**self._no_figures(), **figures.get(row.id, {})}
            own["day_count"] = sum(own["trend"])
            own["time_words"] = span_words(own["p50"], own["p95"])
            own["verdict"], own["why"] = row._judge(own)
            row.update({name: own[name] for name in own if name in self._fields})

    @api.model
    def _no_figures(self):
        names = ("hour_count", "failed_count", "dead_count", "parked_count", "waiting_count")
        return {
            **dict.fromkeys((*names, "refused_count", "limited_count"), 0),
            **dict.fromkeys(("last_at", "oldest_at", "p50", "p95", "circuit"), False),
            "trend": [0] * DAY_HOURS,
            "reasons": [],
            "is_stuck": False,
        }

    def _figures(self, now):
        """Return {row id: figures}.

        :param datetime now: naive UTC instant to judge by
        """
        # the record rules of whoever looks have chosen the rows; what is counted follows from them
        endpoints = self.endpoint_id
        if not endpoints:
            return {}
        self.env.flush_all()
        return {2 * key: own for key, own in endpoints.sudo()._health(now).items()}

    def _judge(self, own):
        """Return (verdict, why in words) of a row with its figures."""
        if self.state != "active":
            return "off", dict(self._fields["state"]._description_selection(self.env))[self.state]
        for verdict, holds, words in self._worries(own):
            if holds:
                return verdict, words
        return "good", False
