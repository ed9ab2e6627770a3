from odoo import _, api, fields, models


class ExceptionCasePlaybook(models.TransientModel):
    """Starts a playbook on cases, ends the one at work, or takes back what one did by itself."""

    _name = "exception.case.playbook"
    _inherit = "exception.case.wizard"
    _description = "Start a Playbook on Cases"

    playbook_id = fields.Many2one(
        "exception.playbook", domain="[('id', 'in', available_playbook_ids)]"
    )
    available_playbook_ids = fields.Many2many(
        "exception.playbook", compute="_compute_available_playbook_ids"
    )
    preview = fields.Html(related="playbook_id.preview")
    choice = fields.Selection(
        [
            ("start", "Start a playbook"),
            ("end", "End the one at work"),
            ("undo", "Take back what was done automatically"),
        ],
        required=True,
        default="start",
    )
    at_work = fields.Char(compute="_compute_at_work")

    @api.depends("case_ids")
    def _compute_available_playbook_ids(self):
        playbooks = self.env["exception.playbook"].search([("enabled", "=", True)])
        for wizard in self:
            wizard.available_playbook_ids = playbooks.filtered(
                lambda playbook, cases=wizard.case_ids: not any(
                    playbook._refuse_case(case) for case in cases
                )
            )

    @api.depends("case_ids")
    def _compute_at_work(self):
        for wizard in self:
            plays = wizard.case_ids.play_ids.filtered("is_live")
            wizard.at_work = ", ".join(sorted(set(plays.playbook_id.mapped("name"))))

    def action_apply(self):
        """Start the playbook, or end the one at work."""
        self.ensure_one()
        if self.choice == "end":
            result = self.case_ids.stop_playbook(self.note)
            return self.case_ids._show_result(result, _("Playbook ended"))
        if self.choice == "undo":
            result = self.case_ids.undo_automatic(self.note)
            return self.case_ids._show_result(result, _("Taken back"))
        result = self.case_ids.start_playbook(self.playbook_id.id)
        return self.case_ids._show_result(result, _("Playbook started"))
