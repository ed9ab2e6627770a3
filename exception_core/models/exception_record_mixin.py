from odoo import _, api, fields, models
from odoo.exceptions import UserError

from .exception_case_view import DUE_STATES

READERS = "exception_core.group_user,exception_core.group_approver,exception_core.group_auditor"
# What the banner reads of a case; fetched together with the search, in one statement.
BANNER_FIELDS = [
    "res_id",
    "title",
    "amount",
    "currency_id",
    "is_open",
    "response_due",
    "date_due",
    "first_response_at",
    "detected_at",
    "hold_step",
]


class ExceptionRecordMixin(models.AbstractModel):
    """Shows the open cases of a record on its own form, and lets people report one.

    Apply it to any model with one line of Python::

        _inherit = ["sale.order", "exception.record.mixin"]

    (beside ``_name = "sale.order"``, which Odoo needs as soon as ``_inherit`` is a list) and one
    line of XML for each of the two parts of the form. The smart button, inside
    ``<div name="button_box">``::

        <field name="exception_case_count" widget="exception_button"/>

    and the banner, before ``<sheet>``::

        <field name="exception_banner" widget="exception_banner"/>

    ``action_report_exception`` opens the dialog to report a case; put it in a button or a
    server action of the model. The mixin stores nothing on the model and costs nothing when
    the record is saved; reading a form with both parts costs one statement. People see the cases
    that they may read; for people outside the groups of Exceptions the fields do not exist.
    ``exception_case_count`` can be searched, for example in a filter
    ``[("exception_case_count", ">", 0)]`` (which needs ``groups`` like the fields').
    """

    _name = "exception.record.mixin"
    _description = "Record with Exceptions"

    exception_case_count = fields.Integer(
        "Open exceptions",
        compute="_compute_exceptions",
        search="_search_exception_case_count",
        groups=READERS,
    )
    exception_banner = fields.Char(
        "Worst exception", compute="_compute_exceptions", exportable=False, groups=READERS
    )
    exception_due_state = fields.Selection(
        DUE_STATES,
        "Deadline of the worst exception",
        compute="_compute_exceptions",
        exportable=False,
        groups=READERS,
    )

    def _exception_domain(self):
        return [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("is_open", "=", True),
        ]

    @api.model
    def _reads_exceptions(self):
        return self.env["exception.case"].check_access_rights("read", raise_exception=False)

    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_exceptions(self):
        cases = self.env["exception.case"]
        if self.ids and self._reads_exceptions():
            cases = cases.search_fetch(self._exception_domain(), BANNER_FIELDS)
        groups = cases.grouped("res_id")
        for record in self:
            # the worst first: the order of the model
            found = groups.get(record._origin.id, cases.browse())
            held = found.filtered(lambda case, record=record: case._holds_now(record))
            first = (held or found)[:1]
            record.exception_case_count = len(found)
            record.exception_banner = first._banner(len(found) - 1) if found else False
            if held:
                record.exception_banner = _("On hold: %s", record.exception_banner)
            record.exception_due_state = first.due_state if found else False

    @api.model
    def _search_exception_case_count(self, operator, value):
        """Find records by whether they have open cases: compare with 0."""
        found = (operator, value) in [("!=", 0), (">", 0), (">=", 1)]
        found = found or (operator == "=" and value is True)
        if not found and (operator, value) not in [("=", 0), ("=", False), ("<", 1), ("<=", 0)]:
            raise UserError(_("Search by whether there are open exceptions: > 0 or = 0."))
        if not self._reads_exceptions():
            return [(0, "=", 1)] if found else [(1, "=", 1)]
        domain = [("res_model", "=", self._name), ("res_id", "!=", False), ("is_open", "=", True)]
        select = self.env["exception.case"]._search(domain).select("res_id")
        return [("id", "inselect" if found else "not inselect", (select.code, select.params))]

    def action_view_exceptions(self):
        """Open the open cases of these records; a single one as a form."""
        cases = self.env["exception.case"].search(self._exception_domain())
        if len(cases) == 1:
            return cases._open_form()
        return cases._open_list(_("Exceptions"))

    def action_view_worst_exception(self):
        """Open the case that the banner speaks of."""
        case = self.env["exception.case"].search(self._exception_domain(), limit=1)
        return case._open_form() if case else self.action_view_exceptions()

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
