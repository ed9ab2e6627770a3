from odoo import _, api, fields, models

# How many neighbours the form lists; the buttons beside the lists open all of them.
SHOWN = 20


class ExceptionCaseScreens(models.Model):
    """What the case's form says about the next step and about the cases around it."""

    _inherit = "exception.case"

    next_step = fields.Char(
        "Next step",
        compute="_compute_next_step",
        help="What a person would do now, in one sentence.",
    )
    record_case_ids = fields.Many2many(
        "exception.case",
        string="On the same record",
        compute="_compute_record_case_ids",
        help="Other cases on this record, open ones first.",
    )
    partner_case_ids = fields.Many2many(
        "exception.case",
        string="Same partner",
        compute="_compute_partner_case_ids",
        help="Open cases of the same partner on other records.",
    )
    duplicate_ids = fields.One2many("exception.case", "duplicate_of_id", "Duplicates")
    covered_ids = fields.One2many("exception.case", "covered_by_id", "Resolved with this one")

    @api.depends("state", "user_id", "waiting_for", "waiting_until", "type_id", "condition_active")
    @api.depends_context("uid", "lang", "tz")
    def _compute_next_step(self):
        for case in self:
            case.next_step = case._next_step()

    def _next_step(self):
        """The sentence for one case; empty when nothing is left to do."""
        self.ensure_one()
        if not self.is_open:
            return False
        if self.state == "waiting":
            return self._next_step_waiting()
        if self.state == "approval":
            return _("Wait for the approval")
        if not self.user_id:
            return _("Take it, so that everybody sees who works on it")
        if self.user_id != self.env.user:
            return _("%s works on it", self.user_id.name)
        if self.detector_id and not self.condition_active:
            return _("The problem is no longer there: say what helped and resolve")
        return self._next_step_closure()

    def _next_step_waiting(self):
        whom = dict(self._fields["waiting_for"]._description_selection(self.env))
        if self.waiting_for and self.waiting_for != "date":
            return _("Wait for: %s", whom[self.waiting_for])
        return _("Wait until the date agreed")

    def _next_step_closure(self):
        """Put it right; name what the type asks for before it may be closed."""
        asked = {
            "requires_root_cause": _("root cause"),
            "requires_resolution": _("resolution"),
            "requires_note": _("note"),
            "requires_evidence": _("evidence"),
        }
        kind = self.type_id.sudo()  # sudo: only four check boxes of the type are read
        wanted = [label for name, label in asked.items() if kind[name]]
        if not wanted:
            return _("Put it right, then resolve")
        return _("Put it right, then resolve (asks for: %s)", ", ".join(wanted))

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_record_case_ids(self):
        keyed = self.filtered("res_id")
        found = self.browse()
        if keyed:
            domain = [
                ("res_model", "in", list(set(keyed.mapped("res_model")))),
                ("res_id", "in", keyed.mapped("res_id")),
            ]
            found = self.search(domain, order="is_open desc, severity, id desc")
        groups = found.grouped(lambda case: (case.res_model, case.res_id))
        for case in self:
            near = groups.get((case.res_model, case.res_id), self.browse())
            case.record_case_ids = (near - case)[:SHOWN]

    @api.depends("partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partner_case_ids(self):
        # one query a case: only the form shows this, and a limit keeps a large customer cheap
        for case in self:
            if not case.partner_id:
                case.partner_case_ids = False
                continue
            domain = [
                ("partner_id", "=", case.partner_id.id),
                ("is_open", "=", True),
                ("id", "not in", case.ids),
            ]
            if case.res_id:
                here = [("res_model", "=", case.res_model), ("res_id", "=", case.res_id)]
                domain += ["!", "&", *here]
            case.partner_case_ids = self.search(domain, limit=SHOWN)

    @api.model
    def _protected_fields(self):
        # both are the other side of a protected field
        return super()._protected_fields() | {"duplicate_ids", "covered_ids"}

    @api.model
    def _read_group_format_result(self, rows_dict, lazy_groupby):
        """Group by kind of record under the name that people know ("Sales Order")."""
        super()._read_group_format_result(rows_dict, lazy_groupby)
        if "res_model" not in lazy_groupby:
            return
        # sudo: model names are no secret, and users cannot read ir.model
        models_sudo = self.env["ir.model"].sudo()
        for row in rows_dict:
            technical = row.get("res_model")
            if technical:
                row["res_model"] = models_sudo._get(technical).name or technical
