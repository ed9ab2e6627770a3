import logging

from psycopg2 import OperationalError

from odoo import _, fields, models

_logger = logging.getLogger(__name__)

ACTIVITY = "exception_core.mail_activity_type_action"
# What waits for a person until somebody decides.
ATTENTION = ("failed", "unknown")


class ExceptionActionRunTell(models.Model):
    """Who is told how a run ended: the case, its owner, whoever asked, the step that asked.

    Done once for each ending (``told``), in the transaction of the ending or, for calls to the
    outside, in the next one; what was left untold is told by the Scheduled Action.
    """

    _inherit = "exception.action.run"

    def _tell(self):
        """Tell how the runs ended, and those that they took back, once.

        What goes wrong in it changes nothing of the ending.
        """
        for run in (self | self.undo_of_id).filtered(lambda run: not run.told):
            try:
                with self.env.cr.savepoint():
                    run._store({"told": True})
                    run._say_end()
                    run._ask_people()
                    run._ended()
            except OperationalError:
                # a conflict with another transaction: the whole of it is tried again
                raise
            except Exception:
                self.env.invalidate_all(flush=False)
                _logger.exception("It could not be told how run %s ended", run.id)

    def _say_end(self):
        """Note on the case how it ended, and tell the person who asked when it went wrong."""
        words = self._end_words()
        self.case_id._note(words)
        if self.state in ATTENTION and not self.automated:
            self.env["bus.bus"]._sendone(
                self.requested_by.partner_id,
                "simple_notification",
                {"title": self.case_id.name, "message": words, "type": "danger", "sticky": True},
            )

    def _end_words(self):
        names = dict(self._fields["state"]._description_selection(self.env))
        words = _("%(what)s: %(state)s.", what=self.display_name, state=names[self.state])
        detail = self.error if self.state in ATTENTION else self.result
        if self.state in ("abandoned", "rejected"):
            detail = self.reason
        return f"{words} {detail}" if detail else words

    def _ask_people(self):
        """Give the owner of the case one activity while runs of it need a person."""
        # in the systray at once; no mail server makes the run wait
        case = self.case_id.with_context(mail_activity_quick_update=True)
        open_runs = case.run_ids.filtered(lambda run: run.state in ATTENTION)
        if not open_runs:
            case.activity_unlink([ACTIVITY])
            return
        note = "; ".join(run._end_words() for run in open_runs)
        person = case.user_id or case.team_id.lead_id
        if known := case.activity_search([ACTIVITY]):
            known.write({"note": note})
        elif person:
            case.activity_schedule(
                ACTIVITY,
                date_deadline=fields.Date.context_today(self),
                summary=_("An action needs you"),
                note=note,
                user_id=person.id,
            )

    def _ended(self):
        """Tell the step of the playbook that asked for the run that it has ended."""
        step = self["case_step_id"] if "case_step_id" in self._fields else None
        if step and self.state != "unknown":
            step._run_ended(self)
