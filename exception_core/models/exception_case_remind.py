from collections import defaultdict

from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.tools import SQL

from .exception_case_close import ENDED
from .exception_escalation_level import ROLES

ACTIVITY = "exception_core.activity_escalation"
TELLS = (
    "tell_owner",
    "tell_lead",
    "tell_category_owner",
    "tell_user_ids",
    "tell_role",
    "tell_approvers",
)


class ExceptionCaseRemind(models.Model):
    """Whom a level reaches, and the one activity by which a person is reminded of a case."""

    _inherit = "exception.case"

    def write(self, vals):
        """Write cases; what ends has nobody to remind any more."""
        result = super().write(vals)
        if vals.get("state") in ENDED:
            self._close_escalations()
        return result

    # ------------------------------------------------------------------
    # people
    # ------------------------------------------------------------------

    @api.model
    def _escalation_audience(self):
        """Return the ids of active users who read cases, and of those who read private ones."""
        members = {role: set(self.env.ref(xml_id).users.ids) for role, xml_id in ROLES.items()}
        readers = members["user"] | members["approver"] | members["auditor"]
        return readers, members["manager"] | members["auditor"]

    def _find_audience(self, steps, audience):
        """Leave in each step the people who may see the case; there is always somebody."""
        owner, lead = self.user_id, self.team_id.lead_id
        for step in steps:
            if step.level.reassign_to or step.level.hand_over_team_id:
                step.people |= owner or lead
            tells = step.people or any(step.level[name] for name in TELLS)
            reached = step.people.filtered(lambda user: self._may_be_told(user, audience))
            if tells and not reached:
                # whom it names left, or must not see the case: silence would be worst
                fallback = lead | step.level.policy_id.owner_id
                reached = fallback.filtered(lambda user: self._may_be_told(user, audience))[:1]
                step.problems.append(_("%s: nobody whom the level names can be told.", self.name))
            step.people = reached
            names = ", ".join(reached.mapped("name")) or _("nobody")
            step.said.append(
                _(
                    "Escalated by %(level)s (%(when)s), told: %(people)s",
                    level=step.level._mark(),
                    when=step.level.when,
                    people=names,
                )
            )

    def _may_be_told(self, user, audience):
        readers, overseers = audience
        if user.id not in readers or self.company_id not in user.company_ids:
            return False
        team = self.team_id
        inside = user in (team.member_ids | team.lead_id | self.user_id)
        return not team.private or inside or user.id in overseers

    # ------------------------------------------------------------------
    # activities
    # ------------------------------------------------------------------

    def _remind(self, steps):
        """Keep one activity for each case and person up to date with the last step for them."""
        wanted = {}
        for case_id, done in steps.items():
            for step in done:
                for user in step.people:
                    wanted[case_id, user] = step
        kind = self.env.ref(ACTIVITY)
        # sudo: the machine's own activities, on cases of any company
        activities = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        known = activities.search(
            [
                ("activity_type_id", "=", kind.id),
                ("res_model", "=", self._name),
                ("res_id", "in", list(steps)),
            ]
        )
        known = {(activity.res_id, activity.user_id): activity for activity in known}
        model_id = self.env["ir.model"]._get_id(self._name)
        new, groups = [], defaultdict(activities.browse)
        for (case_id, user), step in wanted.items():
            key = (step.level, step.kind, user.lang)
            groups[key] |= known.get((case_id, user), activities)
            if (case_id, user) not in known:
                new.append((key, {"res_id": case_id, "user_id": user.id}))
        words = {key: self._activity_words(*key) for key in groups}
        for key, group in groups.items():
            group.write(words[key])
        same = {"activity_type_id": kind.id, "res_model_id": model_id, "automated": True}
        # no follower for each: they would get every mail of every case they were reminded of
        activities.with_context(exception_no_follow=True).create(
            [{**words[key], **same, **vals} for key, vals in new]
        )

    @api.model
    def _activity_words(self, level, kind, lang):
        level = level.with_context(lang=lang)
        return {
            "summary": self.with_context(lang=lang)._activity_summary(kind, level.trigger),
            "note": Markup("<p>%s · %s</p>") % (level._mark(), level.when),
            "date_deadline": fields.Date.context_today(self),
        }

    @api.model
    def _activity_summary(self, kind, trigger):
        early = trigger == "warning"
        if kind == "response":
            return _("First response is due soon") if early else _("First response is overdue")
        return _("Resolution is due soon") if early else _("Resolution is overdue")

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Leave people out who are reminded of many cases: they would get every mail of each."""
        if self.env.context.get("exception_no_follow"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)

    def _close_escalations(self):
        """Take away the reminders for which no promise of the case runs any more."""
        if not self:
            return
        self.env.flush_all()
        kind = self.env.ref(ACTIVITY)
        self.env.cr.execute(
            SQL(
                """
                SELECT activity.id FROM mail_activity AS activity
                  JOIN exception_case AS c ON c.id = activity.res_id
                 WHERE activity.activity_type_id = %s AND activity.res_model = %s
                   AND activity.res_id = ANY(%s)
                   AND (NOT c.is_open OR NOT EXISTS (
                       SELECT FROM exception_escalation_event AS event
                         JOIN exception_escalation_event_user_rel AS told
                           ON told.event_id = event.id AND told.user_id = activity.user_id
                         JOIN exception_sla_clock AS clock ON clock.id = event.clock_id
                        WHERE event.case_id = c.id AND event.restarts = clock.restarts
                          AND clock.stopped_at IS NULL
                          AND clock.state IN ('running', 'paused', 'breached'))
                        AND NOT EXISTS (
                       SELECT FROM exception_escalation_event AS event
                         JOIN exception_escalation_event_user_rel AS told
                           ON told.event_id = event.id AND told.user_id = activity.user_id
                         JOIN exception_approval_step AS step ON step.id = event.step_id
                        WHERE event.case_id = c.id
                          AND step.state IN ('pending', 'escalated')))
                """,
                kind.id,
                self._name,
                self.ids,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        # sudo: the machine's own activities, whoever ends the case
        self.env["mail.activity"].sudo().browse(ids).unlink()
