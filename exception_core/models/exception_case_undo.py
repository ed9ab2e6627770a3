from datetime import timedelta

from odoo import _, fields, models

DEFAULT_UNDO_HOURS = 72


class ExceptionCaseUndo(models.Model):
    """Taking back what was done without a person, while the time for that runs."""

    _inherit = "exception.case"

    undo_until = fields.Datetime(
        "Can be taken back until",
        compute="_compute_undo_until",
        help="What a playbook did by itself can be taken back until then; the case goes on.",
    )

    def _compute_undo_until(self):
        number = self.env["ir.config_parameter"]._exception_number
        hours = timedelta(hours=number("exception_core.undo_hours", DEFAULT_UNDO_HOURS))
        for case in self:
            auto = case.outcome == "auto" and case.resolved_at and case.play_id
            until = case.resolved_at + hours if auto else False
            case.undo_until = until if until and until > fields.Datetime.now() else False

    def undo_automatic(self, note):
        """Take back what playbooks did by themselves, and put the cases back to work.

        :param note: why, for whoever reads the case later
        """
        self.env["exception.case.step"]._check_note(note)
        rivals = self._open_rivals()

        def refuse(case):
            if case.outcome != "auto":
                return _("%s was not resolved automatically.", case.name)
            if not case.undo_until:
                return _("The time to take back what was done on %s is over.", case.name)
            # sudo: which actions they were; whoever may not do them cannot take them back
            for action in case.sudo().play_id.step_ids.run_id.action_id:
                if refusal := action.sudo(False)._refuse_person():
                    return refusal
            if rival := rivals.get(case.id):
                return _("%s is open for the same problem. Work on that one.", rival)
            return None

        def apply(cases):
            for case in cases:
                play = case.play_id
                play._lock()
                case.reopen(note)
                play._as_robot()._take_back(note)

        return self._run_verb(refuse, apply)

    def action_undo_automatic(self):
        """Ask why what was done automatically is taken back."""
        return self._open_wizard("exception.case.playbook", _("Take back"), default_choice="undo")
