from odoo import _, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

TRIGGERS = [
    ("warning", "At warning"),
    ("breach", "At breach"),
    ("after", "Business hours after breach"),
]
CLOCK_KINDS = [
    ("both", "Any promise"),
    ("response", "First response"),
    ("resolution", "Resolution"),
]
# Who a role is: the group that makes it.
ROLES = {
    "user": "exception_core.group_user",
    "lead": "exception_core.group_lead",
    "manager": "exception_core.group_manager",
    "admin": "exception_core.group_admin",
    "approver": "exception_core.group_approver",
    "auditor": "exception_core.group_auditor",
}
EFFECTS = (
    "tell_owner",
    "tell_lead",
    "tell_category_owner",
    "tell_user_ids",
    "tell_role",
    "tell_approvers",
    "ask_manager",
    "ask_lead",
    "ask_user_ids",
    "raise_severity",
    "reassign_to",
    "hand_over_team_id",
)
HOUR = 3600


class ExceptionEscalationLevel(models.Model):
    """One step of an escalation: when it comes, and what it does."""

    _name = "exception.escalation.level"
    _inherit = "exception.versioned.part"
    _description = "Exception Escalation Level"
    _order = "policy_id, sequence, id"
    _rec_name = "summary"
    # the summary is computed, so that it cannot be searched
    _rec_names_search = ["policy_id.name"]
    _versioned_parent = "policy_id"

    policy_id = fields.Many2one(
        "exception.escalation.policy", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=100)
    number = fields.Integer("Level", compute="_compute_number")
    clock_kind = fields.Selection(CLOCK_KINDS, "Promise", required=True, default="both")
    trigger = fields.Selection(TRIGGERS, "When", required=True, default="breach")
    delay_seconds = fields.Integer(
        "Delay in seconds", help="Business seconds after the promised time was over."
    )
    delay_hours = fields.Float(
        "Hours after breach",
        compute="_compute_delay_hours",
        readonly=False,
        help="Working hours after the promised time was over. Example: 4 is half a day.",
    )

    tell_owner = fields.Boolean(
        "The case's owner", help="The team lead while nobody owns the case."
    )
    tell_lead = fields.Boolean("The team lead")
    tell_category_owner = fields.Boolean(
        "The category owner", help="Who answers for the category of the case."
    )
    tell_user_ids = fields.Many2many(
        "res.users",
        "exception_escalation_level_user_rel",
        "level_id",
        "user_id",
        "These people",
        domain="[('share', '=', False)]",
    )
    tell_role = fields.Selection(
        [
            ("user", "Users"),
            ("lead", "Team leads"),
            ("manager", "Managers"),
            ("admin", "Administrators"),
            ("approver", "Approvers"),
            ("auditor", "Auditors"),
        ],
        "Everybody with the role",
        help="Everybody with this role who may see the case.",
    )
    raise_severity = fields.Boolean("Raise the severity by one")
    reassign_to = fields.Selection(
        [("user", "A person"), ("lead", "The team lead")], "Give the case to"
    )
    reassign_user_id = fields.Many2one(
        "res.users", "Person", ondelete="restrict", domain="[('share', '=', False)]"
    )
    hand_over_team_id = fields.Many2one("exception.team", "Hand over to team", ondelete="restrict")
    when = fields.Char("When in words", compute="_compute_words")
    what = fields.Char("What it does", compute="_compute_words")
    summary = fields.Char(compute="_compute_words")

    _sql_constraints = [
        (
            "delay_positive",
            "CHECK(trigger != 'after' OR COALESCE(delay_seconds, 0) > 0)",
            "Say how many hours after breach the level comes.",
        ),
    ]

    def _version_name(self):
        return self.when or self.summary

    # ------------------------------------------------------------------
    # in words
    # ------------------------------------------------------------------

    @api.depends("policy_id.level_ids.sequence")
    def _compute_number(self):
        places = {
            level: place
            for policy in self.policy_id
            for place, level in enumerate(policy.level_ids, start=1)
        }
        # no other levels than these are set: that would be a write, and a change of the policy
        for level in self:
            level.number = places.get(level, 0)

    @api.depends("delay_seconds")
    def _compute_delay_hours(self):
        for level in self:
            level.delay_hours = level.delay_seconds / HOUR

    @api.onchange("delay_hours")
    def _onchange_delay_hours(self):
        self.delay_seconds = round(self.delay_hours * HOUR)

    @api.model
    def _in_seconds(self, vals):
        """Return values with hours as the whole seconds that are kept."""
        if "delay_hours" not in vals:
            return vals
        seconds = round((vals["delay_hours"] or 0) * HOUR)
        return {"delay_seconds": seconds, **vals}

    @api.depends("trigger", "clock_kind", "delay_seconds", "reassign_user_id", *EFFECTS)
    @api.depends_context("lang")
    def _compute_words(self):
        for level in self:
            level.when = level._when_in_words()
            level.what = level._what_in_words()
            level.summary = f"{level.when}: {level.what}"

    def _when_in_words(self):
        if self.trigger == "after":
            hours = self.delay_seconds / HOUR
            digits = 0 if hours == int(hours) else 2
            when = _("%s business hours after breach", formatLang(self.env, hours, digits=digits))
            if self.delay_seconds == HOUR:
                when = _("1 business hour after breach")
        else:
            when = dict(self._fields["trigger"]._description_selection(self.env))[self.trigger]
        if self.clock_kind == "response":
            return _("%s of the first response", when)
        if self.clock_kind == "resolution":
            return _("%s of the resolution", when)
        return when

    def _what_in_words(self):
        role = dict(self._fields["tell_role"]._description_selection(self.env))
        people = [
            self.tell_owner and _("the case's owner"),
            self.tell_lead and _("the team lead"),
            self.tell_category_owner and _("the category owner"),
            *self.tell_user_ids.mapped("name"),
            self.tell_role and _("everybody with the role “%s”", role[self.tell_role]),
        ]
        told = ", ".join(filter(None, people))
        to_lead = self.reassign_to == "lead"
        person = _("the team lead") if to_lead else self.reassign_user_id.name or ""
        what = [
            told and _("tell %s", told),
            self.raise_severity and _("raise severity"),
            self.hand_over_team_id and _("hand over to %s", self.hand_over_team_id.name),
            self.reassign_to and _("give the case to %s", person),
        ]
        return ", ".join(filter(None, what)) or _("nothing")

    def _mark(self):
        """Name the level as notes on a case do."""
        return _("“%(policy)s”, level %(number)s", policy=self.policy_id.name, number=self.number)

    # ------------------------------------------------------------------
    # configuration
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create levels; the next tick applies them to the open cases."""
        levels = super().create([self._in_seconds(vals) for vals in vals_list])
        levels.policy_id.is_scheduled = False
        return levels

    def write(self, vals):
        """Write levels; the next tick applies them to the open cases."""
        result = super().write(self._in_seconds(vals))
        self.policy_id.is_scheduled = False
        return result

    def unlink(self):
        """Delete levels; what they did stays in the log."""
        self.policy_id.is_scheduled = False
        return super().unlink()

    @api.constrains("trigger", "reassign_user_id", *EFFECTS)
    def _check_effects(self):
        for level in self:
            if not any(level[name] for name in EFFECTS):
                raise ValidationError(
                    _(
                        "A level of “%s” does nothing. Say whom it tells, or what it changes.",
                        level.policy_id.name,
                    )
                )
            if level.reassign_to == "user" and not level.reassign_user_id:
                raise ValidationError(_("Choose the person who gets the case."))

    @api.constrains("tell_user_ids", "reassign_user_id", "policy_id")
    def _check_people(self):
        roles = [self.env.ref(xml_id) for xml_id in ROLES.values()]
        for level in self:
            company = level.policy_id.company_id
            works = self.env.ref(ROLES["user"])
            for user in level.tell_user_ids | level.reassign_user_id:
                # sudo: groups and companies of a person are read to refuse what cannot work
                account = user.sudo()
                has_role = any(role in account.groups_id for role in roles)
                if not account.active or account.share or not has_role:
                    raise ValidationError(
                        _("%s has no access to exceptions, so nothing would arrive.", user.name)
                    )
                if company and company not in account.company_ids:
                    raise ValidationError(
                        _(
                            "%(user)s has no access to %(company)s.",
                            user=user.name,
                            company=company.name,
                        )
                    )
                if user == level.reassign_user_id and works not in account.groups_id:
                    raise ValidationError(_("%s does not work on exceptions.", user.name))

    @api.constrains("hand_over_team_id", "policy_id")
    def _check_team(self):
        for level in self.filtered("hand_over_team_id"):
            team, company = level.hand_over_team_id, level.policy_id.company_id
            if not team.active:
                raise ValidationError(_("%s is archived. Choose another team.", team.name))
            if team.company_id and company and team.company_id != company:
                raise ValidationError(_("%s works for another company.", team.name))

    # ------------------------------------------------------------------
    # who
    # ------------------------------------------------------------------

    def _people(self, subject):
        """Return whom the level names for a record with owner, team and category."""
        self.ensure_one()
        people = self.tell_user_ids
        if self.tell_owner:
            people |= subject.user_id or subject.team_id.lead_id
        if self.tell_lead:
            people |= subject.team_id.lead_id
        if self.tell_category_owner:
            people |= subject.category_id.effective_owner_id
        if self.tell_role:
            people |= self.env.ref(ROLES[self.tell_role]).users
        return people
