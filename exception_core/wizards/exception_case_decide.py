from odoo import _, api, fields, models

from ..models.exception_rule import SETS
from ..tools.vocabulary import DISPOSITIONS, SEVERITIES

SINGLE = tuple(name for name in SETS if name not in ("tag_ids", "matrix_id"))


class ExceptionCaseDecide(models.TransientModel):
    """Decides otherwise than the rules; what is left empty stays as it is."""

    _name = "exception.case.decide"
    _inherit = "exception.case.wizard"
    _description = "Change the Decision about Cases"

    severity = fields.Selection(SEVERITIES)
    team_id = fields.Many2one("exception.team")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        domain=lambda self: [("groups_id", "in", self.env.ref("exception_core.group_user").ids)],
    )
    clear_owner = fields.Boolean("Back to the queue", help="Nobody owns the cases any more.")
    disposition = fields.Selection(DISPOSITIONS)
    sla_policy_id = fields.Many2one("exception.sla.policy", "Service level")
    playbook_id = fields.Many2one("exception.playbook", domain="[('enabled', '=', True)]")
    add_tag_ids = fields.Many2many(
        "exception.tag", "exception_case_decide_add_rel", string="Add tags"
    )
    remove_tag_ids = fields.Many2many(
        "exception.tag", "exception_case_decide_remove_rel", string="Take away tags"
    )
    protected_text = fields.Char(compute="_compute_protected_text")
    available_reason_ids = fields.Many2many(
        "exception.reason", compute="_compute_available_reason_ids"
    )
    reason_id = fields.Many2one(
        "exception.reason",
        domain="[('id', 'in', available_reason_ids)]",
        help="Why it is decided otherwise. A must where a rule protects its decision.",
    )

    @api.depends("case_ids")
    def _compute_available_reason_ids(self):
        for wizard in self:
            wizard.available_reason_ids = wizard._reasons("override")

    @api.depends("case_ids", *SINGLE, "clear_owner", "add_tag_ids", "remove_tag_ids")
    def _compute_protected_text(self):
        """Name the rules whose decisions are about to be changed and ask for a reason."""
        for wizard in self:
            names = {name for name in SINGLE if wizard[name]}
            if wizard.clear_owner:
                names.add("user_id")
            if wizard.add_tag_ids or wizard.remove_tag_ids:
                names.add("tag_ids")
            rules = {rule for case in wizard.case_ids for rule in case._protecting(names).values()}
            wizard.protected_text = ", ".join(sorted(rules)) or False

    @api.onchange("clear_owner")
    def _onchange_clear_owner(self):
        if self.clear_owner:
            self.user_id = False

    def action_apply(self):
        """Change what was filled in."""
        self.ensure_one()
        values = {}
        for name in SINGLE:
            if self[name]:
                value = self[name]
                values[name] = value.id if self._fields[name].relational else value
        if self.clear_owner:
            values["user_id"] = False
        for name in ("add_tag_ids", "remove_tag_ids"):
            if self[name]:
                values[name] = self[name].ids
        result = self.case_ids.change_decision(values, self.reason_id.id, self.note)
        return self.case_ids._show_result(result, _("Decided otherwise"))
