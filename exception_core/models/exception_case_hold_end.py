import logging

from psycopg2 import OperationalError

from odoo import _, api, fields, models

from .exception_case_close import ENDED

_logger = logging.getLogger(__name__)


class ExceptionCaseHoldEnd(models.Model):
    """What it takes to end a case that holds, and what goes on by itself after it.

    Ending the case would be a way round lifting its hold, so it asks for the same right, unless
    what was wrong has been put right.
    """

    _inherit = "exception.case"

    hold_resume = fields.Boolean(
        "Goes on by itself",
        readonly=True,
        copy=False,
        help="The customer has done their part (paid, signed): the record takes its step by itself "
        "as soon as nothing holds it.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"hold_resume"}

    def _refuse_to_free(self, resolved=False):
        """Say why the user may not free the record by ending the case; None if they may.

        :param resolved: what was wrong is said to be put right
        """
        self.ensure_one()
        if not self._holds_a_step() or self.env.user.has_group("exception_core.group_hold"):
            return None
        if not self.detector_id:
            # reported by a person: only people know whether it is put right
            still_there = not resolved
        else:
            still_there = self.condition_active
        if not still_there:
            return None
        return _(
            "%(case)s holds %(record)s, and what is wrong is still there. Put it right, request an "
            "approval, or ask somebody with the right “Lift holds”.",
            case=self.name,
            record=self.res_name or _("its record"),
        )

    def _holds_a_step(self):
        """Tell whether the case really keeps its record from a step that is to come."""
        if not self.is_holding:
            return False
        record = self._held_record().sudo()  # sudo: only whether the step was taken
        if not record or self.hold_step not in self._steps_of_record():
            return bool(record)
        return bool(record._exception_holders()._exception_before(self.hold_step))

    # ------------------------------------------------------------------
    # going on by itself
    # ------------------------------------------------------------------

    def write(self, vals):
        """Write cases; records that wait for their end are looked at soon."""
        result = super().write(vals)
        if vals.get("state") in ENDED and any(case.hold_resume for case in self.sudo()):
            self._resume_soon()
        return result

    @api.model
    def _resume_soon(self):
        self.env["ir.cron"]._exception_soon("exception_core.cron_resume_held")

    def _let_resume(self, words):
        """Let the records of these cases take their step by themselves once nothing holds them.

        :param words: what the customer has done, for the case
        """
        cases = self.sudo().filtered(lambda case: not case.hold_resume)  # sudo: model's own field
        cases.write({"hold_resume": True})
        if cases:
            cases._note(_("%s It goes on by itself as soon as nothing holds it any more.", words))

    @api.model
    def _cron_resume_held(self):
        """Let records go on whose customer had done their part before they were held."""
        seen = set()
        # sudo: of every company
        for cases in self.sudo().search([("hold_resume", "=", True)])._cron_batches():
            for case in cases:
                key = (case.res_model, case.res_id, case.hold_step)
                if key not in seen and case.hold_resume:
                    seen.add(key)
                    case._resume_held()

    def _resume_held(self):
        """Let the record take its step if nothing holds it; a failure is a case, not a retry."""
        record, step = self._held_record(), self.hold_step
        waits = record and record._exception_before(step)
        if waits and waits._exception_holds(step):
            return
        siblings = self.search(
            [
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("hold_step", "=", step),
                ("hold_resume", "=", True),
            ]
        )
        error = waits and self._try_to_resume(waits, step)
        left = waits and waits.exists()._exception_before(step)
        if left and not error:
            # something new holds it: that case has been told to resume, or a person goes on
            return
        siblings.write({"hold_resume": False})
        if error:
            self._open_not_resumed(error)

    def _try_to_resume(self, record, step):
        """Take the step; return what went wrong, if anything."""
        try:
            with self.env.cr.savepoint():
                record._exception_resume(step)
        except OperationalError:
            # a conflict with somebody else: the next run tries again
            raise
        except Exception as error:
            _logger.exception("%s could not go on after its hold", record)
            self.env.invalidate_all(flush=False)
            return str(error)
        return None

    def _open_not_resumed(self, error):
        """Open a case for people: what should have gone on by itself did not."""
        kind = self.env.ref("exception_core.type_automation_stopped")
        case = self.create(
            {
                "type_id": kind.id,
                "title": _("%s could not go on after its hold", self.res_name),
                "description": error,
                "res_model": self.res_model,
                "res_id": self.res_id,
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "amount": self.amount,
                "currency_id": self.currency_id.id,
            }
        )
        self._note(_("It could not go on by itself; see %(case)s.", case=case.name))
