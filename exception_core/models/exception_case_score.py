import logging

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# A change of these changes the rank at once, what follows from time is left to the job.
SCORED_BY = {
    "severity",
    "amount",
    "currency_id",
    "company_id",
    "tier_id",
    "promised_at",
    "team_id",
    "state",
    "reopen_count",
    "recurrence_of_id",
}


class ExceptionCaseScore(models.Model):
    """How urgent a case is: the stored score, kept right without touching every row.

    The list is sorted by what is stored. It is worked out when a case changes, and each minute
    for those open cases whose whole number has changed since (``_cron_rescore``).
    """

    _inherit = "exception.case"

    came_back = fields.Integer(
        "Happened before",
        readonly=True,
        copy=False,
        default=0,
        help="How often the same thing was on the desk before, in earlier cases.",
    )

    def init(self):
        """Drop the index of the former order; ``exception_case_score_idx`` has its place."""
        result = super().init()
        self.env.cr.execute(SQL("DROP INDEX IF EXISTS exception_case_queue_idx"))
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """Create cases; those that recur know how often the same thing happened before."""
        former_ids = {
            vals["recurrence_of_id"] for vals in vals_list if vals.get("recurrence_of_id")
        }
        if former_ids:
            # sudo: only two counts of the earlier cases are read
            formers = {case.id: case for case in self.sudo().browse(former_ids)}
            vals_list = [
                {**vals, "came_back": former.came_back + former.reopen_count + 1}
                if (former := formers.get(vals.get("recurrence_of_id")))
                else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        """Write cases and rank them anew when something changed that ranks them."""
        result = super().write(vals)
        if SCORED_BY & vals.keys() and not self._in_batch():
            # sudo: the score is the model's own
            self.sudo()._rescore()
        return result

    def _rescore(self, now=None, skip_locked=False):
        """Store the score of those of these cases that are open; write only what changed.

        :param skip_locked: leave rows alone that somebody else is writing
        :return: ids of the cases whose score changed
        """
        if not self.ids:
            return []
        now = now or fields.Datetime.now()
        if self._decides_together():
            return self._rank_in_memory(now)
        self.flush_model()
        self.env["exception.sla.clock"].flush_model()
        self.env.cr.execute(
            SQL(
                # OFFSET keeps PostgreSQL from working out the score twice, the ids at the end from
                # reading the whole table
                """UPDATE exception_case SET score = ranked.score
                     FROM (SELECT exception_case.id, %(score)s AS score
                             FROM exception_case
                            WHERE exception_case.id = ANY(%(ids)s) AND exception_case.is_open
                           OFFSET 0 %(lock)s) AS ranked
                    WHERE exception_case.id = ranked.id AND exception_case.id = ANY(%(ids)s)
                          AND exception_case.score IS DISTINCT FROM ranked.score
                RETURNING exception_case.id""",
                score=self._score_sql(now, self.company_id),
                ids=list(self.ids),
                lock=SQL("FOR UPDATE OF exception_case SKIP LOCKED") if skip_locked else SQL(),
            )
        )
        changed = [row[0] for row in self.env.cr.fetchall()]
        self.browse(changed).invalidate_recordset(["score"], flush=False)
        return changed

    def _rank_in_memory(self, now):
        """Set the score of those of these cases that are open; it is written with the rest."""
        self.env["exception.sla.clock"].flush_model(["state", "used", "since", "deadline"])
        self.env.cr.execute(
            SQL(
                "SELECT exception_case.id, %s FROM %s WHERE exception_case.is_open",
                self._score_sql(now, self.company_id),
                self._as_decided(),
            )
        )
        scores = dict(self.env.cr.fetchall())
        changed = self.filtered(lambda case: case.score != scores.get(case.id, case.score))
        changed._keep("score", [scores[case_id] for case_id in changed.ids])
        return changed.ids

    @api.model
    def _score_sql(self, now, companies=None):
        """Return what is stored: the live score as a whole number."""
        expression = self.env["exception.score"]._expression(now, companies=companies)
        return SQL("round(%s)::int", expression)

    @api.model
    def _cron_rescore(self):
        """Store the score of the open cases whose whole number has changed. Safe to run twice."""
        now = fields.Datetime.now()
        # sudo: of every company
        for cases in self.sudo().browse(self._stale_scores(now))._cron_batches():
            try:
                with self.env.cr.savepoint():
                    cases._rescore(now, skip_locked=True)
            except psycopg2.errors.SerializationFailure:
                # somebody wrote one of them meanwhile, which ranked it; the rest follows next time
                _logger.info("Scores of %s cases are left to the next run", len(cases))

    @api.model
    def _stale_scores(self, now):
        """Return the ids of the open cases whose stored score is no longer true."""
        self.flush_model()
        self.env["exception.sla.clock"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM exception_case
                    WHERE is_open AND score IS DISTINCT FROM %s ORDER BY id""",
                self._score_sql(now),
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"came_back"}
