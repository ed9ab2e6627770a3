from odoo import _, api, fields, models, tools
from odoo.exceptions import UserError

from ..tools.vocabulary import DISPOSITIONS, SEVERITIES

# What a rule may decide: fields of the same names on rule and case.
SETS = (
    "severity",
    "team_id",
    "user_id",
    "disposition",
    "tag_ids",
    "sla_policy_id",
    "playbook_id",
    "matrix_id",
)
RELATED = {"team_id", "user_id", "sla_policy_id", "playbook_id", "matrix_id"}
# What a save of these changes: the cached definitions, and whether an old failure still counts.
DEFINING = {
    *SETS,
    "name",
    "sequence",
    "active",
    "enabled",
    "company_id",
    "owner_id",
    "domain",
    "model_id",
    "record_domain",
    "fact_ids",
    "stop",
    "protect",
}


class ExceptionRule(models.Model):
    """A triage rule: which new cases, and what is decided about them.

    The enabled rules are read from top to bottom for every new case. Each may decide severity,
    team, owner, disposition, tags, service level, playbook and approval policy; what an earlier
    rule has decided stays, and a rule that stops ends the reading. Conditions look at the case as
    it was opened, never at what another rule made of it.

    Each concern has its file: ``exception_rule_check`` (what may be configured),
    ``exception_rule_judge`` (which rule decides what, for a batch), ``exception_rule_words``
    (the rule as a sentence), ``exception_rule_try`` (past cases) and ``exception_rule_supervise``
    (rules that fail).
    """

    _name = "exception.rule"
    _description = "Triage Rule"
    _inherit = ["mail.thread", "mail.activity.mixin", "exception.switchable", "exception.versioned"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True, help="Example: Gold customers first")
    sequence = fields.Integer(default=10, help="Rules are read from top to bottom.")
    enabled = fields.Boolean(
        help="Only enabled rules decide about new cases. Try a draft on past cases first.",
    )
    description = fields.Text(help="Why the rule is there, for the next person who reads it.")
    owner_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        required=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="Is told when the rule cannot be evaluated.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for a rule about the cases of all companies."
    )

    # condition
    domain = fields.Char(
        "Condition",
        default="[]",
        tracking=True,
        help="Which cases, as they were opened. Example: At stake is at least 1,000 and the tier "
        "is Gold.",
    )
    model_id = fields.Many2one(
        "ir.model",
        "Kind of record",
        ondelete="cascade",
        domain=[("transient", "=", False), ("model", "not like", "exception.")],
        help="Empty: cases on any record. Example: Sales Order.",
    )
    model = fields.Char(related="model_id.model", string="Model name")
    record_domain = fields.Char(
        "Condition on the record",
        default="[]",
        tracking=True,
        help="Which records the cases are about. Example: the order has more than 20 lines.",
    )
    fact_ids = fields.One2many(
        "exception.rule.fact", "rule_id", "Conditions on what the detector saw", copy=True
    )

    # effect
    severity = fields.Selection(SEVERITIES, tracking=True)
    team_id = fields.Many2one("exception.team", ondelete="restrict", tracking=True)
    user_id = fields.Many2one(
        "res.users",
        "Owner of the cases",
        ondelete="restrict",
        tracking=True,
        domain=lambda self: [("groups_id", "in", self.env.ref("exception_core.group_user").ids)],
        help="The person gets the cases; they count as answered when the person begins.",
    )
    disposition = fields.Selection(
        DISPOSITIONS,
        tracking=True,
        help="Counts where it is stricter than what the type of the case says.",
    )
    tag_ids = fields.Many2many(
        "exception.tag", "exception_rule_tag_rel", "rule_id", "tag_id", "Tags", tracking=True
    )
    sla_policy_id = fields.Many2one(
        "exception.sla.policy", "Service level", ondelete="restrict", tracking=True
    )
    playbook_id = fields.Many2one(
        "exception.playbook",
        ondelete="restrict",
        tracking=True,
        help="Started on the cases, instead of the one that their type names.",
    )
    matrix_id = fields.Many2one(
        "exception.approval.matrix",
        "Approval policy",
        ondelete="restrict",
        tracking=True,
        help="Judges what is asked for on the cases, where the action names no policy of its own; "
        "instead of the one that their type names.",
    )
    stop = fields.Boolean(
        "Stop here", tracking=True, help="The rules below are not read for these cases."
    )
    protect = fields.Boolean(
        "Changes need a reason",
        tracking=True,
        help="Who changes later what this rule has decided must say why, with a reason code. What "
        "a person chose when reporting a case gives way to such a rule, too.",
    )

    # how it does
    case_ids = fields.Many2many(
        "exception.case", "exception_case_rule_rel", "rule_id", "case_id", "Cases", readonly=True
    )
    case_count = fields.Integer("Hits", compute="_compute_hits")
    last_hit_at = fields.Datetime("Last hit", compute="_compute_hits")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_hits(self):
        """Count by aggregation: a counter on the rule would be a row that every case fights for."""
        groups = self.env["exception.case"]._read_group(
            [("rule_ids", "in", self.ids)], ["rule_ids"], ["__count", "detected_at:max"]
        )
        hits = {rule.id: (count, last) for rule, count, last in groups}
        for rule in self:
            rule.case_count, rule.last_hit_at = hits.get(rule.id, (0, False))

    @api.model_create_multi
    def create(self, vals_list):
        """Create rules; the cached definitions are read anew."""
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        """Write rules; the cached definitions are read anew, and an old failure is forgotten."""
        result = super().write(vals)
        if DEFINING & vals.keys():
            self.env.registry.clear_cache()
            # sudo: failures are noted by the model; who may change a rule may mend it
            self.sudo()._forget_failures()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_cases(self):
        # sudo: cases of other companies keep their rule as well
        if self.sudo().case_ids:
            raise UserError(
                _("A rule that has decided about cases stays for the record. Archive it instead.")
            )

    def unlink(self):
        """Delete rules that never decided anything."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def copy(self, default=None):
        """Copy one rule under a name of its own."""
        self.ensure_one()
        return super().copy(dict(default or {}, name=_("%s (copy)", self.name)))

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "fact_ids"]

    # ------------------------------------------------------------------
    # definitions
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _definitions(self):
        """Return the enabled rules in order, as plain values that can be cached."""
        # sudo: rules hold whoever opens the case
        rules = self.sudo().with_context(active_test=False)
        return tuple(
            rule._definition()
            for rule in rules.search([("enabled", "=", True), ("active", "=", True)])
        )

    def _definition(self):
        self.ensure_one()
        sets = {name: self[name] for name in SETS if self[name]}
        for name in sets.keys() & RELATED:
            sets[name] = sets[name].id
        if "tag_ids" in sets:
            sets["tag_ids"] = tuple(sorted(sets["tag_ids"].ids))
        return {
            "id": self.id,
            "name": self.name,
            "company_id": self.company_id.id,
            "tz": self.company_id.partner_id.tz or self.owner_id.tz,
            "domain": self.domain or "[]",
            "model": self.model_id.model,
            "record_domain": self.record_domain or "[]",
            "facts": tuple(fact._definition() for fact in self.fact_ids),
            "sets": sets,
            "stop": self.stop,
            "protect": self.protect,
        }

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def action_open_cases(self):
        """Open the cases about which the rule has decided something."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_case_action_all", [("rule_ids", "in", self.ids)]
        )

    def action_try(self):
        """Open the screen that tries the rules on past cases."""
        self.check_access_rights("write")
        return {
            "type": "ir.actions.client",
            "tag": "exception_rule_lab",
            "name": _("Try on past cases"),
            "context": {"exception_rule_ids": self.ids},
        }

    @api.model
    def _second_person_kind(self):
        return "rule"

    def _second_person_in_force(self):
        return self.filtered(lambda rule: rule.active and rule.enabled)

    @api.model
    def _second_person_free(self):
        # the order of the rules decides
        return super()._second_person_free() - {"sequence"}
