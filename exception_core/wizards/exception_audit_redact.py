from odoo import _, fields, models
from odoo.exceptions import UserError

from ..tools.audit_chain import HIDEABLE
from ..tools.plain_link import PlainMany2one


class ExceptionAuditRedact(models.TransientModel):
    """Blacks out personal data of an entry of the trail."""

    _name = "exception.audit.redact"
    _inherit = "exception.dialog"
    _description = "Black out Personal Data on the Audit Trail"

    entry_id = PlainMany2one("exception.audit.entry", required=True, readonly=True)
    who = fields.Boolean("Name of who did it")
    on_behalf = fields.Boolean("Name on whose behalf")
    res_name = fields.Boolean("Name of the record")
    reason = fields.Boolean("Reason given")
    before = fields.Boolean("What was before")
    after = fields.Boolean("What was after")
    data = fields.Boolean("What else was noted")
    why = fields.Char(help="Who asked for it, for example. It stays on the trail.")

    def action_apply(self):
        """Black out what was chosen."""
        self.ensure_one()
        columns = [name for name in HIDEABLE if self[name]]
        if not columns:
            raise UserError(_("Choose what is blacked out."))
        self.entry_id._redact(columns, self.why)
        return {"type": "ir.actions.act_window_close"}
