from odoo import _, api, fields, models

# So many cases are counted together; one of them is shown step by step.
SUMMED = 50


class ExceptionPlaybookTry(models.TransientModel):
    """Tries a playbook on past cases: one step by step, the last ones in numbers.

    All of it is computed while the dialog is open; nothing of it is stored.
    """

    _name = "exception.playbook.try"
    _inherit = "exception.dialog"
    _description = "Try a Playbook on Past Cases"

    playbook_id = fields.Many2one("exception.playbook", required=True, readonly=True)
    type_id = fields.Many2one(
        "exception.type", "Cases of the type", default=lambda self: self._default_type_id()
    )
    case_id = fields.Many2one(
        "exception.case",
        "Step by step",
        compute="_compute_case_id",
        readonly=False,
        store=True,
        domain="[('type_id', '=?', type_id)]",
    )
    result_html = fields.Html(compute="_compute_result_html", sanitize=False)
    summary = fields.Text(compute="_compute_summary")

    @api.model
    def _default_type_id(self):
        playbook = self.env["exception.playbook"].browse(
            self.env.context.get("default_playbook_id") or ()
        )
        if playbook.type_ids or not playbook:
            return playbook.type_ids[:1]
        # triage rules start it: what it was started on last
        plays = self.env["exception.play"].search(
            [("playbook_id", "=", playbook.id)], order="id desc", limit=1
        )
        return plays.case_id.type_id

    def _domain(self):
        return [("type_id", "=", self.type_id.id)] if self.type_id else []

    @api.depends("type_id")
    def _compute_case_id(self):
        for wizard in self:
            cases = self.env["exception.case"]
            wizard.case_id = cases.search(wizard._domain(), order="id desc", limit=1)

    @api.depends("case_id", "playbook_id")
    def _compute_result_html(self):
        for wizard in self:
            playbook, case = wizard.playbook_id._origin, wizard.case_id._origin
            wizard.result_html = (
                playbook._rehearsal_html(playbook.try_on_cases(case.ids)) if case else False
            )

    @api.depends("type_id", "playbook_id")
    def _compute_summary(self):
        labels = {
            "auto": _("resolved without a person"),
            "approval": _("resolved after approval"),
            "person": _("with a person's work"),
            "blocked": _("held back"),
        }
        for wizard in self:
            cases = self.env["exception.case"].search(
                wizard._domain(), order="id desc", limit=SUMMED
            )
            results = wizard.playbook_id._origin.try_on_cases(cases.ids) if cases else []
            outcomes = [result["outcome"] for result in results]
            parts = [
                f"{outcomes.count(key)} {label}" for key, label in labels.items() if key in outcomes
            ]
            wizard.summary = _(
                "Of the last %(count)s cases: %(parts)s.",
                count=len(results),
                parts=", ".join(parts) or _("none"),
            )
