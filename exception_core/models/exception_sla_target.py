from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, mute_logger

from ..tools.vocabulary import SEVERITIES

# What a line may ask of a case. Of two lines with as many conditions the one with the earlier
# condition wins.
CONDITIONS = ("type_id", "tier_id", "team_id", "company_id", "severity")


class ExceptionSlaTarget(models.Model):
    """How fast a policy promises to answer and to resolve the cases that a line is about.

    Of the lines that fit a case the most specific one is promised: the one with most conditions.
    """

    _name = "exception.sla.target"
    _inherit = "exception.versioned.part"
    _description = "Exception SLA Target"
    _order = "policy_id, severity, type_id, tier_id, team_id, company_id, id"
    _rec_name = "severity"
    _versioned_parent = "policy_id"

    policy_id = fields.Many2one(
        "exception.sla.policy", required=True, index=True, ondelete="cascade"
    )
    severity = fields.Selection(SEVERITIES, help="Empty: whatever the severity.")
    type_id = fields.Many2one(
        "exception.type", ondelete="cascade", help="Empty: cases of every type."
    )
    tier_id = fields.Many2one(
        "exception.tier",
        "Customer tier",
        ondelete="cascade",
        help="Empty: every customer. Example: Gold customers are answered in half the time.",
    )
    team_id = fields.Many2one(
        "exception.team", ondelete="cascade", help="Empty: whichever team works the case."
    )
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", help="Empty: cases of every company."
    )
    response_seconds = fields.Integer("First response (seconds)", required=True, default=0)
    resolution_seconds = fields.Integer("Resolution (seconds)", required=True, default=0)
    response_hours = fields.Float(
        "First response (h:mm)",
        compute="_compute_response_hours",
        inverse="_inverse_hours",
        help="Working time until somebody takes care. Example: 1:30 is an hour and a half of "
        "working hours; a case that comes half an hour before closing is due an hour after the "
        "next opening.",
    )
    resolution_hours = fields.Float(
        "Resolution (h:mm)",
        compute="_compute_resolution_hours",
        inverse="_inverse_hours",
        help="Working time until it is put right. Example: 16:00 is two working days of eight "
        "hours.",
    )

    _sql_constraints = [
        (
            "seconds_ordered",
            "CHECK(response_seconds >= 0 AND resolution_seconds >= response_seconds)",
            "Times cannot be negative, and the resolution cannot be due before the first response.",
        ),
    ]

    def init(self):
        """Let the database refuse two lines for the same cases; empty conditions are equal."""
        columns = SQL(", ").join(
            SQL("coalesce(%s, %s)", SQL.identifier(name), SQL("''" if name == "severity" else "0"))
            for name in CONDITIONS
        )
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS exception_sla_target_conditions_uniq "
                "ON exception_sla_target (policy_id, %s)",
                columns,
            )
        )

    @api.depends("response_seconds")
    def _compute_response_hours(self):
        for target in self:
            target.response_hours = target.response_seconds / 3600

    @api.depends("resolution_seconds")
    def _compute_resolution_hours(self):
        for target in self:
            target.resolution_hours = target.resolution_seconds / 3600

    def _inverse_hours(self):
        for target in self:
            # what the screen cannot show, odd seconds, is not lost by saving the other time
            for name in ("response", "resolution"):
                seconds = round(target[f"{name}_hours"] * 3600)
                if seconds // 60 != target[f"{name}_seconds"] // 60:
                    target[f"{name}_seconds"] = seconds

    def _plain(self, name):
        value = self[name]
        return value.id if isinstance(value, models.BaseModel) else value

    def _conditions(self):
        """Return the values that this line asks for, in the order of ``CONDITIONS``."""
        return tuple(self._plain(name) or None for name in CONDITIONS)

    def _version_name(self):
        return self._sentence(self._why())

    def _why(self):
        """Return what this line asks for as plain values to keep: [[condition, value or name]]."""
        self.ensure_one()
        return [
            [name, self.severity if name == "severity" else self[name].name]
            for name in CONDITIONS
            if self[name]
        ]

    @api.model
    def _sentence(self, why):
        """Say in words which cases a line is about, for example "Gold customers, severity High"."""
        severities = dict(self._fields["severity"]._description_selection(self.env))
        words = {
            "type_id": lambda name: _("type %s", name),
            "tier_id": lambda name: _("%s customers", name),
            "team_id": lambda name: _("team %s", name),
            "company_id": lambda name: _("company %s", name),
            "severity": lambda key: _("severity %s", severities.get(key, key)),
        }
        return ", ".join(words[name](value) for name, value in why or []) or _("all cases")

    @contextmanager
    def _without_twins(self):
        """Say in words what the database refuses: two lines for the same cases."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                yield
        except UniqueViolation as error:
            raise ValidationError(
                _(
                    "A service level has two lines for the same cases. Change the conditions of "
                    "one of them, or delete it."
                )
            ) from error

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines; the running clocks of the policy are planned anew, later."""
        with self._without_twins():
            targets = super().create(vals_list)
        targets._note_change()
        return targets

    def write(self, vals):
        """Write lines; the running clocks of the policy are planned anew, later."""
        self._note_change()
        if {"policy_id", *CONDITIONS} & vals.keys():
            with self._without_twins():
                result = super().write(vals)
        else:
            result = super().write(vals)
        self._note_change()
        return result

    def unlink(self):
        """Delete lines; the running clocks of the policy are planned anew, later."""
        self._note_change()
        return super().unlink()

    def _note_change(self):
        self.env["exception.sla.change"]._record("policy", self.policy_id.ids)
