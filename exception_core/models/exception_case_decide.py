import logging

from psycopg2 import OperationalError

from odoo import _, api, fields, models

from .exception_case_open import BATCH
from .exception_case_pending import TOGETHER

_logger = logging.getLogger(__name__)


class ExceptionCaseDecide(models.Model):
    """What happens to every new case, in this order, for the whole batch at once.

    Triage says how bad it is and whose it is, clocks promise by when, the score ranks it, the
    team's method may give it to a person, it joins the problem of its kind, and is worked together
    with the other cases on its record. Each stage lives in a file of its own and knows only the
    cases; none of them may stop a case from being opened.
    """

    _inherit = "exception.case"

    tier_id = fields.Many2one(
        "exception.tier",
        "Customer tier",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="What the customer was worth to us when the case was opened; a person who changes the "
        "tier changes it here, too.",
    )
    score = fields.Integer(
        "Priority",
        readonly=True,
        copy=False,
        default=0,
        group_operator="avg",
        help="From 0 to 100; the higher, the sooner. Open a case to see what its points come from.",
    )
    promised_at = fields.Datetime(
        "Promised to the customer",
        readonly=True,
        copy=False,
        help="Until when the customer was promised the goods or the service.",
    )
    clock_ids = fields.One2many("exception.sla.clock", "case_id", "Clocks", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Create cases and decide on them; a batch of the model decides by itself, once."""
        cases = super().create(vals_list)
        if not self._in_batch():
            cases._decide()
        return cases

    def _decide(self):
        """Triage, promise, rank and assign new cases, and join them to problems."""
        # sudo: decisions are the model's own, whoever opened the case
        cases = self.sudo().with_context(**BATCH)
        if not cases._decide_together():
            for stage, name in cases._stages():
                cases._run_stage(stage, name)

    def _decide_together(self):
        """Run all stages in one go; tell whether none has failed.

        What they find is written once, at the end. When one fails, all of it is taken back, and
        the stages are run one by one, so that the others stand.
        """
        cases = self.with_context(exception_together=TOGETHER)
        try:
            with self.env.cr.savepoint():
                for stage, _name in cases._stages():
                    stage()
        except OperationalError:
            # a conflict with another transaction: Odoo tries the whole of it again
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is met and logged once more
            _logger.info("Stages are run one by one: %s", error)
            return False
        return True

    def _stages(self):
        """Return (function, what it does in words) of each stage, in order."""
        return [
            (self._complete_customer, _("Looking up the customer")),
            (self._triage, _("Triage")),
            (self._start_clocks, _("Starting the clocks")),
            (self._rescore, _("Ranking")),
            (self._auto_assign, _("Assigning")),
            (self._join_problems, _("Looking for a problem")),
            (self._bundle, _("Bundling")),
        ]

    def _run_stage(self, stage, name):
        """Run a stage; what fails in it is taken back, logged and noted, and the cases open."""
        try:
            with self.env.cr.savepoint():
                stage()
        except OperationalError:
            # a conflict with another transaction: Odoo tries the whole of it again
            raise
        except Exception as error:
            _logger.exception("Stage %s failed for %s new cases", name, len(self))
            self.env.invalidate_all(flush=False)
            self._note(
                _(
                    "%(stage)s failed when the case was opened: %(error)s. Go on by hand, and tell "
                    "the administrator.",
                    stage=name,
                    error=error,
                )
            )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"tier_id", "score", "promised_at", "clock_ids"}
