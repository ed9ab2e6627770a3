from datetime import timedelta

from odoo import _, api, fields, models, tools
from odoo.exceptions import UserError

from ..tools.domain_text import evaluate_domain

ACTIVITY = "exception_core.activity_playbook"
# How soon the sweeper looks again at a step that only an event can end: a wake-up may be lost.
LOOK_AGAIN = timedelta(hours=1)


class ExceptionCaseStepDo(models.Model):
    """What the kinds of steps do: when they begin, when they are looked at, when taken back.

    A kind has a method ``_do_<kind>`` that does its work and either ends the step (``_finish``)
    or lets it wait (``_hold``), and where it waits for something a method ``_look_<kind>``.
    """

    _inherit = "exception.case.step"

    # ------------------------------------------------------------------
    # begin, look, take back
    # ------------------------------------------------------------------

    def _begin(self, now):
        """Begin the step, or pass over it when its conditions do not hold."""
        if why := self._refuse_conditions(now):
            self._finish("skipped", why)
            return
        user, team = self._owner()
        self.write(
            {
                "state": "running",
                "started_at": now,
                "tries": self.tries + 1,
                "due_at": self._due(now),
                "user_id": user.id,
                "team_id": team.id,
                "reminded_at": False,
            }
        )
        getattr(self, f"_do_{self.kind}")(now)

    def _hold(self, state="waiting"):
        """Let the step wait for somebody or something."""
        self.state = state

    def _look(self, now):
        """See whether what the step waits for has come, or its time is over."""
        look = getattr(self, f"_look_{self.kind}", None)
        if look:
            look(now)
        if self.state in ("running", "waiting") and self.due_at and self.due_at <= now:
            self._time_out(now)

    def _next_look(self, now):
        """Return when a step that waits is looked at again."""
        again = now + LOOK_AGAIN
        return min(self.due_at, again) if self.due_at and self.due_at > now else again

    def _time_out(self, now):
        """The time is over: what then is set down in the step."""
        path = self.settings.get("on_timeout", "remind")
        if self.kind == "wait" and self.settings.get("wait_for") == "time":
            self._finish("done", _("the time is over"))
        elif path == "go_on":
            self._finish("skipped", _("not done in time"))
        elif path == "fail":
            self._fail(_("not done in time"))
        else:
            self._remind_overdue(now)
        if self.kind == "wait" and self.state not in ("running", "waiting"):
            self._end_case_wait()

    def _remind_overdue(self, now):
        """Remind whoever it waits for, and again when as much time has gone by."""
        self.write({"reminded_at": now, "due_at": self._due(now)})
        words = _("Overdue: %s", self.name)
        self._remind(self.case_id, self._assignee(), words, self.instructions)

    def _undo(self, why):
        """Take the step back; return what stays, as a sentence, or None when nothing does."""
        undo = getattr(self, f"_undo_{self.kind}", None)
        return undo(why) if undo else None

    def _cancel_requests(self, why):
        """Give up what these steps have asked for; kinds that ask for something extend it."""

    # ------------------------------------------------------------------
    # conditions, time and people
    # ------------------------------------------------------------------

    def _refuse_conditions(self, now, case=None):
        """Say which condition of the step does not hold; None when all do."""
        case = case or self.case_id
        settings = self.settings or {}
        return self._refuse_settings(settings, case, now)

    @api.model
    def _refuse_settings(self, settings, case, now):
        words = self.env["exception.rule"]._domain_words
        zone = case.company_id.partner_id.tz
        text = settings.get("domain") or "[]"
        if not case.filtered_domain(evaluate_domain(text, now, zone)):
            return _("does not hold: %s", words("exception.case", text))
        text = settings.get("record_domain") or "[]"
        domain = evaluate_domain(text, now, zone)
        if not domain:
            return None
        model = settings["model"]
        if case.res_model != model or model not in self.env:
            return _("only for cases about another kind of record")
        records = self.env[model].with_context(active_test=False)
        if not records.search_count([("id", "=", case.res_id), *domain], limit=1):
            return _("does not hold: %s", words(model, text))
        return None

    def _due(self, now):
        """Return when the step's time is over, in the working hours of the case; or False."""
        seconds = self.settings.get("timeout_seconds")
        return self._due_after(self.case_id, now, seconds) if seconds else False

    @api.model
    def _due_after(self, case, now, seconds):
        calendar = case.sla_policy_id._calendar(case.team_id, case.company_id)
        return calendar._exception_due([(now, seconds)])[0]

    def _owner(self):
        """Return (person, team) that the step is for; the person may be nobody yet."""
        return self._owner_of(self.settings or {}, self.case_id)

    @api.model
    def _owner_of(self, settings, case):
        users, teams = self.env["res.users"], self.env["exception.team"]
        kind = settings.get("owner_kind")
        if kind == "user":
            user = users.browse(settings.get("user_id") or ()).exists()
            if user.active and case.company_id in user.company_ids:
                return user, teams
        elif kind == "team":
            team = teams.browse(settings.get("team_id") or ()).exists()
            if team.active:
                return users, team
        elif kind == "lead":
            return case.team_id.lead_id, teams
        # nobody else, or whom the step names is gone: whoever owns the case
        return case.user_id, case.team_id if not case.user_id else teams

    def _assignee(self):
        """Return the person who is told: the owner, else the lead of the team."""
        return self.user_id or self.team_id.lead_id or self.case_id.team_id.lead_id

    # ------------------------------------------------------------------
    # somebody does something
    # ------------------------------------------------------------------

    def _do_activity(self, now):
        self._hold()
        self._remind(self.case_id, self._assignee(), self.name, self.instructions, self)

    def _undo_activity(self, why):
        return _("%s did it by hand", self.done_by_id.name or _("somebody"))

    @api.model
    def _remind(self, case, user, summary, note, step=None):
        """Keep one activity for this purpose on the case."""
        if not user:
            return
        deadline = step.due_at.date() if step and step.due_at else fields.Date.context_today(self)
        known = case.activity_ids.filtered(
            lambda one: one.user_id == user
            and one.activity_type_id == self.env.ref(ACTIVITY)
            and (one.exception_step_id == step if step else not one.exception_step_id)
        )
        values = {
            "summary": summary,
            "note": tools.plaintext2html(note or "") if note else False,
            "date_deadline": deadline,
        }
        if known:
            known[0].write(values)
            return
        # no follower for each: they would get every mail of every case they do a step of
        quiet = case.with_context(exception_no_follow=True, mail_activity_quick_update=True)
        quiet.activity_schedule(
            ACTIVITY, user_id=user.id, exception_step_id=step.id if step else False, **values
        )

    def _cancel_activities(self):
        """Take away the activities that stand for these steps."""
        if not self:
            return
        # sudo: the machine's own activities, whoever ends the step
        activities = self.env["mail.activity"].sudo()
        activities.search([("exception_step_id", "in", self.ids)]).unlink()

    # ------------------------------------------------------------------
    # messages
    # ------------------------------------------------------------------

    def _do_notify(self, now):
        if self.settings.get("notify_to") == "owner":
            user = self._assignee()
            if not user:
                raise UserError(_("Nobody can be told: the case has no owner and no team lead."))
            case = self.case_id.with_context(lang=user.lang)
            case._send(user, self.name, self.settings.get("message"))
            self._finish("done", _("told: %s", user.name))
            return
        partner = self.case_id._playbook_mail(self.settings.get("reply_family_id"))
        self._finish("done", _("sent to %s", partner.email_formatted or partner.name))

    def _undo_notify(self, why):
        return _("the message was sent")

    # ------------------------------------------------------------------
    # events
    # ------------------------------------------------------------------

    def _do_event(self, now):
        name = self.settings["event_name"]
        self.case_id._emit(name, self._event_payload())
        self._finish("done", _("sent: %s", name))

    def _event_payload(self):
        """Return what goes with an event: names and numbers of the case, no personal data."""
        case = self.case_id
        return {
            "case": case.name,
            "type": case.type_id.code,
            "record": case.res_name or "",
            "step": self.name,
        }

    def _undo_event(self, why):
        return _("the event was sent")
