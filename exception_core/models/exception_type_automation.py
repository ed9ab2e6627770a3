from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

STAGES = [
    ("observe", "Observe"),
    ("propose", "Propose"),
    ("approve", "Approve"),
    ("auto", "Automatic"),
]
STAGE_ORDER = [key for key, _label in STAGES]
# Where a type begins: the machine proposes, and a person starts what it proposes.
FIRST_STAGE = "propose"
VERDICTS = [
    ("right", "Right"),
    ("overridden", "Decided otherwise"),
    ("failed", "Failed"),
    ("undone", "Taken back"),
]


class ExceptionType(models.Model):
    """The playbook of a type, and how far it does actions by itself."""

    _inherit = "exception.type"

    playbook_id = fields.Many2one(
        "exception.playbook",
        index="btree_not_null",
        ondelete="restrict",
        help="Started on every new case of the type; a triage rule may choose another one.",
    )
    automation_stage = fields.Selection(
        STAGES,
        "Automation",
        required=True,
        default=FIRST_STAGE,
        copy=False,
        help="How far the actions of playbooks go by themselves. Observe: they only say what they "
        "would do. Propose: a person starts each. Approve: people agree to each. Automatic: done "
        "where of low risk and inside the limits. Raised by figures and a second person.",
    )
    automation_since = fields.Datetime("Since", readonly=True, copy=False)
    stage_ids = fields.One2many(
        "exception.type.stage", "type_id", "Changes of the automation", readonly=True
    )
    stage_figures = fields.Char("Figures", compute="_compute_stage_figures")
    stage_lacking = fields.Char("Still lacking", compute="_compute_stage_figures")
    stage_request_id = fields.Many2one(
        "exception.type.stage", "Asked for", compute="_compute_stage_figures"
    )

    @api.depends("automation_stage", "automation_since", "stage_ids.state")
    @api.depends_context("lang")
    def _compute_stage_figures(self):
        for kind in self:
            figures = kind._figures()
            kind.stage_figures = kind._figures_words(figures)
            kind.stage_lacking = kind._refuse_figures(figures)
            kind.stage_request_id = kind.stage_ids.filtered(lambda one: one.state == "asked")[:1]

    @api.constrains("playbook_id")
    def _check_playbook(self):
        for kind in self:
            if kind.playbook_id and not kind.playbook_id.active:
                raise ValidationError(
                    _("%s is archived: choose another playbook.", kind.playbook_id.name)
                )

    def _playbook_for(self, company_id):
        """Return the id of the playbook that a case of this type starts with, or False."""
        playbook = self.playbook_id
        if not playbook or not playbook.enabled:
            return False
        return playbook.id if playbook.company_id.id in (False, company_id) else False

    # ------------------------------------------------------------------
    # protection
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create types; nobody makes one that goes further by itself than the first stage."""
        for vals in vals_list:
            stage = vals.get("automation_stage") or FIRST_STAGE
            if STAGE_ORDER.index(stage) > STAGE_ORDER.index(FIRST_STAGE):
                self._refuse_stage_by_hand()
            vals.setdefault("automation_stage", FIRST_STAGE)
        return super().create(vals_list)

    def write(self, vals):
        """Write types; how far they go by themselves is changed by its buttons only."""
        if "automation_stage" in vals or "automation_since" in vals:
            self._refuse_stage_by_hand()
        return super().write(vals)

    def _refuse_stage_by_hand(self):
        if not self.env.su:
            raise UserError(
                _(
                    "How far a type goes by itself is raised on its form, by figures and with a "
                    "second person. It cannot be set by hand."
                )
            )

    # ------------------------------------------------------------------
    # figures
    # ------------------------------------------------------------------

    def _figures(self):
        """Return what the actions of playbooks did at this stage: numbers of cases by verdict."""
        self.ensure_one()
        # sudo: numbers only, of all cases of the type
        steps = self.env["exception.case.step"].sudo()
        domain = [
            ("case_id.type_id", "in", self.ids),
            ("kind", "=", "action"),
            ("stage", "=", self.automation_stage),
            ("verdict", "!=", False),
        ]
        if self.automation_since:
            domain.append(("started_at", ">=", self.automation_since))
        groups = steps._read_group(domain, ["verdict"], ["case_id:count_distinct"])
        counts = dict(groups)
        total = steps._read_group(domain, [], ["case_id:count_distinct"])[0][0]
        return {"cases": total, **{key: counts.get(key, 0) for key, _label in VERDICTS}}

    @api.model
    def _figures_words(self, figures):
        """Say the figures in one line."""
        cases = figures["cases"]
        return _(
            "%(cases)s cases: %(share)s %% right, %(overridden)s decided otherwise, "
            "%(undone)s taken back, %(failed)s failed",
            cases=cases,
            share=100 * figures["right"] // cases if cases else 0,
            overridden=figures["overridden"],
            undone=figures["undone"],
            failed=figures["failed"],
        )

    def _refuse_figures(self, figures):
        """Say what is lacking to raise the stage; None when the figures suffice."""
        if self.automation_stage == STAGE_ORDER[-1]:
            return _("It is as high as it can be.")
        number = self.env["ir.config_parameter"]._exception_number
        cases = number("exception_core.stage_cases", 20)
        share = number("exception_core.stage_right", 95)
        undone = number("exception_core.stage_undone", 1, least=0)
        lacking = []
        if figures["cases"] < cases:
            lacking.append(_("%(want)s cases (now %(have)s)", want=cases, have=figures["cases"]))
        if 100 * figures["right"] < share * figures["cases"]:
            lacking.append(_("%s %% of them right", share))
        if figures["undone"] > undone:
            lacking.append(_("%s taken back at most", undone))
        return ", ".join(lacking) or None

    # ------------------------------------------------------------------
    # raise and lower
    # ------------------------------------------------------------------

    def request_stage(self, note):
        """Ask to let the type go one stage further by itself; somebody else agrees.

        :param note: why, for whoever agrees and for whoever reads it later
        :raise UserError: what the figures lack
        """
        self.ensure_one()
        self._check_stage_right("exception_core.group_manager")
        self.env["exception.case.step"]._check_note(note)
        figures = self._figures()
        if lacking := self._refuse_figures(figures):
            raise UserError(
                _(
                    "“%(type)s” is not raised yet. It takes: %(lacking)s.",
                    type=self.name,
                    lacking=lacking,
                )
            )
        if self.stage_request_id:
            raise UserError(_("It was asked for already; another manager agrees or refuses."))
        stage = STAGE_ORDER[STAGE_ORDER.index(self.automation_stage) + 1]
        # sudo: the right was checked; the history is written by the model only
        return self.env["exception.type.stage"].sudo()._ask(self, stage, note, figures)

    def lower_stage(self, note=None, stage=None):
        """Let the type do less by itself, at once; whoever leads its team or manages may.

        :param note: why
        :param stage: the stage it falls back to; default: one below
        """
        self.ensure_one()
        if self.env.user != self.team_id.sudo().lead_id:  # sudo: only who leads
            self._check_stage_right("exception_core.group_manager")
        place = STAGE_ORDER.index(self.automation_stage)
        target = STAGE_ORDER.index(stage) if stage in STAGE_ORDER else place - 1
        if not 0 <= target < place:
            raise UserError(_("“%s” cannot do less by itself than it does.", self.name))
        # sudo: as in request_stage
        history = self.env["exception.type.stage"].sudo()
        history._lower(self.sudo(), STAGE_ORDER[target], note or _("Lowered by hand."))
        return True

    def _fall_back(self, why, stage=FIRST_STAGE):
        """Let types do no more by themselves than this stage, because the machine says so."""
        for kind in self.sudo():  # sudo: as in request_stage
            if STAGE_ORDER.index(kind.automation_stage) > STAGE_ORDER.index(stage):
                self.env["exception.type.stage"].sudo()._lower(kind, stage, why)

    def _set_stage(self, stage):
        self.write({"automation_stage": stage, "automation_since": fields.Datetime.now()})

    @api.model
    def _check_stage_right(self, group):
        if not (self.env.su or self.env.user.has_group(group)):
            raise AccessError(_("Managers decide how far a type goes by itself."))

    def action_request_stage(self):
        """Ask why the type is raised."""
        return self._stage_dialog("raise", _("Let it do more by itself"))

    def action_lower_stage(self):
        """Fall back one stage, at once."""
        return self.lower_stage()

    def _stage_dialog(self, choice, name):
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.type.stage.dialog",
            "views": [(False, "form")],
            "target": "new",
            "name": name,
            "context": {"default_type_id": self.id, "default_choice": choice},
        }
