from odoo import _, models
from odoo.exceptions import UserError

from .exception_option import AT_WORK
from .exception_play import LIVE


class ExceptionCaseStepOptions(models.Model):
    """Steps that propose ways out of the case and wait until one is chosen and done."""

    _inherit = "exception.case.step"

    def _waiting_for_choice(self):
        """Return the one of these steps that waits for a choice; empty if none does."""
        return self.filtered(
            lambda step: step.kind == "options"
            and step.state == "waiting"
            and step.play_state in LIVE
        )[:1]

    def _do_options(self, now):
        self.run_id = False
        case = self.case_id
        chosen = case.option_ids.run_id.filtered(lambda run: run.state in AT_WORK)[:1]
        if chosen:
            # a person was quicker than the playbook
            self.run_id = chosen
            self._follow_run()
            return
        options, notes = case._propose_and_note(self)
        if not options:
            self._fail("\n".join([_("no way out was found"), *notes]))
            return
        lines = [option._line() for option in options]
        self.note = "\n".join(lines)
        self._ask_person(self.name, self.note)

    def _look_options(self, now):
        self._take_event("run", self.play_id.started_at)
        if self.run_id:
            self._follow_run()
        elif not self._proposed_options():
            self._fail(_("every way out was ruled out"))

    def _proposed_options(self):
        proposed = self.case_id.option_ids.filtered(lambda option: option.state == "proposed")
        return proposed.filtered(lambda option: option.case_step_id == self)

    def _follow_choice(self, run=None):
        """Go on after a person has chosen, or ruled out, a way out. The play is locked."""
        for step in self:
            if run:
                step.run_id = run
                step._cancel_activities()
                step._follow_run()
        self.play_id._go_on()

    # ------------------------------------------------------------------
    # end, time and taking back
    # ------------------------------------------------------------------

    def tick(self, note=None):
        """Take steps as done; instead of choosing a way out a person says what was done."""
        for step in self:
            held_back = step.run_state == "proposed"
            if step.kind == "options" and not held_back and not (note or "").strip():
                raise UserError(
                    _(
                        "“%s”: choose one of the ways out on the case, or say with “Otherwise…” "
                        "what was done instead.",
                        step.name,
                    )
                )
        return super().tick(note)

    def _finish(self, state, note=None, person=None):
        if self.kind == "options":
            self._proposed_options()._withdraw(note or _("The step ended."))
            if state != "done" and self.run_state == "proposed":
                self.run_id._end("abandoned", reason=note)
        return super()._finish(state, note, person)

    def _cancel_requests(self, why):
        """Withdraw what these steps have proposed, and give up what was chosen."""
        result = super()._cancel_requests(why)
        for step in self.filtered(lambda one: one.kind == "options"):
            step._proposed_options()._withdraw(why)
        return result

    def _undo_options(self, why):
        return self._undo_action(why)


class ExceptionPlayTryOptions(models.Model):
    """What a step that proposes ways out would do; asked of a play that is not stored."""

    _inherit = "exception.play"

    def _rehearse_options(self, row, case):
        rows, notes = case._collect_options()
        if not rows:
            why = "\n".join([_("no way out was found"), *notes])
            return {"happens": "blocked", "what": "", "why": why}
        # never stored: it only says itself in words
        options = self.env["exception.option"]
        common = {"case_id": case.id, "currency_id": case.currency_id.id}
        lines = [options.new({**one, **common})._line() for one in rows]
        return {"happens": "person", "what": "; ".join(lines), "why": " · ".join(notes)}
