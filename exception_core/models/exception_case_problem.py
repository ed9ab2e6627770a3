from odoo import _, api, fields, models
from odoo.tools import SQL

from .exception_case import OPEN_STATES
from .exception_problem import ENDED

# Every case of a market has its country: it says nothing about a cause.
NO_CAUSE = {"country_id"}


class ExceptionCaseProblem(models.Model):
    """The problem that a case belongs to."""

    _inherit = "exception.case"

    problem_id = fields.Many2one(
        "exception.problem",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Cases with one cause, worked together.",
    )
    problem_workaround = fields.Text(related="problem_id.workaround", string="Workaround")

    suggestion_reason = fields.Char(
        "Suggested problem",
        compute="_compute_suggestion_reason",
        help="For team leads: other cases look as if they had the same cause.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"problem_id"}

    # ------------------------------------------------------------------
    # what cases share
    # ------------------------------------------------------------------

    @api.model
    def _cause_dimensions(self):
        """Names of the fields that cases of one cause may share.

        The partner, what the bridges know (product, warehouse, carrier …), the channel, who found
        it and whose it is. Bridges add theirs to ``_dimension_fields``.
        """
        dimensions = [name for name in self._dimension_fields() if name not in NO_CAUSE]
        broad = [name for name in dimensions if name == "channel_id"]
        special = [name for name in dimensions if name not in broad]
        return ["partner_id", *special, *broad, "detector_id", "team_id"]

    def _shared_pattern(self):
        """Return what all of these cases share: {field name: id}."""
        pattern = {}
        for name in ["type_id", *self._cause_dimensions()]:
            values = {case[name].id for case in self}
            if len(values) == 1 and all(values):
                pattern[name] = values.pop()
        return pattern

    @api.model
    def _pattern_words(self, patterns):
        """Say each pattern in words: “Delivered late” with carrier Correios."""
        ids = {}
        for pattern in patterns:
            for name, value in (pattern or {}).items():
                if name in self._fields:
                    ids.setdefault(name, set()).add(value)
        names = {}
        for name, wanted in ids.items():
            # sudo: the names of what a person's own cases share
            records = self.env[self._fields[name].comodel_name].sudo().browse(wanted).exists()
            names.update({(name, record.id): record.display_name for record in records})
        return [self._say_pattern(pattern or {}, names) for pattern in patterns]

    @api.model
    def _say_pattern(self, pattern, names):
        kind = pattern.get("type_id")
        shared = [
            _(
                "%(dimension)s %(value)s",
                dimension=self._fields[name]._description_string(self.env).lower(),
                value=names.get((name, value), _("(deleted)")),
            )
            for name, value in pattern.items()
            if name != "type_id" and name in self._fields
        ]
        if not kind:
            return ", ".join(shared) or False
        title = _("“%s”", names.get(("type_id", kind), _("(deleted)")))
        if not shared:
            return title
        return _("%(type)s with %(shared)s", type=title, shared=_(" and ").join(shared))

    # ------------------------------------------------------------------
    # joining
    # ------------------------------------------------------------------

    def _refuse_problem(self, problem=None):
        """Say why the case cannot be in this problem; None if it can.

        Who sees a problem must not learn of cases behind the wall of a private team or of another
        company, nor the other way round.
        """
        self.ensure_one()
        problem = problem or self.problem_id
        # sudo: only whether the teams are private is read
        mine, its = self.team_id.sudo(), problem.team_id.sudo()
        names = {"case": self.name, "problem": problem.name}
        if problem.company_id and problem.company_id != self.company_id:
            return _("%(case)s belongs to another company than %(problem)s.", **names)
        if mine != its and (mine.private or its.private):
            return _(
                "%(case)s and %(problem)s belong to different teams, and one of them is private. "
                "Make a problem of the private team for its own cases.",
                **names,
            )
        return None

    def _join_problems(self):
        """Let new cases join the problems of their kind: one statement for all of them.

        The row of an open problem is left alone, because every new case would fight for it. A
        problem that has ended, or whose cases were weaker, is rare and is taken care of after.
        """
        # looking for a problem would write what waits in memory, and nearly always in vain
        in_vain = self._decides_together() and not self._may_join()
        joined = self._join_statement() if self.ids and not in_vain else []
        if not joined:
            return
        self.browse(row[0] for row in joined).invalidate_recordset(["problem_id"], flush=False)
        touched = {row[1] for row in joined if row[2]}
        if touched:
            self.env["exception.problem"].browse(touched)._touch()

    def _may_join(self):
        """Tell whether any problem is about these kinds of cases: hardly ever, and cheap to ask."""
        self.env["exception.problem"].flush_model(["pattern"])
        self.env.cr.execute(
            SQL(
                "SELECT EXISTS (SELECT FROM exception_problem"
                " WHERE (pattern->>'type_id')::int = ANY(%s))",
                self.type_id.ids,
            )
        )
        return self.env.cr.fetchone()[0]

    def _join_statement(self):
        """Return (case, problem, whether the problem must take note) of those that joined."""
        names = ["type_id", *self._cause_dimensions()]
        self.flush_model({*names, "company_id", "severity", "problem_id", "is_open"})
        self.env["exception.problem"].flush_model()
        matches = SQL(" AND ").join(
            SQL(
                "(p.pattern->>%(name)s IS NULL OR (p.pattern->>%(name)s)::int = c.%(column)s)",
                name=name,
                column=SQL.identifier(name),
            )
            for name in names
            if name != "type_id"
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE exception_case joining SET problem_id = found.problem_id
                  FROM (SELECT DISTINCT ON (c.id) c.id, p.id AS problem_id,
                               p.state = ANY(%(ended)s) OR c.severity < p.severity AS touched
                          FROM exception_problem p
                          JOIN exception_case c ON c.type_id = (p.pattern->>'type_id')::int
                     LEFT JOIN exception_team tp ON tp.id = p.team_id
                     LEFT JOIN exception_team tc ON tc.id = c.team_id
                         WHERE c.id = ANY(%(ids)s) AND c.problem_id IS NULL AND c.is_open
                           AND (p.collect OR p.state = ANY(%(ended)s))
                           AND (p.company_id IS NULL OR p.company_id = c.company_id)
                           AND (tp.id IS NOT DISTINCT FROM tc.id
                                OR NOT coalesce(tp.private, FALSE)
                                   AND NOT coalesce(tc.private, FALSE))
                           AND %(matches)s
                      ORDER BY c.id, p.state = ANY(%(ended)s),
                               (SELECT count(*) FROM jsonb_object_keys(p.pattern)) DESC,
                               p.id DESC) AS found
                 WHERE joining.id = found.id
             RETURNING joining.id, found.problem_id, found.touched
                """,
                ended=list(ENDED),
                ids=self.ids,
                matches=matches,
            )
        )
        return self.env.cr.fetchall()

    def action_add_to_problem(self):
        """Ask for the problem, then add the cases to it."""
        return self._open_wizard("exception.problem.add", _("Add to a problem"))

    def action_open_problem(self):
        """Open the problem that the case belongs to."""
        self.ensure_one()
        self.check_access_rule("read")
        return self.problem_id._open_form() if self.problem_id else None

    def action_leave_problem(self):
        """Take the case out of its problem."""
        self.ensure_one()
        if self.problem_id:
            self.problem_id.remove_cases(self.ids)

    def action_open_suggestion(self):
        """Open the suggested problem that the case is part of."""
        self.ensure_one()
        self.check_access_rule("read")
        suggestion = self._suggestions().get(self.id)
        return suggestion._open_form() if suggestion else None

    @api.depends("problem_id")
    @api.depends_context("uid", "lang")
    def _compute_suggestion_reason(self):
        suggestions = self._suggestions()
        for case in self:
            found = suggestions.get(case.id)
            case.suggestion_reason = found.reason if found else False

    def _suggestions(self):
        """Return {case id: suggested problem to decide on}; only for those who decide."""
        suggestions = self.env["exception.problem.suggestion"]
        if not suggestions.check_access_rights("write", raise_exception=False):
            return {}
        domain = [("case_ids", "in", self.ids), ("state", "=", "new")]
        return {
            case.id: suggestion
            for suggestion in suggestions.search(domain)
            for case in suggestion.case_ids & self
        }

    def _answer_each(self, body):
        """Answer the customer of each case on the case itself; mails leave with the queue."""
        for case in self.with_context(mail_notify_force_send=False):
            # one by one, as Odoo's own composer does: each answer is a message of its case
            case.message_post(
                body=body,
                partner_ids=case.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self._send_mails_soon()

    def write(self, vals):
        """Write cases; a case that changes sides of a wall leaves its problem."""
        result = super().write(vals)
        if "team_id" in vals:
            self._leave_problems()
        if vals.get("state") in OPEN_STATES:
            # sudo: a problem follows from its cases, whoever works on them
            returned = self.sudo().problem_id.filtered(lambda problem: problem.state in ENDED)
            returned._touch()
        return result

    def _leave_problems(self):
        """Take out of their problems those cases that must not be seen there any more."""
        # sudo: the wall holds whoever moved the case
        leaving = self.sudo().filtered(lambda case: case.problem_id and case._refuse_problem())
        if leaving:
            leaving.write({"problem_id": False})
            leaving._note(_("Taken out of its problem, which is another team's affair."))
