from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.vocabulary import SEVERITIES

STATES = [
    ("open", "Open"),
    ("in_progress", "In Progress"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
]
WORKED = ("open", "in_progress")
ENDED = ("resolved", "closed")
# Computed from the cases that the reader may see, in one statement.
FIGURES = (
    "case_count",
    "open_count",
    "exposure",
    "total_amount",
    "currency_id",
    "first_seen",
    "last_seen",
)
# Written by the model only: buttons and the cases themselves say these.
PROTECTED_FIELDS = {
    "name",
    "state",
    "severity",
    "pattern",
    "type_ids",
    "case_ids",
    "started_at",
    "resolved_at",
    "closed_at",
    "reopen_count",
}


class ExceptionProblem(models.Model):
    """Cases with one root cause, worked together.

    This file holds the fields. The concerns live beside it: working on it (``_work``), the kind of
    case that it is about (``_kind``) and buttons (``_buttons``). Cases point at their problem; they
    join and leave through verbs only. A problem and its cases never cross the wall of a private
    team: where one of them belongs to such a team, all of them do.
    """

    _name = "exception.problem"
    _description = "Problem"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, severity, id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    name = fields.Char("Reference", readonly=True, copy=False, default="", index="trigram")
    title = fields.Char(
        required=True, tracking=True, help="One line, for example: Correios delivers late in Bahia"
    )
    state = fields.Selection(
        STATES,
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    severity = fields.Selection(
        SEVERITIES,
        default="4",
        required=True,
        readonly=True,
        copy=False,
        help="That of its strongest open case; of its strongest case when all have ended.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: takes cases of every company."
    )
    team_id = fields.Many2one(
        "exception.team",
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
        help="The team that works on the cause. A private team's problem holds its cases only.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        index=True,
        copy=False,
        tracking=True,
        default=lambda self: self.env.user,
        domain=lambda self: [("groups_id", "in", self.env.ref("exception_core.group_lead").ids)],
        help="Answers for finding the cause and for putting an end to it.",
    )
    date_target = fields.Date("Target", copy=False, tracking=True, help="Solved by this day.")
    root_cause_id = fields.Many2one(
        "exception.reason",
        "Root cause",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain=[("kind", "=", "root_cause")],
        help="Why it happens, for example: the carrier had no capacity.",
    )
    root_cause_class = fields.Selection(
        related="root_cause_id.reason_class", string="Class of the cause", store=True
    )
    description = fields.Text(help="What is seen, where and since when.")
    findings = fields.Text(help="What was found out about the cause.")
    workaround = fields.Text(help="What helps for now. Agents see it on each of the cases.")
    corrective_action = fields.Text(
        "Corrective action", help="What will keep it from happening again."
    )

    # the cases
    case_ids = fields.One2many("exception.case", "problem_id", "Cases", readonly=True, copy=False)
    type_ids = fields.Many2many(
        "exception.type", string="Types", readonly=True, copy=False, help="Types of its cases."
    )
    case_count = fields.Integer("Cases in all", compute="_compute_figures")
    open_count = fields.Integer("Open cases", compute="_compute_figures")
    exposure = fields.Monetary(
        "At stake", compute="_compute_figures", help="Sum over its open cases that you may see."
    )
    total_amount = fields.Monetary(
        "At stake in all", compute="_compute_figures", help="Sum over all of its cases."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_figures")
    first_seen = fields.Datetime(
        "First seen", compute="_compute_figures", help="When its first case was found."
    )
    last_seen = fields.Datetime(
        "Last seen", compute="_compute_figures", help="When its last case was found."
    )

    # times
    started_at = fields.Datetime("Started", readonly=True, copy=False)
    resolved_at = fields.Datetime("Resolved", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    reopen_count = fields.Integer("Times re-opened", readonly=True, copy=False)

    @api.depends("name", "title")
    def _compute_display_name(self):
        for problem in self:
            problem.display_name = " ".join(filter(None, (problem.name, problem.title)))

    @api.depends("company_id")
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_figures(self):
        """Count the cases that the reader may see: one statement for all problems.

        It does not depend on the cases in the ORM's sense: each write of a case would look for
        its problem. The verbs forget the figures instead.
        """
        figures = {}
        for problem_id, company_id, *row in self._figure_rows():
            figures.setdefault(problem_id, []).append((company_id, *row))
        for problem in self:
            rows = figures.get(problem._origin.id, [])
            # sudo: a company's currency is no secret to who may see its cases
            company = problem.company_id.sudo() or self.env.company
            problem.currency_id = company.currency_id
            problem.case_count = sum(row[1] for row in rows)
            problem.open_count = sum(row[2] for row in rows)
            problem.exposure = sum(problem._convert(row[3], row[0], company) for row in rows)
            problem.total_amount = sum(problem._convert(row[4], row[0], company) for row in rows)
            problem.first_seen = min((row[5] for row in rows), default=False)
            problem.last_seen = max((row[6] for row in rows), default=False)

    def _figure_rows(self):
        """Return a row for each problem and company with cases."""
        cases = self.env["exception.case"]
        readable = cases.check_access_rights("read", raise_exception=False)
        if not self.ids or not readable:
            return []
        names = ["problem_id", "company_id", "is_open", "company_amount", "detected_at"]
        cases.flush_model(names)
        query = cases._search([("problem_id", "in", self.ids)])
        column = {name: cases._field_to_sql(query.table, name, query) for name in names}
        self.env.cr.execute(
            SQL(
                "SELECT %(problem)s, %(company)s, count(*), count(*) FILTER (WHERE %(open)s),"
                " coalesce(sum(%(amount)s) FILTER (WHERE %(open)s), 0),"
                " coalesce(sum(%(amount)s), 0), min(%(found)s), max(%(found)s)"
                " FROM %(table)s WHERE %(where)s GROUP BY 1, 2",
                problem=column["problem_id"],
                company=column["company_id"],
                open=column["is_open"],
                amount=column["company_amount"],
                found=column["detected_at"],
                table=query.from_clause,
                where=query.where_clause,
            )
        )
        return self.env.cr.fetchall()

    def _convert(self, amount, company_id, target):
        """Convert a sum in the currency of one company into that of ``target``."""
        # sudo: only the currency is read, and only of a company whose cases the user sees
        source = self.env["res.company"].sudo().browse(company_id).currency_id
        if not amount or source == target.currency_id:
            return float(amount)
        today = fields.Date.context_today(self)
        return source._convert(float(amount), target.currency_id, target, today)

    # ------------------------------------------------------------------
    # protection
    # ------------------------------------------------------------------

    @api.constrains("user_id")
    def _check_owner(self):
        for problem in self.filtered("user_id"):
            # sudo: only whether the person may work on problems is read
            if not problem.user_id.sudo().has_group("exception_core.group_lead"):
                raise ValidationError(
                    _(
                        "%s does not lead: choose a team lead or a manager as the owner.",
                        problem.user_id.name,
                    )
                )

    @api.constrains("root_cause_id")
    def _check_root_cause(self):
        for problem in self:
            if problem.root_cause_id.kind not in (False, "root_cause"):
                raise ValidationError(
                    _("“%s” is not a root cause. Choose one.", problem.root_cause_id.name)
                )

    @api.constrains("team_id", "company_id")
    def _check_fits_cases(self):
        """A problem that holds cases cannot move where they must not be seen."""
        # sudo: a case that the user does not see is hidden by the same wall
        if misfits := self.sudo().case_ids.filtered(lambda case: case._refuse_problem()):
            raise ValidationError(misfits[0]._refuse_problem())

    @api.model_create_multi
    def create(self, vals_list):
        """Create problems; the model numbers them."""
        # sudo: users do not read sequences
        sequence = self.env["ir.sequence"].sudo()
        rows = []
        for vals in vals_list:
            self._refuse_fields(PROTECTED_FIELDS & vals.keys())
            fresh = {"name": sequence.next_by_code("exception.problem")}
            if not self.env.su:
                # said here, so that no default of a context comes instead
                fresh.update(state="open", severity="4", pattern=False, reopen_count=0)
                fresh.update(started_at=False, resolved_at=False, closed_at=False)
                fresh.update(type_ids=[], case_ids=[])
            rows.append({**vals, **fresh})
        return super().create(rows)

    def write(self, vals):
        """Write problems; what buttons and cases say is refused unless the model asks."""
        self._refuse_fields(PROTECTED_FIELDS & vals.keys())
        return super().write(vals)

    @api.model
    def _refuse_fields(self, names):
        if self.env.su or not names:
            return
        labels = sorted(self._fields[name].get_description(self.env)["string"] for name in names)
        raise UserError(
            _(
                "“%s” cannot be set by hand: the problem keeps it by itself. Use its buttons.",
                "”, “".join(labels),
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_by_the_model(self):
        if not self.env.su:
            raise UserError(_("Problems are not deleted. Close the problem instead."))
