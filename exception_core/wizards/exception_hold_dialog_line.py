from odoo import api, fields, models


class ExceptionHoldDialogLine(models.TransientModel):
    """One hold: which record, why, since when, who owns it, what clears it."""

    _name = "exception.hold.dialog.line"
    _description = "Hold"

    dialog_id = fields.Many2one(
        "exception.hold.dialog", required=True, ondelete="cascade", index=True
    )
    case_id = fields.Many2one("exception.case", readonly=True, ondelete="cascade")
    record_name = fields.Char("Record", readonly=True)
    why = fields.Text(readonly=True)
    since = fields.Datetime(readonly=True)
    owner = fields.Char("Looked after by", readonly=True)
    clears = fields.Text("What clears it", readonly=True)

    @api.model
    def _lines(self, record, cases):
        """Return the values of the lines that tell the user what holds a record."""
        seen = self.env["exception.case"]
        if seen.check_access_rights("read", raise_exception=False):
            seen = cases.sudo(False).with_env(self.env(su=False))._filter_access_rules("read")
        return [
            {
                "case_id": case.id if case in seen else False,
                "record_name": record.sudo().display_name,  # sudo: the user works with the record
                "why": case._hold_words(),
                "since": case.detected_at,
                "owner": case._owner_words(),
                "clears": case._clears_words(),
            }
            for case in cases
        ]

    def action_open_case(self):
        """Open the case that holds."""
        self.ensure_one()
        return self.case_id._open_form()
