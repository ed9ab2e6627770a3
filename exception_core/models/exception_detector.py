from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

CADENCES = [
    ("realtime", "When it happens"),
    ("5min", "Every 5 minutes"),
    ("hourly", "Hourly"),
    ("daily", "Daily"),
]
# What decides which records hit: the caches of the real-time path depend on it.
DECIDING_FIELDS = {
    "active",
    "state",
    "cadence",
    "model_id",
    "source",
    "domain",
    "query",
    "trigger_ids",
    "parameter_ids",
    "fact_ids",
    "amount_field",
    "currency_field",
    "partner_field",
    "date_field",
    "company_field",
    "company_id",
    "holds",
    "hold_step",
}


class ExceptionDetector(models.Model):
    """A named check: which records of which model are in exception, as of now.

    A detector is data. It compiles to one select (the hit contract, ``tools/hits.py``); the
    engine alone turns hits into cases. Each concern has its file: ``exception_detector_paths``
    (which fields may be used), ``_compile`` (select), ``_sweep`` (scheduled path), ``_realtime``
    (path of the save), ``_supervise`` (failures), ``_lab`` (back-test and tune).
    """

    _name = "exception.detector"
    _description = "Exception Detector"
    _inherit = ["mail.thread", "mail.activity.mixin", "exception.versioned"]
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        required=True,
        copy=False,
        default=lambda self: self.env["ir.sequence"].next_by_code("exception.detector"),
        help="Stable technical name, for reports and exports, e.g. paid_not_shipped.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What it finds and why that matters, in one or two sentences."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("enabled", "Enabled"),
            ("disabled", "Disabled"),
            ("failed", "Stopped after failures"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    enabled_at = fields.Datetime(readonly=True, copy=False, help="Failures count from here.")
    type_id = fields.Many2one(
        "exception.type", string="Opens cases of type", required=True, ondelete="restrict"
    )
    severity = fields.Selection(related="type_id.default_severity", string="Severity")
    team_id = fields.Many2one(
        "exception.team",
        help="Takes the cases instead of the team of the type. Empty: the team of the type.",
    )
    owner_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        required=True,
        help="Is told when the detector fails.",
    )
    cadence = fields.Selection(
        CADENCES,
        default="hourly",
        required=True,
        tracking=True,
        help="“When it happens” checks a record in the same save that touches it, and once an "
        "hour all records, because time passes without a save.",
    )
    source = fields.Selection(
        [("domain", "Condition"), ("query", "Query of an addon")],
        default="domain",
        required=True,
    )
    model_id = fields.Many2one(
        "ir.model",
        string="Checks",
        required=True,
        ondelete="cascade",
        domain=[("transient", "=", False), ("model", "not like", "exception.")],
        help="The kind of record that is checked, e.g. Sales Order.",
    )
    model = fields.Char(related="model_id.model", string="Model name", store=True, index=True)
    domain = fields.Char(
        string="Condition",
        default="[]",
        help="Which records are in exception. Values may use now, today, days_ago(n), "
        "hours_ago(n), days_ahead(n), start_of_day(n) and the names of the parameters, e.g. "
        "Confirmed before days_ago(max_days).",
    )
    query = fields.Selection(selection="_selection_query")
    company_id = fields.Many2one(
        "res.company",
        string="Company of records without one",
        default=lambda self: self.env.company,
        required=True,
        help="A case always belongs to a company. Records that have none get this one.",
    )
    company_field = fields.Char(default="company_id", string="Company field")
    amount_field = fields.Char(string="Amount at stake", help="E.g. amount_total.")
    currency_field = fields.Char(
        string="Currency field", help="Empty: the currency of the amount's own field."
    )
    partner_field = fields.Char(string="Partner", help="E.g. partner_id or order_id.partner_id.")
    date_field = fields.Char(
        string="Happened on", help="When it went wrong, e.g. commitment_date. Empty: when found."
    )
    fact_ids = fields.One2many("exception.detector.fact", "detector_id", string="Facts", copy=True)
    parameter_ids = fields.One2many(
        "exception.detector.parameter", "detector_id", string="Parameters", copy=True
    )
    trigger_ids = fields.One2many(
        "exception.detector.trigger", "detector_id", string="Touched by", copy=True
    )
    run_ids = fields.One2many("exception.detector.run", "detector_id", string="Runs")
    case_ids = fields.One2many("exception.case", "detector_id", string="Cases")
    timeout_seconds = fields.Integer(
        default=60,
        string="Time limit (s)",
        help="A sweep that needs longer is stopped and counts as failed.",
    )
    max_failures = fields.Integer(
        default=5,
        help="After so many failed runs in a row the detector is switched off and its owner told.",
    )

    _sql_constraints = [
        ("code_uniq", "unique(code)", "This code is in use by another detector; choose another."),
        ("timeout_positive", "check(timeout_seconds > 0)", "The time limit must be at least 1 s."),
        ("failures_positive", "check(max_failures > 0)", "Allow at least one failed run."),
    ]

    @api.model
    def _selection_query(self):
        released = self.env["exception.query"]._released()
        return sorted((code, str(mark.title)) for code, (_name, mark) in released.items())

    @api.onchange("query")
    def _onchange_query(self):
        released = self.env["exception.query"]._released().get(self.query)
        if released:
            self.model_id = self.env["ir.model"]._get(released[1].model)

    @api.constrains("source", "query", "model_id")
    def _check_source(self):
        released = self.env["exception.query"]._released()
        for detector in self.filtered(lambda d: d.source == "query"):
            _name, mark = released.get(detector.query) or (None, None)
            if not mark:
                raise ValidationError(
                    _("“%s” needs a query: choose one that an addon brings.", detector.name)
                )
            if mark.model != detector.model_id.model:
                raise ValidationError(
                    _(
                        "The query “%(query)s” returns records of %(expected)s, but the detector "
                        "checks %(actual)s. Choose the model that belongs to the query.",
                        query=mark.title,
                        expected=self.env["ir.model"]._get(mark.model).name or mark.model,
                        actual=detector.model_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create detectors, as drafts: enabling one checks it first."""
        if not self.env.su:
            # said for each, so that no default from the context takes its place
            vals_list = [{**vals, "state": "draft"} for vals in vals_list]
        detectors = super().create(vals_list)
        detectors._after_change()
        return detectors

    def write(self, vals):
        """Write detectors; their state changes with Enable and Disable only."""
        if "state" in vals and not self.env.su:
            raise UserError(
                _("The state of a detector changes with Enable and Disable, which check it first.")
            )
        result = super().write(vals)
        if DECIDING_FIELDS & vals.keys():
            self._after_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_cases(self):
        # sudo: cases of other companies keep their detector as well
        cases = self.env["exception.case"].sudo()
        if cases.search_count([("detector_id", "in", self.ids)], limit=1):
            raise UserError(
                _("A detector that has opened cases stays for the record. Archive it instead.")
            )

    def unlink(self):
        """Delete detectors that never opened a case; what was cached of them is dropped."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def copy(self, default=None):
        """Copy a detector under a name that tells it from the original."""
        self.ensure_one()
        default = dict(default or {}, name=_("%s (copy)", self.name))
        return super().copy(default)

    def _after_change(self):
        """Renew what is derived from the definition: caches and the permanent collecting rules."""
        self.env.registry.clear_cache()
        self._ensure_collecting_rules()

    def action_enable(self):
        """Switch the detectors on, after their condition was compiled and tried.

        :raise ValidationError: what is wrong with the first detector that cannot work
        """
        self.check_access_rights("write")
        self.check_access_rule("write")
        self._check_definition()
        # whose hold needs a second person is enabled when that person agrees
        free = self - self._second_person_holds("action_enable")
        # sudo: the state is written by the model only; access was checked above
        now = fields.Datetime.now()
        free.sudo().write({"state": "enabled", "active": True, "enabled_at": now})
        return True

    def action_disable(self):
        """Switch the detectors off. Their open cases stay and are no longer cleared by it."""
        self.check_access_rights("write")
        self.check_access_rule("write")
        free = self - self._second_person_holds("action_disable")
        # sudo: as in action_enable
        free.sudo().write({"state": "disabled"})
        return True
