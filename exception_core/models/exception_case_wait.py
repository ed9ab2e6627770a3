from odoo import _, api, fields, models
from odoo.exceptions import UserError

from .exception_case import WAITING_FOR
from .exception_case_open import QUIET


class ExceptionCaseWait(models.Model):
    """Waiting: laid aside until somebody answers or a time comes."""

    _inherit = "exception.case"

    def wait(self, waiting_for, until=None, note=None):
        """Lay the cases aside until somebody answers or a time comes.

        :param waiting_for: a key of ``WAITING_FOR``
        :param until: datetime (or its string, UTC) when the case comes back by itself
        :param note: what is waited for; needed when ``until`` is not given
        """
        until = fields.Datetime.to_datetime(until) if until else False
        now = fields.Datetime.now()
        if waiting_for not in dict(WAITING_FOR):
            raise UserError(_("Say for whom or what the case waits."))
        if not until and (not (note or "").strip() or waiting_for == "date"):
            raise UserError(_("Say until when the case waits, or in a note what it waits for."))
        if until and until <= now:
            raise UserError(_("The case can only wait until a time in the future."))

        def apply(cases):
            # the answer comes first: afterwards its clock would rest
            cases._respond(now)
            cases.write(
                {
                    "state": "waiting",
                    "waiting_for": waiting_for,
                    "waiting_until": until,
                    "waiting_note": note or False,
                }
            )

        return self._run_verb(lambda case: case._refuse_ended(), apply)

    def resume(self):
        """Go on with waiting cases."""

        def refuse(case):
            if case.state != "waiting":
                return case._refuse_ended() or _("%s is not waiting.", case.name)
            return None

        return self._run_verb(refuse, lambda cases: cases._resume())

    def _resume(self, **vals):
        """Go back to work: in progress with an owner, else new in the queue."""
        vals = {"waiting_for": False, "waiting_until": False, "waiting_note": False, **vals}
        owned = self.filtered("user_id")
        owned.write({"state": "open", **vals})
        (self - owned).write({"state": "new", **vals})

    @api.model
    def _cron_resume_waiting(self):
        """Resume cases whose waiting time is over, and count bundles anew. Safe to run twice."""
        domain = [("state", "=", "waiting"), ("waiting_until", "<=", fields.Datetime.now())]
        # sudo: of every company
        for cases in self.sudo().with_context(**QUIET).search(domain)._cron_batches():
            cases._resume()
            cases._note(_("Resumed: the time to wait is over."))
        # two people who opened cases on one record at once did not see each other's
        # sudo: as above
        self.sudo()._refresh_bundles()
