from odoo import _, api, models
from odoo.tools import SQL
from odoo.tools.misc import format_datetime, split_every

from ..tools.job import commit

BATCH_SIZE = 1000
CHANGES_AT_ONCE = 500


class ExceptionSlaClockChange(models.Model):
    """What was promised changes: clocks that run are planned anew, and their cases say so."""

    _inherit = "exception.sla.clock"

    def _replan(self, now, text):
        """Plan these clocks by what their cases are promised now.

        Time that was worked counts by the hours that counted then: a case handed to a team with
        other hours keeps what it used. When the hours of a calendar were corrected, the stretch
        that runs is counted anew. What was broken stays broken.

        :param text: why, as a sentence for the cases
        """
        clocks = self.filtered(lambda clock: not clock.stopped_at and clock.state != "breached")
        # sudo: a promise holds whoever changes what it follows from
        promise = self.env["exception.sla.policy"].sudo()._promises()
        hours = self._hours()
        before, changed, rows = {}, [], []
        for clock in clocks:
            policy, target, calendar, why, share = promise(clock.case_id)
            if not target:
                continue
            old, plain = clock._plain_clock(), clock._plain_clock()
            plain.allotted = target[f"{clock.kind}_seconds"]
            plain.warn_percent = share
            other = calendar != clock.calendar_id and clock.calendar_id
            at = max(now, clock.since) if clock.since else now
            plain.replan(at, hours[calendar], hours[clock.calendar_id] if other else None)
            was = clock.policy_id.id, self._json(clock.why), clock.calendar_id.id
            if plain.state == "breached":
                # it was too late for another promise
                plain.allotted = old.allotted
                row = self._row(plain, *was)
            else:
                row = self._row(plain, policy.id, why, calendar.id)
            if row != self._row(old, *was):
                before[clock.id] = old.deadline
                changed.append(clock.id)
                rows.append(row)
        moved = self.browse(changed)
        moved._store(rows)
        moved._say_moved(before, text)
        return moved

    def _say_moved(self, before, text):
        """Note on each case which of its deadlines moved, from when to when, and why."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        bodies = {}
        for case, clocks in self.grouped("case_id").items():
            lines = [
                _(
                    "%(kind)s: due %(new)s, was %(old)s.",
                    kind=kinds[clock.kind],
                    new=clock._local_deadline(clock.deadline),
                    old=clock._local_deadline(before[clock.id]),
                )
                for clock in clocks.sorted(lambda clock: clock.kind == "resolution")
                if clock.deadline and before[clock.id] and clock.deadline != before[clock.id]
            ]
            if lines:
                bodies[case.id] = " ".join([text, *lines])
        cases = self.env["exception.case"].browse(bodies)
        if cases:
            cases._message_log_batch(bodies=bodies)

    def _local_deadline(self, moment):
        """Write an instant in the zone of the clock's hours, which is named: many will read it."""
        company = self.case_id.company_id
        zone = self.calendar_id.tz or company.partner_id.tz or self.env.user.tz or "UTC"
        return f"{format_datetime(self.env, moment, tz=zone, dt_format='short')} ({zone})"

    # ------------------------------------------------------------------
    # the queue of changes
    # ------------------------------------------------------------------

    @api.model
    def _apply_changes(self):
        """Plan anew what saved policies, hours and holidays moved; the tick does, one at a time.

        :return: how many changed records were followed
        """
        changes = self._take_changes()
        for change in changes:
            self._apply_change(change)
        self._forget(changes)
        return len(changes)

    @api.model
    def _apply_change(self, change):
        ids = self.search(self._domain_of_change(change), order="id").ids
        text = _("%s changed.", self._name_of_change(change))
        for batch in split_every(BATCH_SIZE, ids):
            clocks = self.browse(batch)
            if change["kind"] == "policy":
                clocks._follow_pauses(change["changed_at"])
            clocks._replan(change["changed_at"], text)
            commit(self.env)

    @api.model
    def _take_changes(self):
        """Return the waiting changes, each record once, with the first moment it changed.

        They stay in the queue until they are applied: a job that is killed begins again, and
        planning twice moves nothing.
        """
        self.env["exception.sla.change"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT kind, res_id, min(changed_at) AS changed_at, array_agg(id) AS ids
                     FROM (SELECT * FROM exception_sla_change ORDER BY id LIMIT %s) AS waiting
                    GROUP BY kind, res_id ORDER BY min(id)""",
                CHANGES_AT_ONCE,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _domain_of_change(self, change):
        """Return which clocks a change may move."""
        kind, res_id = change["kind"], change["res_id"]
        alive = [("stopped_at", "=", False), ("state", "in", ("running", "paused"))]
        if kind == "policy":
            return [("policy_id", "=", res_id), *alive]
        if kind == "calendar":
            return [("calendar_id", "=", res_id), *alive]
        if kind == "days_off":
            company = [("calendar_id.company_id", "in", [res_id, False])] if res_id else []
            return [("calendar_id", "!=", False), *company, *alive]
        field = {"team": "case_id.team_id", "company": "case_id.company_id"}[kind]
        return [(field, "=", res_id), ("case_id.is_open", "=", True), *alive]

    @api.model
    def _name_of_change(self, change):
        models_of = {
            "policy": "exception.sla.policy",
            "calendar": "resource.calendar",
            "team": "exception.team",
            "company": "res.company",
        }
        kinds = dict(
            self.env["exception.sla.change"]._fields["kind"]._description_selection(self.env)
        )
        label = kinds[change["kind"]]
        if change["kind"] not in models_of:
            return label
        record = self.env[models_of[change["kind"]]].browse(change["res_id"]).exists()
        return f"{label} “{record.display_name}”" if record else label

    def _follow_pauses(self, now):
        """Let clocks of waiting cases rest or go on, as their policy says now."""
        waiting = self.filtered(lambda clock: clock.case_id.state == "waiting")
        resting = waiting.filtered(lambda clock: clock.policy_id._pauses(clock.case_id.waiting_for))
        resting._pause(now)
        (waiting - resting)._resume(now)

    @api.model
    def _forget(self, changes):
        ids = [id_ for change in changes for id_ in change["ids"]]
        self.env["exception.sla.change"].browse(ids).exists().unlink()
