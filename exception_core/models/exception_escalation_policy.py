from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError


class ExceptionEscalationPolicy(models.Model):
    """Who is told and who takes over when a promise runs out, level by level.

    The policy of a case is the one of its type, else of its team, else the default. A policy
    without levels keeps quiet.
    """

    _name = "exception.escalation.policy"
    _description = "Exception Escalation Policy"
    _inherit = ["mail.thread", "mail.activity.mixin", "exception.versioned"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(translate=True, help="When to use this policy, and why it is so.")
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for a policy of all companies."
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        domain="[('share', '=', False)]",
        tracking=True,
        help="Is told when a level cannot be carried out, for example because its person left.",
    )
    is_default = fields.Boolean(
        "Used by default",
        tracking=True,
        help="Holds for cases whose type and team name no policy. A company's own default comes "
        "before the one of all companies.",
    )
    level_ids = fields.One2many(
        "exception.escalation.level", "policy_id", "Levels", copy=True, tracking=True
    )
    type_ids = fields.One2many("exception.type", "escalation_policy_id", "Types")
    team_ids = fields.One2many("exception.team", "escalation_policy_id", "Teams")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    is_scheduled = fields.Boolean(
        readonly=True,
        copy=False,
        help="The open cases follow the levels as they are now; otherwise within a minute.",
    )
    event_count = fields.Integer("Escalations", compute="_compute_event_count")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_event_count(self):
        groups = self.env["exception.escalation.event"]._read_group(
            [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
        )
        counts = {policy.id: count for policy, count in groups}
        for policy in self:
            policy.event_count = counts.get(policy.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """Create policies; the next tick applies them to the open cases."""
        return super().create([{**vals, "is_scheduled": False} for vals in vals_list])

    def write(self, vals):
        """Write policies; the next tick applies what changed to the open cases."""
        if {"active", "is_default", "company_id", "sequence", "level_ids"} & vals.keys():
            vals = {**vals, "is_scheduled": False}
        return super().write(vals)

    @api.constrains("is_default", "company_id", "active")
    def _check_one_default(self):
        for policy in self.filtered(lambda policy: policy.active and policy.is_default):
            domain = [("is_default", "=", True), ("company_id", "=", policy.company_id.id)]
            # sudo: a default of the same company counts, whoever may see it
            other = self.sudo().search([*domain, ("id", "!=", policy.id)], limit=1)
            if other:
                raise ValidationError(
                    _(
                        "“%(other)s” is the default already. Take the mark off there before you "
                        "make “%(policy)s” the default.",
                        other=other.name,
                        policy=policy.name,
                    )
                )

    @api.constrains("active", "company_id")
    def _check_in_use(self):
        """Keep policies usable where they are named."""
        # sudo: a type or team that the user cannot see would be left without a policy as well
        for policy in self.sudo():
            users = policy.type_ids or policy.team_ids
            if users and not policy.active:
                raise ValidationError(
                    _(
                        "“%(policy)s” is the escalation of %(user)s. Choose another one there "
                        "before you archive it.",
                        policy=policy.name,
                        user=users[0].display_name,
                    )
                )
            teams = policy.team_ids.company_id
            if policy.company_id and teams - policy.company_id:
                raise ValidationError(
                    _(
                        "“%(policy)s” is used by a team of %(company)s, so it cannot belong to "
                        "another company.",
                        policy=policy.name,
                        company=(teams - policy.company_id)[0].name,
                    )
                )

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "level_ids"]

    def action_open_events(self):
        """Open what this policy has done."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_core.exception_escalation_event_action", [("policy_id", "=", self.id)]
        )

    def _schedule_again(self):
        """Let the next tick plan the levels of the open cases anew."""
        # sudo: a manager sets a team's policy, and may not write policies
        self.sudo().write({"is_scheduled": False})

    def _report_problems(self, problems):
        """Tell the owners what could not be carried out: one activity a policy, kept up to date.

        :param problems: {policy id: list of sentences}
        """
        kind = "mail.mail_activity_data_warning"
        for policy in self.browse(problems).exists():
            note = Markup("<ul>%s</ul>") % Markup().join(
                Markup("<li>%s</li>") % text for text in dict.fromkeys(problems[policy.id])
            )
            known = policy.activity_ids.filtered(
                lambda activity: activity.activity_type_id == self.env.ref(kind)
                and activity.automated
            )
            if known:
                known.write({"note": note, "date_deadline": fields.Date.context_today(policy)})
                continue
            policy.with_context(mail_activity_quick_update=True).activity_schedule(
                kind,
                date_deadline=fields.Date.context_today(policy),
                summary=_("A level could not be carried out"),
                note=note,
                user_id=policy.owner_id.id,
            )

    @api.model
    def _second_person_kind(self):
        return "policy"
