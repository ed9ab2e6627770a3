from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

TREND_DAYS = 14

COUNTS = (
    "open_count",
    "unassigned_count",
    "mine_count",
    "waiting_count",
    "due_today_count",
    "breached_count",
)


class ExceptionTeam(models.Model):
    """What the team overview shows of each queue.

    All figures of all teams come from two statements, whatever the number of cases: one over the
    open ones (a partial index), one over those detected in the last fortnight. Both carry the
    record rules of whoever looks, so nobody counts what they may not see.
    """

    _inherit = "exception.team"

    open_count = fields.Integer("Open", compute="_compute_overview")
    unassigned_count = fields.Integer("Unassigned", compute="_compute_overview")
    mine_count = fields.Integer("Mine", compute="_compute_overview")
    waiting_count = fields.Integer("Waiting", compute="_compute_overview")
    due_today_count = fields.Integer(
        "Due today", compute="_compute_overview", help="Due later today; breached ones are apart."
    )
    breached_count = fields.Integer("Breached", compute="_compute_overview")
    exposure = fields.Monetary(
        "At stake",
        compute="_compute_overview",
        help="Sum over the open cases, each record once (its leading case), in the currency of "
        "your current company.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_overview")
    oldest_at = fields.Datetime("Oldest", compute="_compute_overview")
    trend = fields.Json("Cases a day", compute="_compute_trend")

    @api.depends_context("uid", "company", "allowed_company_ids", "tz")
    def _compute_overview(self):
        currency = self.env.company.currency_id
        figures = {team.id: dict.fromkeys(COUNTS, 0) for team in self}
        for team_id, company_id, amount, oldest, *counts in self._overview_rows():
            figure = figures[team_id]
            for name, count in zip(COUNTS, counts, strict=True):
                figure[name] += count
            figure["exposure"] = figure.get("exposure", 0) + self._in_own_currency(
                amount, company_id
            )
            figure["oldest_at"] = min(figure.get("oldest_at", oldest), oldest)
        for team in self:
            figure = {"exposure": 0, "oldest_at": False, **figures.get(team.id, {})}
            team.update({**dict.fromkeys(COUNTS, 0), **figure, "currency_id": currency})

    @api.depends_context("uid", "allowed_company_ids", "tz")
    def _compute_trend(self):
        counts = {}
        for team_id, day, count in self._trend_rows():
            counts.setdefault(team_id, [0] * TREND_DAYS)[day - 1] = count
        for team in self:
            team.trend = counts.get(team.id) or [0] * TREND_DAYS

    def _overview_rows(self):
        """Return a row for each team and company with open cases."""
        if not self.ids:
            return []
        case_model = self.env["exception.case"]
        query = case_model._search([("team_id", "in", self.ids), ("is_open", "=", True)])
        column = self._case_columns(
            query, "team_id company_id company_amount is_leading detected_at user_id state date_due"
        )
        now = fields.Datetime.now()
        conditions = [
            SQL("TRUE"),
            SQL("%s IS NULL", column["user_id"]),
            SQL("%s = %s", column["user_id"], self.env.uid),
            SQL("%s = 'waiting'", column["state"]),
            SQL(
                "%(due)s >= %(now)s AND %(due)s < %(tomorrow)s",
                due=column["date_due"],
                now=now,
                tomorrow=self._midnights(1, 1)[0],
            ),
            SQL("%s < %s", column["date_due"], now),
        ]
        counts = [SQL("count(*) FILTER (WHERE %s)", condition) for condition in conditions]
        self.env.cr.execute(
            SQL(
                "SELECT %(team)s, %(company)s, sum(%(amount)s) FILTER (WHERE %(leading)s),"
                " min(%(detected)s), %(counts)s"
                " FROM %(table)s WHERE %(where)s GROUP BY 1, 2",
                team=column["team_id"],
                company=column["company_id"],
                amount=column["company_amount"],
                leading=column["is_leading"],
                detected=column["detected_at"],
                counts=SQL(", ").join(counts),
                table=query.from_clause,
                where=query.where_clause,
            )
        )
        return self.env.cr.fetchall()

    def _trend_rows(self):
        """Return (team, day, cases detected) of the last days; the last day is today."""
        if not self.ids:
            return []
        midnights = self._midnights(1 - TREND_DAYS, TREND_DAYS + 1)
        domain = [("team_id", "in", self.ids), ("detected_at", ">=", midnights[0])]
        query = self.env["exception.case"]._search([*domain, ("detected_at", "<", midnights[-1])])
        column = self._case_columns(query, "team_id detected_at")
        self.env.cr.execute(
            SQL(
                "SELECT %(team)s, width_bucket(%(detected)s, %(midnights)s::timestamp[]), count(*)"
                " FROM %(table)s WHERE %(where)s GROUP BY 1, 2",
                team=column["team_id"],
                detected=column["detected_at"],
                midnights=midnights,
                table=query.from_clause,
                where=query.where_clause,
            )
        )
        return self.env.cr.fetchall()

    def _case_columns(self, query, names):
        """Flush the named columns of the cases and return each as SQL."""
        case_model = self.env["exception.case"]
        names = names.split()
        case_model.flush_model(names)
        return {name: case_model._field_to_sql(query.table, name, query) for name in names}

    def _midnights(self, first, count):
        """Return when ``count`` days of the user's zone begin, naive UTC; today is day 0."""
        zone = pytz.timezone(self.env.user.tz or "UTC")
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
        days = (today + timedelta(days=first + index) for index in range(count))
        return [
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in days
        ]

    def _in_own_currency(self, amount, company_id):
        """Convert a sum in a company's currency into that of the user's current company."""
        # sudo: only the currency is read, and only of a company whose cases the user sees
        company = self.env["res.company"].sudo().browse(company_id)
        target = self.env.company.currency_id
        if not amount or company.currency_id == target:
            return amount or 0.0
        return company.currency_id._convert(
            amount, target, self.env.company, fields.Date.context_today(self)
        )
