from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.vocabulary import DISPOSITIONS, SEVERITIES

OPEN_STATES = ("new", "open", "waiting", "approval")
STATES = [
    ("new", "New"),
    ("open", "In Progress"),
    ("waiting", "Waiting"),
    ("approval", "Approval"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
OUTCOMES = [
    ("auto", "Resolved automatically"),
    ("approved", "Resolved after approval"),
    ("manual", "Resolved by a person"),
    ("cleared", "Condition went away"),
    ("duplicate", "Duplicate"),
    ("covered", "Covered by another case"),
    ("false_alarm", "False alarm"),
    ("accepted", "Risk accepted"),
    ("cancelled", "Cancelled"),
]
WAITING_FOR = [
    ("customer", "Customer"),
    ("supplier", "Supplier"),
    ("carrier", "Carrier"),
    ("internal", "Colleague"),
    ("date", "Date"),
]

# What the links from one case to another have in common.
LINK = {"readonly": True, "copy": False, "index": "btree_not_null", "ondelete": "restrict"}

# One line an index: name, columns, condition. The first one makes double opening impossible.
INDEXES = [
    (
        "exception_case_open_hit_uniq",
        "(detector_id, res_id, fingerprint)",
        "is_open AND detector_id IS NOT NULL",
    ),
    (
        # a sweep without news reads its known cases from here alone
        "exception_case_known_idx",
        "(detector_id, res_id, fingerprint) INCLUDE (id, is_open, outcome, accepted_until)",
        "condition_active",
    ),
    ("exception_case_hit_idx", "(detector_id, res_id, fingerprint)", "detector_id IS NOT NULL"),
    ("exception_case_accepted_idx", "(detector_id, res_id)", "accepted_until IS NOT NULL"),
    ("exception_case_score_idx", "(score DESC, date_due, id)", "is_open"),
    ("exception_case_owner_idx", "(user_id)", "is_open"),
    # whose turn it is: when each member of a team got a case last
    ("exception_case_turn_idx", "(user_id, team_id, assigned_at)", "user_id IS NOT NULL"),
    ("exception_case_hold_idx", "(res_id, res_model)", "is_open AND hold_step IS NOT NULL"),
    ("exception_case_resume_idx", "(id)", "hold_resume"),
    ("exception_case_record_idx", "(res_model, res_id)", None),
    ("exception_case_resolved_idx", "(resolved_at)", "state = 'resolved'"),
    ("exception_case_waiting_idx", "(waiting_until)", "state = 'waiting'"),
]
# Links whose own index went: each has a place in one above, in the team overview's, or tells too
# few cases apart to be worth it. Every index makes the opening of a case dearer.
WITHOUT_INDEX = ("category_id", "company_id", "detector_id", "team_id", "tier_id", "user_id")


class ExceptionCase(models.Model):
    """One thing that went wrong with one record.

    This file holds the fields. The concerns live beside it: protection against forging
    (``exception_case_protect``), opening by detectors and people (``_open``), working
    (``_work``), ending (``_close``), bundles (``_bundle``) and what screens show (``_view``).
    """

    _name = "exception.case"
    _description = "Exception Case"
    _inherit = ["exception.kind.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "score desc, date_due, id"
    _rec_names_search = ["name", "title", "res_name"]
    _check_company_auto = True

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    title = fields.Char(
        "What is wrong", required=True, help="One line, for example: Paid, not shipped for 5 days"
    )
    description = fields.Text(help="What was seen, for cases reported by a person.", prefetch=False)
    type_id = fields.Many2one(
        "exception.type", required=True, index=True, ondelete="restrict", tracking=True
    )
    category_id = fields.Many2one(
        "exception.category",
        compute="_compute_category_id",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        ondelete="restrict",
    )
    team_id = fields.Many2one(
        "exception.team",
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        copy=False,
        tracking=True,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    severity = fields.Selection(SEVERITIES, required=True, tracking=True)
    disposition = fields.Selection(DISPOSITIONS, required=True)
    state = fields.Selection(
        STATES,
        default="new",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        group_expand="_expand_states",
    )
    is_open = fields.Boolean(
        compute="_compute_is_open", store=True, precompute=True, readonly=False, copy=False
    )
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False, tracking=True)

    # the record in exception
    res_model = fields.Char("Record model")
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    res_name = fields.Char(
        "Record name", readonly=True, copy=False, help="Kept even if the record is deleted later."
    )
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="set null", check_company=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary("At stake", tracking=True, help="Exposure in the case's currency.")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    company_amount = fields.Monetary(
        "At stake (company currency)",
        currency_field="company_currency_id",
        compute="_compute_company_amount",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
    )
    channel_id = fields.Many2one(
        "exception.channel", index="btree_not_null", ondelete="set null", check_company=True
    )
    country_id = fields.Many2one("res.country", index="btree_not_null", ondelete="set null")

    # what the detector saw
    facts = fields.Json(readonly=True, copy=False, prefetch=False)
    detector_id = fields.Many2one(
        "exception.detector", readonly=True, copy=False, ondelete="set null"
    )
    fingerprint = fields.Char(readonly=True, copy=False, default="")
    condition_active = fields.Boolean(
        readonly=True,
        copy=False,
        help="The detector still saw the condition when it last looked.",
    )

    # times
    occurred_at = fields.Datetime("Occurred", default=fields.Datetime.now, copy=False)
    detected_at = fields.Datetime(
        "Detected", default=fields.Datetime.now, readonly=True, copy=False, index=True
    )
    assigned_at = fields.Datetime("Assigned", readonly=True, copy=False)
    first_response_at = fields.Datetime("First response", readonly=True, copy=False)
    resolved_at = fields.Datetime("Resolved", readonly=True, copy=False, index="btree_not_null")
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    sla_policy_id = fields.Many2one(
        "exception.sla.policy", "Service level", readonly=True, copy=False, ondelete="restrict"
    )
    response_due = fields.Datetime("Response due", readonly=True, copy=False)
    date_due = fields.Datetime("Due", readonly=True, copy=False)

    # how it ended
    root_cause_id = fields.Many2one(
        "exception.reason",
        "Root cause",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    resolution_id = fields.Many2one(
        "exception.reason",
        readonly=True,
        copy=False,
        ondelete="restrict",
        tracking=True,
        help="The reason code that ended the case, of whichever kind fits its outcome.",
    )
    resolution_note = fields.Text("Resolution note", readonly=True, copy=False, tracking=True)
    accepted_until = fields.Date("Risk accepted until", readonly=True, copy=False, tracking=True)
    waiting_for = fields.Selection(
        WAITING_FOR, "Waiting for", readonly=True, copy=False, tracking=True
    )
    waiting_until = fields.Datetime("Waiting until", readonly=True, copy=False, tracking=True)
    waiting_note = fields.Char("Waits because", readonly=True, copy=False)
    reopen_count = fields.Integer("Times re-opened", readonly=True, copy=False)

    # related cases
    duplicate_of_id = fields.Many2one("exception.case", "Duplicate of", **LINK)
    covered_by_id = fields.Many2one("exception.case", "Covered by", **LINK)
    recurrence_of_id = fields.Many2one("exception.case", "Recurrence of", **LINK)
    recurrence_ids = fields.One2many("exception.case", "recurrence_of_id", "Recurrences")
    is_leading = fields.Boolean(
        "Leads its record",
        readonly=True,
        copy=False,
        help="The strongest open case on its record; the queue lists this one.",
    )
    bundle_size = fields.Integer(
        "Open cases on the record", readonly=True, copy=False, group_operator=None
    )

    def init(self):
        """Create what a Selection or Many2one cannot declare: partial and unique indexes."""
        for name in WITHOUT_INDEX:
            # Odoo leaves an index that a field no longer asks for
            index = SQL.identifier(f"exception_case__{name}_index")
            self.env.cr.execute(SQL("DROP INDEX IF EXISTS %s", index))
        for name, columns, condition in INDEXES:
            self.env.cr.execute(
                SQL(
                    "CREATE %s INDEX IF NOT EXISTS %s ON exception_case %s %s",
                    SQL("UNIQUE") if name.endswith("_uniq") else SQL(),
                    SQL.identifier(name),
                    SQL(columns),
                    SQL("WHERE %s", SQL(condition)) if condition else SQL(),
                )
            )

    @api.model
    def _protected_fields(self):
        """Names of fields that only the model writes; whoever adds such fields extends it."""
        return frozenset()

    @api.depends("state")
    def _compute_is_open(self):
        for case in self:
            case.is_open = case.state in OPEN_STATES

    @api.depends("type_id.category_id")
    def _compute_category_id(self):
        for case in self:
            case.category_id = case.type_id.category_id

    @api.depends("amount", "currency_id", "company_id")
    def _compute_company_amount(self):
        rates = {}
        for case in self:
            case.company_amount = case._to_company_currency(
                case.amount,
                case.currency_id,
                case.company_id or self.env.company,
                (case.detected_at or fields.Datetime.now()).date(),
                rates,
            )

    @api.depends("name", "title")
    def _compute_display_name(self):
        for case in self:
            case.display_name = " ".join(filter(None, (case.name, case.title)))

    @api.model
    def _to_company_currency(self, amount, currency, company, date, rates):
        """Convert ``amount``; ``rates`` is a dict that keeps each rate for the whole batch."""
        target = company.currency_id
        if not amount or not currency or currency == target:
            return amount or 0.0
        key = (currency.id, company.id, date)
        if key not in rates:
            rates[key] = currency._get_conversion_rate(currency, target, company, date)
        return target.round(amount * rates[key])

    @api.model
    def _expand_states(self, states, domain, order):
        """Columns of the board: the states a person works in, also when they are empty."""
        shown = {"new", "open", "waiting", "resolved", *states}
        return [value for value, _label in STATES if value in shown]
