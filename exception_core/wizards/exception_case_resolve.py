from odoo import _, api, fields, models


class ExceptionCaseResolve(models.TransientModel):
    """Asks what the types of the cases demand before they are resolved, and nothing else.

    Cases of several types are asked the union; attached documents go to each of the cases.
    """

    _name = "exception.case.resolve"
    _inherit = "exception.case.wizard"
    _description = "Resolve Exception Cases"

    needs_root_cause = fields.Boolean(compute="_compute_needs")
    needs_resolution = fields.Boolean(compute="_compute_needs")
    needs_note = fields.Boolean(compute="_compute_needs")
    needs_evidence = fields.Boolean(compute="_compute_needs")
    available_cause_ids = fields.Many2many("exception.reason", compute="_compute_available")
    available_resolution_ids = fields.Many2many("exception.reason", compute="_compute_available")
    root_cause_id = fields.Many2one(
        "exception.reason",
        domain="[('id', 'in', available_cause_ids)]",
        help="What made it happen, for example: the carrier had no capacity.",
    )
    resolution_id = fields.Many2one(
        "exception.reason",
        domain="[('id', 'in', available_resolution_ids)]",
        help="What put it right, for example: shipped from another warehouse.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    other_count = fields.Integer(compute="_compute_other_count")
    cover_bundle = fields.Boolean(
        "Also end the other open cases on the record",
        help="They end as covered by this one, without a reason of their own.",
    )

    @api.depends("case_ids")
    def _compute_needs(self):
        for wizard in self:
            kinds = wizard.case_ids.type_id
            evident = wizard.case_ids._with_evidence()
            lacking = wizard.case_ids.filtered(lambda case, evident=evident: case.id not in evident)
            wizard.needs_root_cause = any(kinds.mapped("requires_root_cause"))
            wizard.needs_resolution = any(kinds.mapped("requires_resolution"))
            wizard.needs_note = any(kinds.mapped("requires_note"))
            wizard.needs_evidence = any(lacking.type_id.mapped("requires_evidence"))

    @api.depends("case_ids")
    def _compute_available(self):
        for wizard in self:
            wizard.available_cause_ids = wizard._reasons("root_cause")
            wizard.available_resolution_ids = wizard._reasons("resolution")

    @api.depends("case_ids")
    def _compute_other_count(self):
        for wizard in self:
            wizard.other_count = len(wizard.case_ids._others_on_records())

    def action_apply(self):
        """Attach the evidence and resolve the cases."""
        self.ensure_one()
        self._attach_evidence()
        result = self.case_ids.resolve(
            root_cause_id=self.root_cause_id.id,
            resolution_id=self.resolution_id.id,
            note=self.note,
            cover_bundle=self.cover_bundle,
        )
        return self.case_ids._show_result(result, _("Resolved"))

    def _attach_evidence(self):
        for attachment in self.attachment_ids:
            for case in self.case_ids.filtered("is_open"):
                # a copy for each case: an attachment belongs to one record
                attachment.copy({"res_model": case._name, "res_id": case.id})
