from odoo import _, api, fields, models


class ExceptionApprovalStep(models.Model):
    """Who decided a step, for whom, when, from where and with which words."""

    _inherit = "exception.approval.step"

    decided_by = fields.Text("Who decided", compute="_compute_decided_by")

    @api.depends("decision_ids")
    @api.depends_context("lang", "tz")
    def _compute_decided_by(self):
        for step in self:
            decisions = step.decision_ids.sorted("id")
            step.decided_by = "\n".join(one._in_words() for one in decisions) or False


class ExceptionApprovalDecision(models.Model):
    """A decision as people would say it."""

    _inherit = "exception.approval.decision"

    brought_by_id = fields.Many2one(
        "res.users",
        "Brought by",
        ondelete="restrict",
        help="The technical user of a middleware that brought it with a decision token.",
    )

    def _in_words(self):
        self.ensure_one()
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))[self[name]]
            for name in ("decision", "way")
        }
        # sudo: names of colleagues
        who = self.user_id.sudo().name
        if self.on_behalf_id:
            who = _("%(who)s for %(whom)s", who=who, whom=self.on_behalf_id.sudo().name)
        parts = [
            f"{who}: {labels['decision']}",
            self.env["exception.case"]._local(self.at, "short"),
            labels["way"],
        ]
        if self.brought_by_id:
            parts.append(_("brought by %s", self.brought_by_id.sudo().name))
        return " · ".join(parts) + (f"\n“{self.comment}”" if self.comment else "")
