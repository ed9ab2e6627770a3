from odoo import _, api, fields, models


class ExceptionConfigRestore(models.TransientModel):
    """Take a record back to a version: what would change, and why."""

    _name = "exception.config.restore"
    _inherit = "exception.dialog"
    _description = "Take Back to a Version"

    version_id = fields.Many2one("exception.config.version", required=True, readonly=True)
    reason = fields.Char(required=True, help="Example: Too many false alarms since the change.")
    difference = fields.Html("Would change", compute="_compute_difference", sanitize=False)
    is_same = fields.Boolean("Nothing would change", compute="_compute_difference")

    @api.depends("version_id")
    def _compute_difference(self):
        for dialog in self:
            version = dialog.version_id
            newest = version._newest()
            rows = version._rows(version.res_model, newest["values"], version["values"])
            dialog.difference = version._as_table(rows)
            dialog.is_same = not rows

    def action_apply(self):
        """Take the record back, with the rights of the user who asks."""
        self.ensure_one()
        version = self.version_id
        version.check_access_rule("read")
        version._restore(self.reason)
        return {
            "type": "ir.actions.act_window",
            "name": _("Taken back"),
            "res_model": version.res_model,
            "res_id": version.res_id,
            "views": [(False, "form")],
        }
