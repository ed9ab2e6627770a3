from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..tools.vocabulary import SEVERITIES
from .ir_config_parameter import WARN_PERCENT

REOPEN_RULES = [
    ("continue", "Go on with the time that was left"),
    ("restart", "Start a new promise"),
]
# A change of these moves the deadlines of the clocks that run.
PLANNED_BY = {
    "round_the_clock",
    "calendar_id",
    "warn_percent",
    "pause_customer",
    "pause_supplier",
    "pause_carrier",
    "pause_internal",
    "pause_date",
}
DEFAULT_WARN_PERCENT = 80


class ExceptionSlaPolicy(models.Model):
    """A promise: how fast a case is answered and resolved, in the hours of a calendar.

    Every type names one, so every case has one; triage may give a case another. The most specific
    line of the case's policy is what is promised, and the clock says which line that was.
    """

    _name = "exception.sla.policy"
    _inherit = "exception.versioned"
    _description = "Exception SLA Policy"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    round_the_clock = fields.Boolean(
        "Around the clock",
        help="Every hour counts, nights and holidays too. Example: a suspected fraud.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        help="Only these hours count. Empty: the working hours of the case's team, else those of "
        "its company's desk.",
    )
    pause_customer = fields.Boolean(
        "Customer",
        default=True,
        help="The clock rests while the case waits for the customer. Example: a question asked at "
        "16:30 and answered next morning at 10:00 costs no working time.",
    )
    pause_supplier = fields.Boolean("Supplier", default=True)
    pause_carrier = fields.Boolean("Carrier", default=True)
    pause_internal = fields.Boolean(
        "Colleague",
        help="Off, as a rule: the customer waits while colleagues wait for each other.",
    )
    pause_date = fields.Boolean(
        "Date", default=True, help="The clock rests while the case waits for an agreed date."
    )
    reopen_rule = fields.Selection(
        REOPEN_RULES,
        "When a case is re-opened",
        required=True,
        default="continue",
        help="Example: promised 8 hours, resolved after 6, re-opened. Going on leaves 2 hours; a "
        "new promise gives 8 again.",
    )
    warn_percent = fields.Integer(
        "Warn after (%)",
        help="Share of the time after which a clock warns. Example: 80 warns after 8 of 10 working "
        "hours. 0: as in the settings.",
    )
    target_ids = fields.One2many(
        "exception.sla.target",
        "policy_id",
        "Targets",
        copy=True,
        default=lambda self: self._default_targets(),
    )
    type_ids = fields.One2many("exception.type", "sla_policy_id", "Types")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _sql_constraints = [
        (
            "warn_percent_range",
            "CHECK(warn_percent BETWEEN 0 AND 100)",
            "Warn after a share between 1 and 100 percent of the time; 0: as in the settings.",
        ),
    ]

    @api.model
    def _default_targets(self):
        """Offer one line a severity: an hour to a week of office hours."""
        hours = {"1": (0.5, 4), "2": (1, 8), "3": (4, 24), "4": (8, 40)}
        return [
            fields.Command.create(
                {
                    "severity": key,
                    "response_seconds": int(first * 3600),
                    "resolution_seconds": int(last * 3600),
                }
            )
            for key, (first, last) in hours.items()
        ]

    @api.constrains("name", "target_ids")
    def _check_targets(self):
        every = {key for key, _label in SEVERITIES}
        for policy in self:
            general = policy.target_ids.filtered(
                lambda target: not any(target._conditions()[:-1])  # but for the severity
            ).mapped("severity")
            if False not in general and not every <= set(general):
                raise ValidationError(
                    _(
                        "%s needs a target for each of the four severities without any other "
                        "condition, so that every case is promised something.",
                        policy.name,
                    )
                )

    @api.constrains("active")
    def _check_in_use(self):
        archived = self.filtered(lambda policy: not policy.active)
        kind = self.env["exception.type"].search([("sla_policy_id", "in", archived.ids)], limit=1)
        if kind:
            raise ValidationError(
                _(
                    "%(policy)s is the promise for %(type)s. Give that type another one first.",
                    policy=kind.sla_policy_id.name,
                    type=kind.name,
                )
            )

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "target_ids"]

    def _calendar(self, team, company):
        """Return the calendar whose hours count for a team's cases; empty: every hour counts."""
        self.ensure_one()
        none = self.env["resource.calendar"]
        if self.round_the_clock:
            return none
        # sudo: working hours may belong to a company that the user has not switched on
        calendar = self.calendar_id or team.sudo().calendar_id
        desk = company.sudo()
        calendar = calendar or desk.exception_calendar_id or desk.resource_calendar_id
        return (calendar or none).sudo()

    def write(self, vals):
        """Write policies; their running clocks are planned anew, later."""
        result = super().write(vals)
        if PLANNED_BY & vals.keys():
            self.env["exception.sla.change"]._record("policy", self.ids)
        return result

    def _warn_share(self):
        """Return after how many percent of the time clocks of this policy warn."""
        self.ensure_one()
        if self.warn_percent:
            return self.warn_percent
        share = self.env["ir.config_parameter"]._exception_number(
            WARN_PERCENT, DEFAULT_WARN_PERCENT
        )
        return min(share, 100)

    def _pauses(self, waiting_for):
        """Tell whether clocks rest while a case waits for this."""
        return bool(waiting_for) and bool(self[f"pause_{waiting_for}"])

    def _ranked_targets(self):
        """Return [(conditions, target)] of this policy, the most specific ones first.

        More conditions win; of as many the earlier one in ``CONDITIONS``.
        """
        self.ensure_one()
        # sudo: the promise holds whoever opens the case
        lines = [(target._conditions(), target) for target in self.sudo().target_ids]

        def rank(line):
            given = [value is not None for value in line[0]]
            return sum(given), given

        return sorted(lines, key=rank, reverse=True)

    @api.model
    def _case_conditions(self, case):
        """Return what a case offers to the conditions of targets, as plain values."""
        return (
            case.type_id.id,
            case.tier_id.id,
            case.team_id.id,
            case.company_id.id,
            case.severity,
        )

    @api.model
    def _second_person_kind(self):
        return "policy"
