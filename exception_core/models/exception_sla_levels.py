from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

LIVE = ("running", "breached")


class ExceptionSlaLevels(models.Model):
    """When the levels of a clock are due.

    Levels come in the order warning, breach, hours after breach, so only the first one that a
    clock has not reached yet needs a moment; business time is computed for all clocks of one
    calendar at once.
    """

    _inherit = "exception.sla.clock"

    event_ids = fields.One2many("exception.escalation.event", "clock_id", "Escalations")

    def init(self):
        """Index the clocks that are still to warn."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS exception_sla_clock_warn_idx"
                " ON exception_sla_clock (warn_at)"
                " WHERE state = 'running' AND warned_at IS NULL"
            )
        )
        return result

    def _schedule_levels(self):
        """Set when each clock's next level is due; empty for clocks that stand still."""
        if not self:
            return
        due = self._next_levels()
        self._store_levels([due.get(clock_id) for clock_id in self.ids])
        self._stopped_cases()._close_escalations()

    def _next_levels(self, cases=None):
        """Return {clock id: when its next level is due}; parameter as for ``_pending_levels``."""
        first = {}
        for row in self._pending_levels(cases):
            first.setdefault(row["clock_id"], row)
        moments = self._level_moments(first.values())
        return {
            row["clock_id"]: moment for row, moment in zip(first.values(), moments, strict=True)
        }

    def _store_levels(self, moments):
        self.env.cr.execute(
            SQL(
                """UPDATE exception_sla_clock AS clock SET next_level_at = due.at
                     FROM unnest(%s::integer[], %s::timestamp[]) AS due (id, at)
                    WHERE clock.id = due.id AND clock.id = ANY(%s)
                      AND clock.next_level_at IS DISTINCT FROM due.at""",
                self.ids,
                moments,
                self.ids,
            )
        )
        self.invalidate_recordset(["next_level_at"], flush=False)

    def _stopped_cases(self):
        """Return the cases of which a clock here has stopped."""
        self.env.cr.execute(
            SQL(
                "SELECT DISTINCT case_id FROM exception_sla_clock"
                " WHERE id = ANY(%s) AND stopped_at IS NOT NULL",
                self.ids,
            )
        )
        return self.env["exception.case"].browse(row[0] for row in self.env.cr.fetchall())

    def _pending_levels(self, cases=None):
        """Return the levels that these clocks have not reached yet, each clock's in their order.

        The policy is the type's, else the team's, else the default of the case's company, else
        the default of all companies.

        :param cases: SQL of id, type_id, team_id and company_id of open cases; default: as stored
        :return: list of dicts with clock_id, level_id, calendar_id, trigger, the clock's warn_at
            and deadline, and the business seconds from a start after which a level comes later
        """
        if cases is None:
            self.env.flush_all()
            cases = SQL("(SELECT * FROM exception_case WHERE is_open)")
        self.env.cr.execute(
            SQL(
                """
                SELECT clock.id AS clock_id, clock.calendar_id, clock.warn_at, clock.deadline,
                       level.id AS level_id, level.trigger,
                       GREATEST(clock.since, clock.deadline) AS start,
                       -- a pause after the breach does not count
                       CASE WHEN clock.since > clock.deadline
                            THEN GREATEST(clock.allotted - clock.used + level.delay_seconds, 0)
                            ELSE level.delay_seconds END AS seconds
                  FROM exception_sla_clock AS clock
                  JOIN %s AS c ON c.id = clock.case_id
                  JOIN exception_type AS kind ON kind.id = c.type_id
             LEFT JOIN exception_team AS team ON team.id = c.team_id
            CROSS JOIN LATERAL (
                       SELECT p.id FROM exception_escalation_policy AS p
                        WHERE p.active AND (p.company_id IS NULL OR p.company_id = c.company_id)
                          AND (p.is_default OR p.id = kind.escalation_policy_id
                               OR p.id = team.escalation_policy_id)
                        ORDER BY (p.id = kind.escalation_policy_id) IS TRUE DESC,
                                 (p.id = team.escalation_policy_id) IS TRUE DESC,
                                 p.company_id IS NULL, p.sequence, p.id
                        LIMIT 1) AS policy
                  JOIN exception_escalation_level AS level
                    ON level.policy_id = policy.id AND level.clock_kind IN ('both', clock.kind)
                 WHERE clock.id = ANY(%s) AND clock.state = ANY(%s)
                   AND clock.stopped_at IS NULL AND clock.since IS NOT NULL
                   AND clock.deadline IS NOT NULL
                   AND (level.trigger != 'warning' OR clock.warn_at IS NOT NULL)
                   AND NOT EXISTS (
                       SELECT FROM exception_escalation_event AS event
                        WHERE event.clock_id = clock.id AND event.level_id = level.id
                          AND event.restarts = clock.restarts)
                 ORDER BY clock.id,
                       CASE level.trigger WHEN 'warning' THEN 0 WHEN 'breach' THEN 1 ELSE 2 END,
                       CASE level.trigger WHEN 'after' THEN level.delay_seconds ELSE 0 END,
                       level.sequence, level.id
                """,
                cases,
                self.ids,
                list(LIVE),
            )
        )
        return self.env.cr.dictfetchall()

    def _level_moments(self, rows):
        """Return when each pending level is due, naive UTC: one batch for each calendar."""
        calendars = self.env["resource.calendar"].sudo()  # sudo: working hours of any company
        later = defaultdict(list)
        for row in rows:
            if row["trigger"] == "after":
                later[row["calendar_id"]].append((row["start"], row["seconds"]))
        due = {}
        for calendar_id, items in later.items():
            items = list(dict.fromkeys(items))
            moments = calendars.browse(calendar_id or ())._exception_due(items)
            due.update({(calendar_id, *item): at for item, at in zip(items, moments, strict=True)})
        fixed = {"warning": "warn_at", "breach": "deadline"}
        return [
            row[fixed[row["trigger"]]]
            if row["trigger"] in fixed
            else due[row["calendar_id"], row["start"], row["seconds"]]
            for row in rows
        ]
