from odoo import _, api, fields, models


class ExceptionHoldDialogLine(models.TransientModel):
    """One hold: which record, why, since when, who owns it, what clears it."""

    _name = "exception.hold.dialog.line"
    _description = "Hold"

    dialog_id = fields.Many2one("exception.hold.dialog", required=True, ondelete="cascade")
    case_id = fields.Many2one("exception.case", readonly=True, ondelete="cascade")
    record_name = fields.Char("Record", readonly=True)
    why = fields.Char(readonly=True)
    since = fields.Datetime(readonly=True)
    owner = fields.Char("Who looks after it", readonly=True)
    clears = fields.Char("What clears it", readonly=True)

    @api.model
    def _line(self, record, case):
        """Return the values of the line that tells the user of a hold."""
        shown = case.sudo(False)._filter_access_rules("read") if self._reads() else None
        owner = case.user_id.name or case.team_id.name or _("nobody yet")
        return {
            "case_id": case.id if shown else False,
            "record_name": record.sudo().display_name,  # sudo: the user works with the record
            "why": case._hold_words(),
            "since": case.detected_at,
            "owner": owner,
            "clears": case._clears_words(),
        }

    @api.model
    def _reads(self):
        return self.env["exception.case"].check_access_rights("read", raise_exception=False)
