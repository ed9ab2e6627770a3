from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

# A change of these is another way of working: cases that come later get another version.
DEFINING = {"step_ids", "model_id", "resolves", "root_cause_id", "resolution_id"}


class ExceptionPlaybook(models.Model):
    """A reusable way of working a case: steps in order, each with a way on when it fails.

    A playbook is started by the type of a case, by a triage rule or by a person. The case gets
    copies of its steps (``exception.case.step``), so that a later edit changes nothing for the
    cases that have begun: they keep the version they started with. What happens on a case is
    told by ``exception.play``.
    """

    _name = "exception.playbook"
    _description = "Playbook"
    _inherit = ["mail.thread", "exception.switchable"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, tracking=True, help="Example: Ask the customer, then wait")
    sequence = fields.Integer(default=10)
    enabled = fields.Boolean(
        help="Only enabled playbooks are started. Try a draft on past cases first.",
    )
    description = fields.Text(help="When it is used and what it is for, for the next reader.")
    owner_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        required=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="Answers for the playbook, and is told when it cannot go on and nobody else is there.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for a playbook that all companies share."
    )
    model_id = fields.Many2one(
        "ir.model",
        "Kind of record",
        ondelete="cascade",
        domain=[("transient", "=", False), ("model", "not like", "exception.")],
        help="What the cases are about, for steps that ask something about the record. Empty: any.",
    )
    model = fields.Char(related="model_id.model", string="Model name")
    version = fields.Integer(readonly=True, default=1, copy=False)
    step_ids = fields.One2many("exception.playbook.step", "playbook_id", "Steps", copy=True)
    resolves = fields.Boolean(
        "Resolve the case at the end",
        help="When all steps are done the case ends: as resolved automatically when no person took "
        "part, as resolved after approval when somebody agreed. Else its owner is told.",
    )
    root_cause_id = fields.Many2one(
        "exception.reason",
        "Root cause",
        ondelete="restrict",
        domain="[('kind', '=', 'root_cause')]",
        help="Given when the playbook resolves a case; needed where the type asks for one.",
    )
    resolution_id = fields.Many2one(
        "exception.reason",
        ondelete="restrict",
        domain="[('kind', '=', 'resolution')]",
        help="Given when the playbook resolves a case; needed where the type asks for one.",
    )
    type_ids = fields.One2many("exception.type", "playbook_id", "Types", readonly=True)
    play_ids = fields.One2many("exception.play", "playbook_id", "Started", readonly=True)
    case_count = fields.Integer("Cases", compute="_compute_case_count")
    live_count = fields.Integer("At work", compute="_compute_case_count")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_case_count(self):
        groups = self.env["exception.play"]._read_group(
            [("playbook_id", "in", self.ids)], ["playbook_id", "is_live"], ["__count"]
        )
        counts = {}
        for playbook, live, count in groups:
            counts[playbook.id, live] = count
        for playbook in self:
            playbook.live_count = counts.get((playbook.id, True), 0)
            ended = counts.get((playbook.id, False), 0)
            playbook.case_count = playbook.live_count + ended

    def write(self, vals):
        """Write playbooks; what cases have begun with stays a version of its own."""
        result = super().write(vals)
        if DEFINING & vals.keys():
            self._begin_version()
        return result

    def _begin_version(self):
        """Count a new version of those that cases have started with as they were."""
        # sudo: cases of every company have started with it
        plays = self.env["exception.play"].sudo()
        used = plays._read_group(
            [("playbook_id", "in", self.ids)], ["playbook_id"], ["version:max"]
        )
        for playbook, version in used:
            if version == playbook.version:
                # sudo: only counted, for whoever has just been let change the playbook
                playbook.sudo().write({"version": version + 1})

    def copy(self, default=None):
        """Copy one playbook under a name of its own."""
        self.ensure_one()
        return super().copy(dict(default or {}, name=_("%s (copy)", self.name)))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_cases(self):
        # sudo: cases of other companies keep their playbook as well
        if self.sudo().play_ids:
            raise UserError(
                _("A playbook that cases have started with stays for the record. Archive it.")
            )

    @api.constrains("enabled", "active", "step_ids")
    def _check_enabled(self):
        for playbook in self:
            if not playbook.enabled:
                continue
            if not playbook.step_ids:
                raise ValidationError(_("“%s” has no steps yet.", playbook.name))
            for step in playbook.step_ids.filtered("reply_id"):
                versions = step.reply_id.family_id.version_ids
                if "approved" not in versions.mapped("state"):
                    raise ValidationError(
                        _(
                            "“%(step)s” sends the reply template “%(reply)s”, which nobody has "
                            "approved yet. Approve it first.",
                            step=step.name,
                            reply=step.reply_id.name,
                        )
                    )

    @api.constrains("active", "enabled")
    def _check_in_use(self):
        idle = self.filtered(lambda playbook: not playbook.active)
        kind = self.env["exception.type"].search([("playbook_id", "in", idle.ids)], limit=1)
        if kind:
            raise ValidationError(
                _(
                    "%(playbook)s is started by cases of the type %(type)s. Give that type another "
                    "one first.",
                    playbook=kind.playbook_id.name,
                    type=kind.name,
                )
            )

    # ------------------------------------------------------------------
    # for cases
    # ------------------------------------------------------------------

    def _refuse_case(self, case):
        """Say why a case cannot start this playbook; None if it can."""
        self.ensure_one()
        if not (self.enabled and self.active):
            return _("“%s” is not enabled.", self.name)
        if self.company_id and self.company_id != case.company_id:
            return _("“%s” is a playbook of another company.", self.name)
        return None

    def _instance_values(self):
        """Return the values of the steps of a case that starts with this version."""
        self.ensure_one()
        steps = self.step_ids.sorted(lambda step: (step.sequence, step.id))
        places = {step: place for place, step in enumerate(steps, start=1)}
        return [
            {
                "position": place,
                "name": step.name,
                "kind": step.kind,
                "step_id": step.id,
                "settings": step._settings(places),
            }
            for step, place in places.items()
        ]

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def action_open_cases(self):
        """Open the cases that have started with this playbook."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_case_action_all", [("play_ids.playbook_id", "in", self.ids)]
        )
