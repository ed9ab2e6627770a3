from odoo import fields, models


class ExceptionCaseStepAnswer(models.TransientModel):
    """What becomes of a step that is not simply done, and why."""

    _name = "exception.case.step.answer"
    _inherit = "exception.dialog"
    _description = "Answer to a Step of a Case"

    step_id = fields.Many2one("exception.case.step", required=True, readonly=True)
    instructions = fields.Text(related="step_id.instructions")
    choice = fields.Selection(
        [
            ("tick", "Done, with a note"),
            ("skip", "Not needed on this case"),
            ("give_up", "It could not be done"),
        ],
        "What became of it",
        required=True,
        default="tick",
    )
    note = fields.Text(required=True, help="For whoever reads the case later.")

    def action_apply(self):
        """Answer the step, and let the playbook go on."""
        self.ensure_one()
        getattr(self.step_id, self.choice)(self.note)
        return {"type": "ir.actions.act_window_close"}
