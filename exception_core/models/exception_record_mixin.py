from odoo import _, api, fields, models


class ExceptionRecordMixin(models.AbstractModel):
    """Shows the open cases of a record on its own form, and lets people report one.

    Apply it to any model with one line of Python::

        _inherit = ["sale.order", "exception.record.mixin"]

    and one line of XML for each of the two parts of the form: the smart button, inside
    ``<div name="button_box">``::

        <button name="action_view_exceptions" type="object" class="oe_stat_button"
                icon="fa-exclamation-triangle" invisible="exception_case_count == 0"
                groups="exception_core.group_user,exception_core.group_auditor">
            <field name="exception_case_count" widget="statinfo" string="Exceptions"/></button>

    and the banner, before ``<sheet>``::

        <div class="alert alert-warning mb-0" role="alert" invisible="not exception_banner">
            <field name="exception_banner"/></div>

    ``action_report_exception`` opens the dialog to report a case; put it in a button or a
    server action of the model. The mixin stores nothing on the model and costs nothing when
    the record is saved. People see the cases that they may read; people outside the groups of
    Exceptions see none. ``exception_case_count`` can be searched, for example in a filter
    ``[("exception_case_count", ">", 0)]``.
    """

    _name = "exception.record.mixin"
    _description = "Record with Exceptions"

    exception_case_count = fields.Integer(
        "Open exceptions",
        compute="_compute_exception_case_count",
        search="_search_exception_case_count",
    )
    exception_banner = fields.Char("Worst exception", compute="_compute_exception_banner")

    def _exception_domain(self):
        return [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("is_open", "=", True),
        ]

    @api.model
    def _reads_exceptions(self):
        return self.env["exception.case"].check_access_rights("read", raise_exception=False)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_exception_case_count(self):
        counts = {}
        if self.ids and self._reads_exceptions():
            counts = dict(
                self.env["exception.case"]._read_group(
                    self._exception_domain(), ["res_id"], ["__count"]
                )
            )
        for record in self:
            record.exception_case_count = counts.get(record._origin.id, 0)

    @api.model
    def _search_exception_case_count(self, operator, value):
        """Find records by whether they have open cases: compare with 0."""
        found = (operator, bool(value)) in [("!=", False), ("=", True), (">", False)]
        found = found or (operator == ">=" and value == 1)
        if not found and (operator, value) not in [("=", 0), ("=", False), ("<", 1), ("<=", 0)]:
            raise NotImplementedError("Search open exceptions by > 0 or = 0")
        if not self._reads_exceptions():
            return [(0, "=", 1)] if found else [(1, "=", 1)]
        domain = [("res_model", "=", self._name), ("res_id", "!=", False), ("is_open", "=", True)]
        select = self.env["exception.case"]._search(domain).select("res_id")
        return [("id", "inselect" if found else "not inselect", (select.code, select.params))]

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_exception_banner(self):
        worst, counts = {}, {}
        if self.ids and self._reads_exceptions():
            for case in self.env["exception.case"].search(self._exception_domain()):
                worst.setdefault(case.res_id, case)
                counts[case.res_id] = counts.get(case.res_id, 0) + 1
        for record in self:
            case = worst.get(record._origin.id)
            record.exception_banner = case and case._banner(counts[case.res_id] - 1)

    def action_view_exceptions(self):
        """Open the open cases of these records; a single one as a form."""
        cases = self.env["exception.case"].search(self._exception_domain())
        if len(cases) == 1:
            return cases._open_form()
        return cases._open_list(_("Exceptions"))

    def action_report_exception(self):
        """Open the dialog that reports an exception on this record."""
        self.ensure_one()
        self.check_access_rule("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.case.report",
            "views": [(False, "form")],
            "target": "new",
            "name": _("Report an exception"),
            "context": {"exception_record": [self._name, self.id]},
        }
