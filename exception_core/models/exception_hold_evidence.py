import logging

from odoo import SUPERUSER_ID, api, fields, models

_logger = logging.getLogger(__name__)

REFUSED = "exception_core.refused"


class ExceptionHoldEvidence(models.AbstractModel):
    """Keeps what was found when a step was refused, whichever way the transaction ends.

    A case that is opened together with a refusal is lost when the caller's transaction is rolled
    back, and a second cursor could neither see it nor wait for it. So the refusal is noted in the
    transaction, and again after its end when it did not survive: one recorder for both ends, which
    does nothing where the note is there.
    """

    _inherit = "exception.hold.mixin"

    def _exception_refused(self, step, raising=False):
        """Note on the holding cases that these records were refused a step.

        :param raising: an error follows: the transaction will be rolled back, unless somebody
            catches it
        """
        holding = self._exception_holding(step)
        # sudo: noted by the model on cases that whoever was refused may not see
        cases = self.env["exception.case"].sudo().union(*holding.values())
        for words, records in self._exception_awaits(step).items():
            cases.browse().union(*(holding[id_] for id_ in records.ids))._let_resume(words)
        now = fields.Datetime.now()
        kept = [case._refusal_vals() for case in cases]
        cases._note_refused_step(self.env.uid, now)
        cr, registry, uid = self.env.cr, self.pool, self.env.uid

        def keep():
            try:
                with registry.cursor() as own:
                    env = api.Environment(own, SUPERUSER_ID, {})
                    env["exception.case"]._keep_refusals(kept, uid, now)
            except Exception:
                # the user's transaction has ended, nobody is left to be told; a sweep or the next
                # try finds the same again
                _logger.exception("A refused step could not be recorded")

        cr.postrollback.add(keep)
        if raising:
            cr.postcommit.add(keep)
