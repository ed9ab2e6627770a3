from odoo import _, api, fields, models
from odoo.exceptions import UserError

from .exception_play import SETTLED

STEP_STATES = [
    ("todo", "To do"),
    ("running", "At work"),
    ("waiting", "Waits"),
    ("done", "Done"),
    ("skipped", "Skipped"),
    ("failed", "Failed"),
    ("compensated", "Taken back"),
    ("cancelled", "Not done any more"),
]
# Kinds that a person ticks off; what waits may be ended by a person as well.
BY_PERSONS = ("activity", "wait", "action", "options")


class ExceptionCaseStep(models.Model):
    """A step of a playbook on one case: a copy, so that the case keeps what it started with.

    ``settings`` is what ``exception.playbook.step`` gave (``_settings``); the other fields say
    what became of it. Written by the model only; people use the verbs ``tick``, ``skip``,
    ``give_up`` and ``retry``.
    """

    _name = "exception.case.step"
    _description = "Step of a Case"
    _order = "play_id desc, position, id"

    play_id = fields.Many2one(
        "exception.play", required=True, readonly=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(
        "exception.case", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, precompute=True, index=True
    )
    playbook_id = fields.Many2one(related="play_id.playbook_id", store=True, precompute=True)
    step_id = fields.Many2one(
        "exception.playbook.step",
        "Step of the playbook",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    position = fields.Integer("Step", readonly=True, required=True)
    name = fields.Char("What happens", readonly=True, required=True)
    kind = fields.Selection(
        lambda self: self.env["exception.playbook.step"]._fields["kind"].selection,
        required=True,
        readonly=True,
    )
    settings = fields.Json(readonly=True)
    instructions = fields.Text(compute="_compute_instructions")
    state = fields.Selection(
        STEP_STATES, required=True, readonly=True, default="todo", index="btree"
    )
    team_id = fields.Many2one(
        "exception.team", readonly=True, index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users", "Who", readonly=True, index="btree_not_null", ondelete="set null"
    )
    tries = fields.Integer("Times begun", readonly=True)
    started_at = fields.Datetime("Begun", readonly=True)
    due_at = fields.Datetime("Due", readonly=True)
    reminded_at = fields.Datetime("Reminded", readonly=True)
    ended_at = fields.Datetime("Ended", readonly=True)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, ondelete="restrict")
    note = fields.Text("What became of it", readonly=True)
    play_state = fields.Selection(related="play_id.state", string="State of the playbook")
    is_mine = fields.Boolean(
        "Mine to do", compute="_compute_is_mine", search="_search_is_mine", compute_sudo=False
    )

    @api.depends("settings")
    def _compute_instructions(self):
        for step in self:
            step.instructions = (step.settings or {}).get("instructions")

    @api.depends("state", "user_id", "team_id", "play_state")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for step in self:
            step.is_mine = not step._refuse_hand()

    @api.model
    def _search_is_mine(self, operator, value):
        if operator not in ("=", "!=") or not isinstance(value, bool):
            raise UserError(_("Ask whether a step is yours or not."))
        uid = self.env.uid
        mine = [
            ("state", "=", "waiting"),
            ("kind", "in", BY_PERSONS),
            "!",
            ("run_id.state", "=", "approval"),
            "|",
            ("user_id", "=", uid),
            "&",
            ("user_id", "=", False),
            "|",
            ("team_id.member_ids", "=", uid),
            ("team_id.lead_id", "=", uid),
        ]
        return mine if (operator == "=") == value else ["!", *_one_domain(mine)]

    @api.depends("name", "position")
    def _compute_display_name(self):
        for step in self:
            step.display_name = f"{step.position}. {step.name}"

    @api.ondelete(at_uninstall=False)
    def _unlink_with_the_case(self):
        """What was done on a case is evidence; it goes with the case only."""
        if not self.env.su:
            raise UserError(_("Steps stay with the case. Skip the step and say why instead."))

    # ------------------------------------------------------------------
    # how a step ends
    # ------------------------------------------------------------------

    def _finish(self, state, note=None, person=None):
        """End the step, and say on the trail what became of it."""
        self.ensure_one()
        self._cancel_activities()
        self.write(
            {
                "state": state,
                "ended_at": fields.Datetime.now(),
                "due_at": False,
                "note": note or False,
                "done_by_id": person.id if person else False,
            }
        )
        self.case_id._audit_play("playbook.step", self.play_id, step=self, person=person)

    def _fail(self, why, person=None):
        """Note that the step failed, and follow the path that it names."""
        self._finish("failed", why, person)
        self.play_id._take_path(self, why)

    # ------------------------------------------------------------------
    # what people do
    # ------------------------------------------------------------------

    def _refuse_hand(self):
        """Say why the user cannot end this step by hand; None if they can."""
        self.ensure_one()
        if self.state != "waiting" or self.kind not in BY_PERSONS:
            return _("“%s” is not waiting for anybody.", self.name)
        return self._refuse_person()

    def _refuse_person(self):
        """Say why the user has no say about this step; None if they have."""
        user = self.env.user
        # sudo: only who owns step, case and team is read
        step = self.sudo()
        team = step.team_id or step.case_id.team_id
        concerned = step.user_id | step.case_id.user_id | team.lead_id
        if not step.user_id:
            concerned |= team.member_ids
        if self.env.su or user in concerned or user.has_group("exception_core.group_manager"):
            return None
        who = step.user_id.name or team.name or _("the owner of the case")
        return _("“%(step)s” is for %(who)s.", step=self.name, who=who)

    def _check_verb(self, refuse):
        """Refuse whoever may not work the case or has no say; lock the plays for the rest."""
        self.case_id.check_access_rights("write")
        self.case_id.check_access_rule("write")
        # sudo: access was checked; the engine's rows are written by the model only
        self.sudo().play_id._lock()
        self.invalidate_recordset()
        for step in self:
            if refusal := refuse(step):
                raise UserError(refusal)

    def tick(self, note=None):
        """Take steps as done, and go on with what comes after them."""
        self._check_verb(lambda step: step._refuse_hand())
        for step in self:
            # sudo: as in _check_verb
            step.sudo()._finish("done", note, self.env.user)
        self.sudo().play_id._go_on()
        return True

    def give_up(self, note):
        """Say that a step could not be done; its playbook goes the way set down for that."""
        self._check_note(note)
        self._check_verb(lambda step: step._refuse_hand())
        for step in self:
            # sudo: as in _check_verb
            step.sudo()._cancel_requests(note)
            step.sudo()._fail(note, self.env.user)
        self.sudo().play_id._go_on()
        return True

    def skip(self, note):
        """Pass over steps that are not needed on this case, and say why."""
        self._check_note(note)

        def refuse(step):
            if step.state in SETTLED and not (step.state == "failed" and step._is_stuck()):
                return _("“%s” has ended already.", step.name)
            if step.state == "running":
                return _("“%s” is at work. Wait until it has ended.", step.name)
            return step._refuse_person()

        self._check_verb(refuse)
        for step in self:
            # sudo: as in _check_verb
            step.sudo()._cancel_requests(note)
            step.sudo()._finish("skipped", note, self.env.user)
        self.sudo()._start_again()
        return True

    def retry(self):
        """Try steps again over which a playbook had stopped."""

        def refuse(step):
            if step.state != "failed" or not step._is_stuck():
                return _("“%s” is not what the playbook stopped at.", step.name)
            return step._refuse_person()

        self._check_verb(refuse)
        # sudo: as in _check_verb
        self.sudo().write({"state": "todo", "ended_at": False, "note": False})
        self.sudo()._start_again()
        return True

    def _is_stuck(self):
        """Tell whether the playbook stopped, so that a person decides about its failed step."""
        return self.sudo().play_id.state == "stopped"  # sudo: the state of a step one sees

    def _start_again(self):
        """Let plays that had stopped go on."""
        plays = self.play_id
        plays.filtered(lambda play: play.state == "stopped").write(
            {"state": "running", "note": False}
        )
        plays._go_on()

    @api.model
    def _check_note(self, note):
        if not (note or "").strip():
            raise UserError(_("Say why, for whoever reads the case later."))

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def action_tick(self):
        """Take the step as done."""
        return self.tick()

    def action_retry(self):
        """Try the step again."""
        return self.retry()

    def action_answer(self):
        """Ask what else is to become of the step, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "exception.case.step.answer",
            "views": [(False, "form")],
            "target": "new",
            "name": self.display_name,
            "context": {"default_step_id": self.id},
        }


def _one_domain(domain):
    """Join a list of conditions, so that it can be negated as a whole."""
    leaves = sum(isinstance(item, tuple) for item in domain)
    joints = sum(item in ("&", "|") for item in domain)  # "!" joins nothing
    return ["&"] * (leaves - joints - 1) + domain
