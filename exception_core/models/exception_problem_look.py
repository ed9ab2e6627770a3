from datetime import timedelta

import psycopg2.errors

from odoo import _, api, fields, models
from odoo.tools import SQL, mute_logger

from .exception_case_open import QUIET

# More than a person reads; the strongest come first.
MOST = 50
# Odoo does not repeat a job that met somebody else's save.
ATTEMPTS = 5
# These tell nothing about a cause.
NO_CAUSE = ("false_alarm", "cancelled", "duplicate")


class ExceptionProblemLook(models.Model):
    """Look for cases with one cause: one statement for each thing that they may share.

    From the most specific to the broadest; a case counts in the first group it makes, so that the
    same cases are not suggested five times.
    """

    _inherit = "exception.problem.suggestion"

    def init(self):
        """Make a second suggestion of the same thing impossible."""
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS exception_problem_suggestion_uniq"
            " ON exception_problem_suggestion"
            " (company_id, type_id, dimension, value_id, coalesce(team_id, 0))"
        )

    @api.model
    def look_now(self):
        """Look for problems now; answers how many are suggested to the user."""
        self.check_access_rights("write")
        # sudo: everybody's cases are looked at; who sees a suggestion is a record rule
        self.sudo()._look()
        return self.search_count([("state", "=", "new")])

    @api.model
    def _cron_look(self):
        """Look for problems of every company; again when people changed cases meanwhile."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                # sudo: as in look_now
                self.sudo()._look()
                self.env.flush_all()
                return
            except psycopg2.errors.SerializationFailure:
                if attempt == ATTEMPTS:
                    raise
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)

    @api.model
    def _look(self):
        """Find, keep and drop suggestions, as superuser."""
        number, days = self._thresholds()
        since = fields.Datetime.now() - timedelta(days=days)
        found, claimed = {}, []
        self.env["exception.case"].flush_model()
        self.env["exception.team"].flush_model(["private"])
        dimensions = self._most_specific_first(since)
        for dimension in dimensions:
            others = [name for name in dimensions if name != dimension]
            for row in self._groups(dimension, others, number, since, claimed):
                claimed.extend(row["case_ids"])
                found[self._key(row)] = {**row, "days": days}
        strongest = sorted(found.values(), key=lambda r: (-r["case_count"], -r["exposure"]))
        self._keep({self._key(row): row for row in strongest[:MOST]})

    @api.model
    def _thresholds(self):
        number = self.env["ir.config_parameter"]._exception_number
        return (
            number("exception_core.problem_cases", 5, least=2),
            number("exception_core.problem_days", 14),
        )

    @api.model
    def _most_specific_first(self, since):
        """Return the dimensions in the order in which they claim cases.

        What has many values among the cases of a type says more than what has few: with one
        warehouse and three carriers, a carrier may be the cause, the warehouse cannot. Of as many
        values the order of the model counts.
        """
        cases = self.env["exception.case"]
        names = [
            name
            for name in cases._cause_dimensions()
            # what there is only one of tells nothing
            if self.env[cases._fields[name].comodel_name].search_count([], limit=2) > 1
        ]
        spread = (
            "count(DISTINCT (type_id, %(column)s)) FILTER (WHERE %(column)s IS NOT NULL)::float"
            " / greatest(count(DISTINCT type_id) FILTER (WHERE %(column)s IS NOT NULL), 1)"
        )
        columns = [SQL(spread, column=SQL.identifier(name)) for name in names]
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM exception_case WHERE problem_id IS NULL AND detected_at >= %s",
                SQL(", ").join(columns),
                since,
            )
        )
        values = dict(zip(names, self.env.cr.fetchone(), strict=True))
        return sorted(names, key=lambda name: -values[name])

    @api.model
    def _groups(self, dimension, others, number, since, claimed):
        """Return the groups that share this dimension, as dicts of values, without ``claimed``.

        :param others: names of the dimensions of which is said whether they are shared as well
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT c.company_id, c.type_id, team.id AS team_id, c.%(column)s AS value_id,
                       array_agg(c.id) AS case_ids, count(*) AS case_count,
                       coalesce(sum(c.company_amount) FILTER (WHERE c.is_open), 0) AS exposure,
                       min(c.detected_at) AS first_seen, max(c.detected_at) AS last_seen,
                       jsonb_strip_nulls(jsonb_build_object(%(shared)s)) AS shared
                  FROM exception_case c
             LEFT JOIN exception_team team ON team.id = c.team_id AND team.private
             LEFT JOIN unnest(%(claimed)s::int[]) AS taken(id) ON taken.id = c.id
                 WHERE taken.id IS NULL AND c.problem_id IS NULL AND c.%(column)s IS NOT NULL
                   AND c.detected_at >= %(since)s
                   AND (c.outcome IS NULL OR c.outcome <> ALL(%(no_cause)s))
              GROUP BY 1, 2, 3, 4
                HAVING count(*) >= %(number)s
                """,
                column=SQL.identifier(dimension),
                shared=SQL(", ").join(self._shared_by_all(name) for name in others),
                claimed=claimed,
                since=since,
                no_cause=list(NO_CAUSE),
                number=number,
            )
        )
        return [{**row, "dimension": dimension} for row in self.env.cr.dictfetchall()]

    @api.model
    def _shared_by_all(self, name):
        """SQL: the name, and the value that all cases of the group have in it, else NULL."""
        return SQL(
            "%(name)s::text, CASE WHEN min(%(column)s) = max(%(column)s)"
            " AND count(%(column)s) = count(*) THEN min(%(column)s) END",
            name=name,
            column=SQL("c.%s", SQL.identifier(name)),
        )

    @api.model
    def _key(self, row):
        names = ("company_id", "type_id", "dimension", "value_id", "team_id")
        return tuple(row[name] or 0 for name in names)

    @api.model
    def _keep(self, found):
        """Bring the stored suggestions in line with what was found."""
        names = ["company_id", "type_id", "dimension", "value_id", "team_id"]
        known = {self._key(row): self.browse(row["id"]) for row in self._known_rows(names)}
        for key, suggestion in known.items():
            if key in found:
                suggestion._renew(found[key])
            elif suggestion._is_over():
                suggestion.unlink()
        new = [self._values(found[key]) for key in found if key not in known]
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.with_context(**QUIET).create(new)
        except psycopg2.errors.UniqueViolation:
            # somebody else looked at the same time, and has found them
            return
        self.search([("state", "=", "new")])._tell()

    @api.model
    def _known_rows(self, names):
        return [
            {**row, **{name: self._plain(row[name]) for name in names}}
            for row in self.search_read([], names)
        ]

    @api.model
    def _plain(self, value):
        return value[0] if isinstance(value, tuple) else value

    @api.model
    def _values(self, row):
        return {**row, "case_ids": [(6, 0, row["case_ids"])]}

    def _renew(self, row):
        """Bring one suggestion in line; a dismissed one comes back when it is time or has grown."""
        vals = self._values(row)
        if self.state == "dismissed":
            grown = self.dismissed_count and row["case_count"] >= self.dismissed_count
            due = self.dismissed_until and self.dismissed_until <= fields.Date.context_today(self)
            if grown or due:
                vals["state"] = "new"
        elif self.state == "adopted":
            vals["state"] = "new"
        self.write(vals)

    def _is_over(self):
        """Tell whether a suggestion that is not found any more can go."""
        if self.state == "dismissed" and self.dismissed_until:
            return self.dismissed_until <= fields.Date.context_today(self)
        return self.state == "new"

    # ------------------------------------------------------------------
    # telling
    # ------------------------------------------------------------------

    def _tell(self):
        """Keep one activity for each suggestion, with who answers for the category."""
        quiet = self.with_context(mail_activity_quick_update=True)
        due = fields.Date.context_today(self) + timedelta(days=2)
        known = quiet.activity_search(["exception_core.activity_problem_suggested"])
        by_id = known.grouped("res_id")
        kind = self.env.ref("exception_core.activity_problem_suggested")
        model_id = self.env["ir.model"]._get_id(self._name)
        rows = []
        for suggestion in quiet:
            summary = _("Problem suggested: %s", suggestion.reason)
            if suggestion.id in by_id:
                by_id[suggestion.id].filtered(lambda a, s=summary: a.summary != s).summary = summary
            elif user := suggestion._teller():
                rows.append(
                    {
                        "res_model_id": model_id,
                        "res_id": suggestion.id,
                        "activity_type_id": kind.id,
                        "summary": summary,
                        "date_deadline": due,
                        "user_id": user.id,
                        "automated": True,
                    }
                )
        quiet.env["mail.activity"].create(rows)

    def _teller(self):
        """Return who is told: the category's owner, or a private team's lead."""
        owner = self.category_id.effective_owner_id
        for user in owner | self.team_id.lead_id:
            works = user.active and user.has_group("exception_core.group_lead")
            if works and self.company_id in user.company_ids and self._is_open_to(user):
                return user
        return self.env["res.users"]

    def _is_open_to(self, user):
        team = self.team_id
        insider = user == team.lead_id or user in team.member_ids
        return not team or insider or user.has_group("exception_core.group_manager")
