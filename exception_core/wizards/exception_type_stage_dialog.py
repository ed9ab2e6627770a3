from odoo import fields, models


class ExceptionTypeStageDialog(models.TransientModel):
    """Says why a type is to do more by itself, or why not."""

    _name = "exception.type.stage.dialog"
    _inherit = "exception.dialog"
    _description = "Change how far a Type goes by itself"

    type_id = fields.Many2one("exception.type", required=True, readonly=True)
    stage_id = fields.Many2one("exception.type.stage", readonly=True)
    choice = fields.Selection(
        [("raise", "Raise"), ("refuse", "Refuse")], required=True, readonly=True, default="raise"
    )
    figures = fields.Char(related="type_id.stage_figures")
    lacking = fields.Char(related="type_id.stage_lacking")
    note = fields.Text("Why", required=True)

    def action_apply(self):
        """Ask for the next stage, or refuse what was asked for."""
        self.ensure_one()
        if self.choice == "raise":
            self.type_id.request_stage(self.note)
        else:
            self.stage_id.refuse(self.note)
        return {"type": "ir.actions.act_window_close"}
