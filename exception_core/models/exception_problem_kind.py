import psycopg2.errors

from odoo import _, api, fields, models
from odoo.tools import SQL

from .exception_problem import ENDED, FIGURES, WORKED


class ExceptionProblemKind(models.Model):
    """The kind of case that a problem is about: a type, and what its cases share.

    ``pattern`` maps names of fields of a case to ids, for example
    ``{"type_id": 12, "carrier_id": 3}``. New cases of the kind join the problem by themselves, in
    one statement for a whole batch.
    """

    _inherit = "exception.problem"

    pattern = fields.Json(readonly=True, copy=False)
    kind = fields.Char("Kind of case", compute="_compute_kind", help="What its cases share.")
    collect = fields.Boolean(
        "Collect new cases of this kind",
        default=True,
        help="New cases of the kind join while the problem is open. When it has ended, the next "
        "case of its kind re-opens it in any event.",
    )

    @api.depends("pattern")
    @api.depends_context("lang")
    def _compute_kind(self):
        words = self.env["exception.case"]._pattern_words(self.mapped("pattern"))
        for problem, text in zip(self, words, strict=True):
            problem.kind = text

    def _learn_kind(self, cases):
        """Take what all of these cases share as the kind, if they share enough to tell.

        A shared type alone says too little: the problem would swallow every case of the type.
        """
        self.ensure_one()
        pattern = cases._shared_pattern()
        if "type_id" in pattern and len(pattern) > 1:
            self.pattern = pattern

    def _refresh(self):
        """Bring severity and types in line with the cases, as superuser; two statements."""
        self.env["exception.case"].flush_model(["problem_id", "type_id", "severity", "is_open"])
        self.flush_recordset(["severity"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE exception_problem p SET severity = s.severity
                  FROM (SELECT problem_id, coalesce(min(severity) FILTER (WHERE is_open),
                                                    min(severity)) AS severity
                          FROM exception_case WHERE problem_id = ANY(%s) GROUP BY 1) s
                 WHERE p.id = s.problem_id AND p.severity <> s.severity
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["severity", "case_ids", *FIGURES], flush=False)
        groups = self.env["exception.case"]._read_group(
            [("problem_id", "in", self.ids)], ["problem_id"], ["type_id:recordset"]
        )
        types = {problem.id: kinds for problem, kinds in groups}
        for problem in self:
            kinds = types.get(problem.id, problem.type_ids.browse())
            if kinds != problem.type_ids:
                problem.type_ids = kinds

    def _touch(self):
        """Take note of new cases, as superuser: re-open ended problems, raise severities.

        Two transactions may do this at once. Who cannot get the row leaves it to the other one,
        and to the hourly job: no case is kept from being opened by this.
        """
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self.flush_model()
                lock = "SELECT id FROM exception_problem WHERE id = ANY(%s) FOR UPDATE SKIP LOCKED"
                self.env.cr.execute(SQL(lock, self.ids), log_exceptions=False)
                mine = self.browse(row[0] for row in self.env.cr.fetchall())
                mine._refresh()
                mine.filtered(lambda problem: problem.state in ENDED)._come_back()
        except psycopg2.errors.SerializationFailure:
            self.env.invalidate_all(flush=False)

    def _come_back(self):
        """Take up ended problems again because a case of their kind is there, and say so."""
        for problem in self:
            problem._reopen(_("Re-opened: a new case of its kind was found."))
            problem.with_context(lang=problem.user_id.lang)._tell_owner()

    def _tell_owner(self):
        """One activity, however often it comes back."""
        owner = self.user_id
        known = self.activity_search(["exception_core.activity_problem_back"], user_id=owner.id)
        if owner.active and not known:
            # quietly: the activity is in the owner's list, no mail is needed
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "exception_core.activity_problem_back",
                user_id=owner.id,
                summary=_("The problem is back: find out why"),
            )

    @api.model
    def _cron_refresh(self):
        """Bring severities in line, and catch up with re-openings that had to be left out."""
        # sudo: of every company
        problems = self.sudo().search([("state", "in", WORKED)])
        problems._refresh()
        returned = self.env["exception.case"].sudo()
        returned = returned.search([("problem_id.state", "in", ENDED), ("is_open", "=", True)])
        returned.problem_id._come_back()
