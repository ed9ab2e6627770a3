from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

from .exception_case import WAITING_FOR

KINDS = [
    ("activity", "Somebody does something"),
    ("notify", "Send a message"),
    ("wait", "Wait"),
    ("event", "Send an event"),
    ("action", "Do an action"),
    ("options", "Propose ways out"),
    ("approval", "Ask for approval"),
]
OWNERS = [
    ("case_owner", "The case's owner"),
    ("lead", "The team lead"),
    ("team", "A team"),
    ("user", "A person"),
]
ON_FAILURE = [
    ("compensate", "Take back what was done, and give it to a person"),
    ("stop", "Stop, and give it to a person"),
    ("skip", "Go on with the next step"),
    ("goto", "Go to another step"),
]
ON_TIMEOUT = [
    ("remind", "Remind whoever it waits for"),
    ("go_on", "Go on with the next step"),
    ("fail", "Take it as failed"),
]
WAITS = [
    ("reply", "an answer by mail"),
    ("event", "an event"),
    ("time", "some time"),
]
NOTIFIED = [
    ("customer", "The customer"),
    ("owner", "Who owns the step"),
]
HOUR = 3600


class ExceptionPlaybookStep(models.Model):
    """One step of a playbook, as it is configured.

    ``_settings`` is what a case copies: plain values, so that the case does not change with the
    playbook. What a kind of step does is in ``exception_case_step_do``.
    """

    _name = "exception.playbook.step"
    _description = "Step of a Playbook"
    _order = "playbook_id, sequence, id"

    playbook_id = fields.Many2one(
        "exception.playbook", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    number = fields.Integer("Step", compute="_compute_number")
    name = fields.Char(
        "What happens", required=True, help="Example: Ask the warehouse where the parcel is"
    )
    kind = fields.Selection(KINDS, required=True, default="activity")
    instructions = fields.Text(help="How it is done, for whoever does it.")

    # when
    domain = fields.Char(
        "Only if the case",
        default="[]",
        help="Else the step is passed over. Example: At stake is at least 100.",
    )
    model = fields.Char(related="playbook_id.model_id.model", string="Kind of record")
    record_domain = fields.Char(
        "Only if the record",
        default="[]",
        help="Else the step is passed over. Example: the order is not delivered.",
    )

    # who
    owner_kind = fields.Selection(OWNERS, "Who", required=True, default="case_owner")
    team_id = fields.Many2one("exception.team", ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        "Person",
        ondelete="restrict",
        domain=lambda self: [("groups_id", "in", self.env.ref("exception_core.group_user").ids)],
    )

    # until when
    timeout_seconds = fields.Integer("Time in seconds", help="Business seconds; 0: no limit.")
    timeout_hours = fields.Float(
        "Within (h:mm)",
        compute="_compute_timeout_hours",
        inverse="_inverse_timeout_hours",
        help="Working hours of the case. Example: 16:00 is two working days of eight hours. "
        "0:00: no limit.",
    )
    on_timeout = fields.Selection(ON_TIMEOUT, "Then", required=True, default="remind")

    # when it fails
    on_failure = fields.Selection(ON_FAILURE, "If it fails", required=True, default="compensate")
    failure_step_id = fields.Many2one(
        "exception.playbook.step",
        "Step to go to",
        ondelete="set null",
        domain="[('playbook_id', '=', playbook_id), ('id', '!=', id)]",
    )

    # what a kind of step needs
    notify_to = fields.Selection(NOTIFIED, "To", default="customer")
    reply_id = fields.Many2one(
        "exception.reply",
        "Reply template",
        ondelete="restrict",
        domain="[('state', '=', 'approved')]",
        help="The approved version at the time of sending is sent.",
    )
    message = fields.Text("Text", help="Example: The customer was told. Please ship today.")
    wait_for = fields.Selection(WAITS, "Wait for", default="reply")
    waiting_for = fields.Selection(
        [item for item in WAITING_FOR if item[0] != "date"],
        "From",
        default="customer",
        help="Meanwhile the case waits for them, and its clocks rest where the service level says "
        "so.",
    )
    event_name = fields.Char("Event", help="Example: warehouse.checked")

    @api.depends("playbook_id.step_ids.sequence")
    def _compute_number(self):
        for step in self:
            steps = step.playbook_id.step_ids.sorted(lambda one: (one.sequence, one._origin.id))
            known = [one._origin.id or one for one in steps]
            key = step._origin.id or step
            step.number = known.index(key) + 1 if key in known else 0

    @api.depends("timeout_seconds")
    def _compute_timeout_hours(self):
        for step in self:
            step.timeout_hours = step.timeout_seconds / HOUR

    def _inverse_timeout_hours(self):
        for step in self:
            step.timeout_seconds = round(step.timeout_hours * HOUR)

    # ------------------------------------------------------------------
    # versions
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create steps; the playbook begins a new version where cases had started with it."""
        steps = super().create(vals_list)
        steps.playbook_id._begin_version()
        return steps

    def write(self, vals):
        """Write steps; the playbook begins a new version where cases had started with it."""
        result = super().write(vals)
        self.playbook_id._begin_version()
        return result

    def unlink(self):
        """Delete steps; cases that have begun keep theirs."""
        playbooks = self.playbook_id
        result = super().unlink()
        playbooks._begin_version()
        return result

    def copy_data(self, default=None):
        """Copy steps; where one goes when it fails is chosen anew, it would be another playbook."""
        rows = super().copy_data(default)
        for row in rows:
            if row.pop("failure_step_id", None) and row.get("on_failure") == "goto":
                row["on_failure"] = "stop"
        return rows

    # ------------------------------------------------------------------
    # what may be configured
    # ------------------------------------------------------------------

    @api.constrains(
        "kind",
        "owner_kind",
        "team_id",
        "user_id",
        "timeout_seconds",
        "on_failure",
        "failure_step_id",
        "notify_to",
        "reply_id",
        "message",
        "wait_for",
        "event_name",
    )
    def _check_complete(self):
        for step in self:
            if missing := step._missing():
                raise ValidationError(
                    _("Step “%(step)s”: %(missing)s", step=step.name, missing=missing)
                )

    def _missing(self):
        """Say what the step still needs; None when it can be carried out."""
        self.ensure_one()
        if self.owner_kind == "team" and not self.team_id:
            return _("choose the team that does it.")
        if self.owner_kind == "user" and not self.user_id:
            return _("choose the person who does it.")
        if self.timeout_seconds < 0:
            return _("the time cannot be negative.")
        if self.on_failure == "goto":
            if not self.failure_step_id or self.failure_step_id == self:
                return _("choose the step to go to when it fails.")
            if self.failure_step_id.playbook_id != self.playbook_id:
                return _("the step to go to belongs to another playbook.")
        check = getattr(self, f"_missing_{self.kind}", None)
        return check() if check else None

    def _missing_notify(self):
        if self.notify_to == "customer" and not self.reply_id:
            return _("choose the reply template that the customer gets.")
        if self.notify_to == "owner" and not (self.message or "").strip():
            return _("write the text of the message.")
        return None

    def _missing_wait(self):
        if self.wait_for == "time" and not self.timeout_seconds:
            return _("say how long it waits.")
        if self.wait_for == "event" and not (self.event_name or "").strip():
            return _("name the event that it waits for.")
        return None

    def _missing_event(self):
        return None if (self.event_name or "").strip() else _("name the event that is sent.")

    @api.constrains("domain", "record_domain", "playbook_id")
    def _check_conditions(self):
        """Refuse conditions that cannot be evaluated, by the same rules as those of triage."""
        for step in self:
            draft = self.env["exception.rule"].new(
                {
                    "name": step.name,
                    "domain": step.domain,
                    "model_id": step.playbook_id.model_id.id,
                    "record_domain": step.record_domain,
                }
            )
            draft._check_case_domain()
            if step.playbook_id.model_id:
                draft._check_record_domain()
            elif draft._parse_domain("record_domain"):
                raise UserError(
                    _("Choose the kind of record of the playbook before you ask about the record.")
                )

    # ------------------------------------------------------------------
    # what a case copies
    # ------------------------------------------------------------------

    def _settings(self, places):
        """Return what a case must know of this step, as plain values.

        :param dict places: {step: its number in the playbook}
        """
        self.ensure_one()
        names = (
            "instructions domain owner_kind timeout_seconds on_timeout on_failure notify_to"
            " message wait_for waiting_for event_name"
        )
        settings = {name: self[name] for name in names.split() if self[name]}
        if self.model:
            settings.update(model=self.model, record_domain=self.record_domain or "[]")
        if self.on_failure == "goto":
            settings["failure_position"] = places.get(self.failure_step_id, 0)
        for name in ("team_id", "user_id"):
            if self[name]:
                settings[name] = self[name].id
        if self.reply_id:
            settings["reply_family_id"] = self.reply_id.family_id.id
        return settings
