from odoo import _, models


class ExceptionHoldButton(models.AbstractModel):
    """“Put on hold” in the menu of documents."""

    _inherit = "exception.hold.mixin"

    def action_put_on_hold(self):
        """Ask which step of these documents is to wait, and why; a case is opened on each."""
        self.check_access_rights("read")
        self.check_access_rule("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.hold.put",
            "views": [(False, "form")],
            "target": "new",
            "name": _("Put on hold"),
            "context": {"exception_records": [self._name, self.ids]},
        }
