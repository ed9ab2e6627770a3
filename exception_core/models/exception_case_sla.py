from odoo import _, api, fields, models

from .exception_sla_clock_plan import CANCELLING

# A change of these changes what is promised.
PLANNED_BY = ("severity", "type_id", "team_id", "tier_id", "sla_policy_id")
# A change of these is something that happens to the clocks.
MOVED_BY = {"state", "waiting_for", "first_response_at"}
# States of clocks that something can still happen to; a broken one is stopped, too.
GOING = ("running", "paused", "breached")
PAUSED_LEFT_HELP = "Working seconds left on the clock that rests; 0: none rests."


class ExceptionCaseSla(models.Model):
    """The clocks of a case.

    They follow the case by themselves, whichever verb, job or addon writes it: a clock rests
    while the case waits for somebody whom the policy lets it rest for, stops at its event, is
    cancelled with its case, goes on when the case is re-opened, and is planned anew when what was
    promised changes. A case that comes with a deadline of its own (an import) keeps that deadline
    and has no clocks. Every type names a service level, so every other case has both.
    """

    _inherit = "exception.case"

    paused_left = fields.Integer(
        "Left while paused", compute="_compute_paused_left", help=PAUSED_LEFT_HELP
    )

    @api.depends("state", "response_due", "date_due")
    def _compute_paused_left(self):
        self.paused_left = 0
        waiting = self.filtered(lambda case: case.state == "waiting")
        # sudo: what is left of a case's promise is for whoever sees the case
        clocks = waiting.sudo()._clocks(("paused",))
        for clock in clocks.sorted(lambda clock: clock.kind == "response"):
            # the first response comes first, as among the deadlines
            case = self.browse(clock.case_id.id)
            case.paused_left = max(clock.allotted - clock.used, 1)

    # ------------------------------------------------------------------
    # what the pipeline, verbs and other parts call
    # ------------------------------------------------------------------

    def _start_clocks(self):
        """Start the clocks of new cases, in one batch."""
        new = self.filtered(lambda case: case.sla_policy_id and not case.date_due)
        # sudo: clocks are the model's own
        self.env["exception.sla.clock"].sudo()._start(new.sudo(), fields.Datetime.now())

    def _make_clocks(self):
        """Make the clocks of these cases anew, as they would be after all that was told of them.

        For cases that have none, or whose history was written, as an import does.
        """
        # sudo: clocks are the model's own
        clocks = self.env["exception.sla.clock"].sudo()
        clocks.search([("case_id", "in", self.ids)]).unlink()
        clocks._start(self.sudo(), fields.Datetime.now())

    def _clocks(self, states=None, kind=None):
        """Return the clocks of these cases, as superuser."""
        # sudo: clocks are the model's own
        clocks = self.env["exception.sla.clock"].sudo()
        if not self:
            return clocks
        domain = [("case_id", "in", self.ids)]
        if states:
            domain.append(("state", "in", states))
        if kind:
            domain.append(("kind", "=", kind))
        return clocks.search(domain)

    def _pause_clocks(self, waiting_for, now):
        """Let the clocks rest whose policy says so for this reason to wait; others go on."""
        clocks = self._clocks(GOING)
        resting = clocks.filtered(lambda clock: clock.policy_id._pauses(waiting_for))
        resting._pause(now)
        (clocks - resting)._resume(now)

    def _resume_clocks(self, now):
        """Let resting clocks go on."""
        self._clocks(("paused", "breached"))._resume(now)

    def _stop_clocks(self, kind, now):
        """Stop the clocks of a kind at their event: the promise was kept, or comes too late."""
        self._clocks(GOING, kind)._stop(now)
        if kind == "response":
            # sudo: times are written by the model only
            unanswered = self.sudo().filtered(lambda case: not case.first_response_at)
            unanswered.write({"first_response_at": now})

    def _cancel_clocks(self, now):
        """Stop what still runs: nobody waits for it any more. What was broken stays broken."""
        self._clocks(GOING)._stop(now, "cancelled")

    def _reopen_clocks(self, now):
        """Take up the clocks by the policy's rule; a response that was given stays given."""
        clocks = self._clocks().filtered(
            lambda clock: clock.kind == "resolution" or not clock.case_id.first_response_at
        )
        clocks._reopen(now)

    def _replan_clocks(self, text=None):
        """Plan the clocks by what the cases are now, and say on the cases what moved.

        :param text: why, as a sentence
        """
        clocks = self._clocks(("running", "paused"))
        clocks._replan(fields.Datetime.now(), text or _("What was promised has changed."))

    # ------------------------------------------------------------------
    # clocks follow the case
    # ------------------------------------------------------------------

    def _clock_history(self, kind):
        """Return what a new clock has missed: (answered, ended, outcome, waits for)."""
        if kind == "response" and self.first_response_at:
            return self.first_response_at, None, None, None
        if self.is_open:
            return None, None, None, self.state == "waiting" and self.waiting_for
        return None, self.resolved_at or self.closed_at or fields.Datetime.now(), self.outcome, None

    def write(self, vals):
        """Write cases; their clocks follow."""
        moving = MOVED_BY & vals.keys()
        # a batch that changes what is promised plans once, at its end
        planning = [] if self._in_batch() else [name for name in PLANNED_BY if name in vals]
        if not moving and not planning:
            return super().write(vals)
        # sudo: clocks and policies are the model's own
        before = {case.id: case._clock_view() for case in self.sudo()}
        result = super().write(vals)
        cases = self.sudo()  # sudo: as above
        if moving:
            cases._move_clocks(before)
        if planning:
            cases._follow_promise(before, planning)
        return result

    def _clock_view(self):
        """Return what of the case decides about its clocks, as plain values."""
        by_type = self.sla_policy_id == self.type_id.sla_policy_id
        plain = tuple(self[name].id if "_id" in name else self[name] for name in PLANNED_BY)
        return self.state, self.waiting_for, self.first_response_at, by_type, plain

    def _move_clocks(self, before):
        """Let the clocks follow changes of state, reason to wait and first response."""
        now = fields.Datetime.now()
        was = {case_id: view[:3] for case_id, view in before.items()}
        changed = self.filtered(
            lambda case: (case.state, case.waiting_for, case.first_response_at) != was[case.id]
        )
        answered = changed.filtered(lambda case: case.first_response_at and not was[case.id][2])
        for moment, cases in answered.grouped("first_response_at").items():
            cases._stop_clocks("response", moment)
        ended = changed.filtered(lambda case: not case.is_open)
        for outcome, cases in ended.grouped("outcome").items():
            cases._end_clocks(outcome, now)
        going = changed - ended
        again = going.filtered(lambda case: was[case.id][0] in ("resolved", "closed", "cancelled"))
        if again and not self._in_batch():
            # a batch re-opens row by row, then takes up the clocks once
            again._reopen_clocks(now)
        waiting = going.filtered(lambda case: case.state == "waiting")
        for reason, cases in waiting.grouped("waiting_for").items():
            cases._pause_clocks(reason, now)
        (going - waiting - again).filtered(
            lambda case: was[case.id][0] == "waiting"
        )._resume_clocks(now)

    def _end_clocks(self, outcome, now):
        """Stop the clocks of ended cases: kept, or cancelled when there was nothing to do."""
        if outcome not in CANCELLING:
            self._clocks(GOING, "resolution")._stop(now)
        # nobody needs a first answer any more
        self._cancel_clocks(now)

    def _follow_promise(self, before, names):  # pylint: disable=missing-return
        """Plan the clocks of those cases anew whose promise changed."""
        changed = self.filtered(lambda case: case._clock_view()[4] != before[case.id][4])
        for kind, cases in changed.grouped("type_id").items():
            # a policy that triage gave stays; that of the old type goes with it
            following = cases.filtered(lambda case: before[case.id][3])
            if "type_id" in names and "sla_policy_id" not in names:
                # past this file's own write, which has called here and plans once, below
                # pylint: disable-next=super-method-mismatch
                super(ExceptionCaseSla, following).write({"sla_policy_id": kind.sla_policy_id.id})
        labels = [self._fields[name]._description_string(self.env) for name in names]
        changed._replan_clocks(_("Changed: %s.", ", ".join(labels)))
