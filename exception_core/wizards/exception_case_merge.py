from odoo import _, api, fields, models


class ExceptionCaseMerge(models.TransientModel):
    """Ends cases as duplicates of one that stays open."""

    _name = "exception.case.merge"
    _inherit = "exception.case.wizard"
    _description = "Merge Exception Cases"

    master_id = fields.Many2one(
        "exception.case",
        "Stays open",
        required=True,
        domain="[('id', 'in', candidate_ids)]",
        compute="_compute_master_id",
        store=True,
        readonly=False,
    )
    candidate_ids = fields.Many2many("exception.case", compute="_compute_candidate_ids")

    @api.depends("case_ids")
    def _compute_candidate_ids(self):
        for wizard in self:
            cases = wizard.case_ids
            if len(cases) == 1:
                # a single case is merged into another one on its record or of its partner
                cases = cases._others_on_records() | cases._others_of_partner()
            wizard.candidate_ids = cases.filtered("is_open")

    @api.depends("case_ids")
    def _compute_master_id(self):
        for wizard in self:
            # the order of the model: the strongest first
            wizard.master_id = wizard.candidate_ids._origin.sorted()[:1]

    def action_apply(self):
        """Merge the others into the case that stays."""
        self.ensure_one()
        others = self.case_ids - self.master_id
        return others._show_result(others.merge_into(self.master_id.id), _("Merged"))
