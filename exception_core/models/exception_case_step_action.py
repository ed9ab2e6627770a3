from odoo import _, api, fields, models
from odoo.exceptions import UserError

from .exception_type_automation import STAGES, VERDICTS

# Nobody knows yet whether a run in one of these will be done.
AT_WORK = ("approval", "queued", "running", "unknown")
# Kinds of steps that end as an action does.
BY_RUN = ("action", "options")


class ExceptionActionRun(models.Model):
    """A run that a playbook asked for: which step, and how far the machine went by itself."""

    _inherit = "exception.action.run"

    case_step_id = fields.Many2one(
        "exception.case.step",
        "Step of a playbook",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    stage = fields.Selection(STAGES, "Automation", readonly=True)

    def _needs_approval(self):
        """People agree to what a type whose automation is not trusted yet does by itself."""
        return super()._needs_approval() or (self.stage == "approve" and not self.undo_of_id)

    def _ended(self):
        result = super()._ended()
        # sudo: which steps wait for it is no secret to what ended it
        steps = self.env["exception.case.step"].sudo()
        waiting = [("run_id", "=", self.id), ("state", "in", ("running", "waiting"))]
        for other in steps.search(waiting) - self.case_step_id:
            # it was asked for before, and is done once for all who ask
            other._run_ended(self)
        step = self.undo_of_id.case_step_id
        if step and self.state in ("failed", "abandoned"):
            step._stays(self)
        return result


class ExceptionCaseStepAction(models.Model):
    """Steps that do an action: as far by themselves as the automation of the type allows.

    Observe: nothing is done; a person does it by hand and says whether it would have been right.
    Propose: a person starts it with one click. Approve: it is submitted, and people agree. Auto:
    it is done where it is of low risk and inside its limits, else people agree.
    """

    _inherit = "exception.case.step"

    run_id = fields.Many2one(
        "exception.action.run", "Action", readonly=True, index="btree_not_null", ondelete="set null"
    )
    run_state = fields.Selection(related="run_id.state", string="State of the action")
    stage = fields.Selection(STAGES, "Automation", readonly=True)
    verdict = fields.Selection(
        VERDICTS, readonly=True, help="How the automation did, for the figures of the type."
    )

    # ------------------------------------------------------------------
    # begin
    # ------------------------------------------------------------------

    def _do_action(self, now):
        action = self._action()
        values = self._input_values()
        stage, why = self.play_id._stage_for(action, values)
        words = action._describe(self.case_id, values)
        self.write({"stage": stage, "verdict": False})
        if stage == "observe":
            self.note = _("Would do: %s", words)
            self._ask_person(_("Do it by hand: %s", words), why)
            return
        known = self.run_id if self.run_id.state in ("failed", "proposed") else self.run_id.browse()
        run = known or self._propose_run(action, values)
        run._store({"stage": stage})
        self.write({"run_id": run.id, "note": words})
        if stage == "propose":
            run._store({"why": _("A person starts it: %s.", why)})
            self._ask_person(_("Start it, or say why not: %s", words), why)
            return
        if run.state == "failed":
            run._queue(error=False, ended_at=False)
        else:
            run._submit()
        self._follow_run()

    def _propose_run(self, action, values):
        starter = self.play_id.started_by_id
        return action._propose(
            self.case_id,
            values,
            _("Playbook “%s”", self.play_id.playbook_id.name),
            case_step=self,
            automated=True,
            on_behalf=starter,
        ).sudo()  # sudo: runs are written by the model only

    def _action(self):
        action = self.env["exception.action"].browse(self.settings.get("action_id") or ())
        if not action.exists():
            raise UserError(_("The action does not exist any more."))
        return action

    def _input_values(self):
        inputs = self.env["exception.playbook.step.input"]
        return inputs._values_for(self.settings.get("inputs") or [], self.case_id)

    def _ask_person(self, summary, note):
        self._hold()
        self._remind(self.case_id, self._assignee(), summary, note, self)

    # ------------------------------------------------------------------
    # follow
    # ------------------------------------------------------------------

    def _look_action(self, now):
        self._take_event("run", self.play_id.started_at)
        if self.run_id and self.stage != "propose" or self.run_state not in (False, "proposed"):
            self._follow_run()

    def _follow_run(self):
        """Bring the step in line with its run."""
        run = self.run_id
        if run.state == "done":
            self._judge("right")
            self._finish("done", run._end_words(), self._person_of(run))
        elif run.state in ("failed", "abandoned", "rejected", "undone"):
            self._judge("failed" if run.state == "failed" else "overridden")
            self._fail(run._end_words())
        elif run.state == "approval":
            self.write({"state": "waiting", "note": _("waits for approval")})
        elif run.state == "proposed":
            # held back: limits, a stopped automation, nobody who could agree
            self.note = run.why
            self._ask_person(_("Held back: %s", self.name), run.why)
        else:
            self.state = "running"

    def _judge(self, verdict):
        """Note how the automation did; where a person chose, there was none."""
        self.filtered(lambda step: step.kind == "action").verdict = verdict

    def _settle_done(self):
        """Finish the steps whose action is done although nobody has looked since.

        What an action puts right often ends the case in the same transaction, and the playbook
        with it; the step was done all the same, and counts.
        """
        for step in self:
            if step.state in ("running", "waiting") and step.run_state == "done":
                step._follow_run()

    @api.model
    def _person_of(self, run):
        """Return the person who asked for the run; empty when the machine did."""
        return run.requested_by.browse() if run.automated else run.requested_by

    def _run_ended(self, run):
        """Take note that the step's action ended; the playbook goes on within a minute.

        Only adds a row: what ends the action must not wait for the playbook.
        """
        self.ensure_one()
        if run.state == "undone":
            # sudo: figures of the automation, whoever took it back
            self.sudo().filtered(lambda step: step.run_id == run)._judge("undone")
            return
        self.case_id._playbook_event("run", name=run.state)

    # ------------------------------------------------------------------
    # people
    # ------------------------------------------------------------------

    def _refuse_hand(self):
        if self.kind in BY_RUN and self.state == "waiting":
            if self.run_state == "approval":
                return _("“%s” waits for an approval.", self.name)
            return self._refuse_person()
        return super()._refuse_hand()

    def tick(self, note=None):
        """Take steps as done; a step that proposes an action starts it."""
        proposed = self.filtered(lambda step: step.kind in BY_RUN and step.run_state == "proposed")
        if proposed:
            proposed._check_verb(lambda step: step._refuse_hand())
            for step in proposed:
                step.run_id.submit()
                # sudo: the verb has checked who it is; steps are written by the model only
                step.sudo()._cancel_activities()
                step.sudo()._follow_run()
            proposed.sudo().play_id._go_on()
        others = self - proposed
        others.sudo()._judge("right")
        return super(ExceptionCaseStepAction, others).tick(note) if others else True

    def _finish(self, state, note=None, person=None):
        if person and state in ("skipped", "failed"):
            self._judge("overridden")
        return super()._finish(state, note, person)

    def _time_out(self, now):
        if self.kind in BY_RUN and self.run_state in AT_WORK:
            # it may still be done: nobody goes on without knowing whether it was
            return self._remind_overdue(now)
        return super()._time_out(now)

    # ------------------------------------------------------------------
    # take back
    # ------------------------------------------------------------------

    def _undo_action(self, why):
        """Take the action back, unless somebody did it by hand."""
        run = self.run_id
        if not run or run.state == "undone":
            return None if run else _("%s did it by hand", self.done_by_id.name or _("somebody"))
        person = run.action_id.run_as == "person" and not run.automated
        # with the rights with which it was done: the system may have none for it
        undo = run.with_user(run.requested_by)._undo(why) if person else run._undo(why, True)
        undo = undo.sudo()  # sudo: as self, the playbook's own
        if undo.state in ("failed", "proposed", "abandoned"):
            return undo.error or undo.why or _("it could not be taken back")
        self._judge("undone")
        if undo.state != "done":
            self.note = _("is being taken back: %s", undo.display_name)
        return None

    def _stays(self, undo):
        """Say that what was to be taken back stays after all."""
        self.write({"state": "done", "note": undo._end_words()})
        self.case_id._note(_("“%(step)s” stays: %(why)s", step=self.name, why=undo._end_words()))

    def _cancel_requests(self, why):
        """Give up what these steps have asked for and is not done yet."""
        result = super()._cancel_requests(why)
        for run in self.run_id:
            if run.state == "approval":
                run.approval_id._withdraw(why)
            if run.state in ("approval", "proposed", "failed", "queued"):
                run._end("abandoned", reason=why)
        return result
