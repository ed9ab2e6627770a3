from dateutil.relativedelta import relativedelta

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError

KEEP_YEARS = 10


class ExceptionAuditArchive(models.TransientModel):
    """Moves the trails of cases that ended long ago into a file."""

    _name = "exception.audit.archive"
    _inherit = "exception.dialog"
    _description = "Archive Old Entries of the Audit Trail"

    before = fields.Date(
        "Closed before",
        required=True,
        default=lambda self: self._default_before(),
        help="The trails of cases that were closed before this day are archived.",
    )
    why = fields.Char(help="For example the paragraph that says how long they are kept.")

    @api.model
    def _default_before(self):
        return fields.Date.context_today(self) - relativedelta(years=KEEP_YEARS)

    def action_apply(self):
        """Write the file, seal the chains, and delete what is in the file."""
        self.ensure_one()
        if not self.env.user.has_group("exception_core.group_admin"):
            raise AccessError(_("Only administrators of the desk archive the trail."))
        if not (self.why or "").strip():
            raise UserError(_("Say why they are archived: the reason stays on the trail."))
        # sudo: of every company; access was checked above
        entries = self.env["exception.audit.entry"].sudo()
        path, number = entries._archive(self.before, self.why.strip())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": _("Archived"),
                "message": _("%(count)s entries are in %(path)s.", count=number, path=path),
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
