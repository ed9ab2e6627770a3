from odoo import _, api, fields, models
from odoo.exceptions import UserError


class ExceptionCaseReport(models.TransientModel):
    """Lets a person report what no detector sees, on any record they can read.

    The record comes from the context key ``exception_record``: [model, id]. It is not a
    ``default_`` key, because those also land on records that are created on the way.
    """

    _name = "exception.case.report"
    _inherit = "exception.dialog"
    _description = "Report an Exception"

    res_model = fields.Char(default=lambda self: self._context_record()[0], readonly=True)
    res_id = fields.Integer(default=lambda self: self._context_record()[1], readonly=True)
    res_name = fields.Char("Record", compute="_compute_res_name")
    type_id = fields.Many2one("exception.type", required=True)
    title = fields.Char("What is wrong", help="One line. Empty: the name of the type.")
    description = fields.Text(help="What you have seen, and what you expected.")
    severity = fields.Selection(
        selection=lambda self: self.env["exception.case"]._fields["severity"].selection,
        compute="_compute_severity",
        store=True,
        readonly=False,
        required=True,
    )

    @api.model
    def _context_record(self):
        model, res_id = self.env.context.get("exception_record") or (False, False)
        return (model, res_id) if model in self.env else (False, False)

    def _record(self):
        """Return the record, after checking that the user may read it."""
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env:
            raise UserError(_("Open a record first, then report what is wrong with it."))
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(_("The record no longer exists."))
        record.check_access_rights("read")
        record.check_access_rule("read")
        return record

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        for wizard in self:
            wizard.res_name = wizard._record().display_name if wizard.res_model else False

    @api.depends("type_id")
    def _compute_severity(self):
        for wizard in self:
            wizard.severity = wizard.type_id.default_severity or wizard.severity or "3"

    def action_apply(self):
        """Open the case, with partner and amount of the record where it has them."""
        record = self._record()
        vals = {
            "type_id": self.type_id.id,
            "severity": self.severity,
            "title": self.title or self.type_id.name,
            "description": self.description,
            "res_model": record._name,
            "res_id": record.id,
        }
        case = self.env["exception.case"].create({**vals, **self._from_record(record)})
        return case._open_form()

    @api.model
    def _from_record(self, record):
        """Read what the record itself says about who and how much."""
        vals = {}
        fields_of = record._fields
        if "partner_id" in fields_of and fields_of["partner_id"].comodel_name == "res.partner":
            vals["partner_id"] = record.partner_id.id
        if "amount_total" in fields_of and "currency_id" in fields_of:
            vals.update(amount=abs(record.amount_total), currency_id=record.currency_id.id)
        return vals
