from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

STATES = [("draft", "Draft"), ("active", "Active"), ("retired", "Retired")]
UNMATCHED = [
    ("park", "Wait until it appears, then open a case"),
    ("case", "Open a case at once"),
    ("event", "Nothing is missing: it is about the event itself"),
    ("ignore", "Ignore the event"),
    ("dead", "Put it among the dead letters"),
]
SEVERAL = [("case", "Open a case"), ("dead", "Put it among the dead letters")]
# What may be changed of a contract that is in use, or was.
FREE_FIELDS = {
    "sequence",
    "description",
    "active",
    "endpoint_ids",
    "sample",
    "sample_headers",
    "sample_event_id",
}


class ExceptionEventContract(models.Model):
    """What the messages of a sender mean, and what is done about them.

    A contract is data: for which messages it is, how they have to look (JSON Schema), what they
    say in the normal form (one JMESPath expression, ``tools/event_normal.py``), which record they
    are about (``exception.event.match``) and what follows (``exception.event.reaction``). It is
    tried in its form without writing anything, and events are understood by it in batches
    (``exception_event_understand``).

    An active contract is not changed: a new version is, tried, and takes its place. So each event
    says by which version it was understood.
    """

    _name = "exception.event.contract"
    _description = "Event Contract"
    _inherit = ["mail.thread", "exception.versioned"]
    _order = "sequence, code, number desc"

    name = fields.Char(required=True, tracking=True, help="Example: Stripe, dispute opened.")
    code = fields.Char(
        required=True,
        tracking=True,
        help="Stable technical name; all versions share it. Example: stripe.dispute.",
    )
    number = fields.Integer("Version", required=True, default=1, readonly=True, copy=False)
    sequence = fields.Integer(
        default=10, help="The first contract of an endpoint that is for a message understands it."
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, copy=False, tracking=True
    )
    description = fields.Text(help="What the sender reports and why that matters.")
    company_id = fields.Many2one("res.company", help="Empty: serves all companies.")
    endpoint_ids = fields.Many2many(
        "exception.event.endpoint",
        "exception_event_contract_endpoint_rel",
        string="Endpoints",
        copy=False,
        help="Only messages of these endpoints are understood by it.",
    )

    # which messages it is for
    kinds = fields.Char(
        "For the kinds",
        help="What the sender calls them, separated by commas; * stands for anything. Empty: all. "
        "Example: charge.dispute.*, charge.refunded",
    )
    kind_path = fields.Char(
        "Kind is at",
        help="Where the message says its kind, as JMESPath. Empty: as its endpoint knows it. "
        "Example: type, or header('x-shopify-topic')",
    )
    condition = fields.Char(
        "Only if", help="JMESPath on the message. Example: data.object.amount > `0`"
    )
    items_path = fields.Char(
        "Each item of",
        help="A message with several items becomes one event for each. JMESPath. Example: "
        "notificationItems[].NotificationRequestItem",
    )
    version_path = fields.Char(
        "Version is at", help="Where the message says the version of its form. Example: api_version"
    )
    versions = fields.Char(
        "Accepted versions",
        help="Separated by commas; * stands for anything. Other versions become dead letters. "
        "Example: 2022-11-15, 2024-*",
    )
    schema = fields.Text(
        "JSON Schema",
        help="How a message has to look (JSON Schema 2020-12). What does not fit is a dead letter. "
        "Empty: any.",
    )

    # what they say
    mapping = fields.Text(
        required=True,
        default="{\n  what: type,\n  when: created,\n  reference: id\n}",
        help="JMESPath that turns the message into the normal form: what, when, reference, "
        "references, model, external_id, partner, amount or minor, currency, severity, message, "
        "facts, action.",
    )
    dedup_path = fields.Char(
        "Counts once by",
        help="What makes two messages one, though they came twice in different words. JMESPath. "
        "Example: id",
    )
    subject_path = fields.Char(
        "Order is kept for",
        help="Of what the messages tell the story, so that an older one never overwrites a newer "
        "one. JMESPath. Example: data.object.id",
    )
    ordering_path = fields.Char(
        "Newer by",
        help="A number or time that is greater in the newer message. JMESPath. Example: created",
    )
    order_family = fields.Char(
        "Shares its order with",
        help="Contracts with the same word keep one order together. Empty: only its own versions. "
        "Example: stripe.payment for one contract about failures and one about payments.",
    )

    # which record they are about
    match_ids = fields.One2many(
        "exception.event.match", "contract_id", "Finds the record", copy=True
    )
    unmatched = fields.Selection(
        UNMATCHED, "When no record fits", required=True, default="park", tracking=True
    )
    park_hours = fields.Float(
        "Waits at most", default=24.0, help="Hours until a case opens. Example: 24"
    )
    several = fields.Selection(
        SEVERAL, "When several fit", required=True, default="case", tracking=True
    )
    unmatched_detector_id = fields.Many2one(
        "exception.detector",
        "Opens then",
        domain="[('source', '=', 'event')]",
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "exception_gateway.detector_event_unmatched", raise_if_not_found=False
        ),
        help="Says which case opens when no record or several records fit.",
    )
    reaction_ids = fields.One2many(
        "exception.event.reaction", "contract_id", "What follows", copy=True
    )
    event_ids = fields.One2many("exception.event", "contract_id", "Events")

    _sql_constraints = [
        (
            "version_uniq",
            "unique(code, number)",
            "This version of the contract exists already. Use “New version”.",
        ),
        (
            "park_positive",
            "check(park_hours > 0)",
            "Let it wait some time, or open a case at once.",
        ),
    ]

    def init(self):
        """At most one version of a contract is active."""
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX IF NOT EXISTS exception_event_contract_active_uniq"
                " ON exception_event_contract (code) WHERE state = 'active'"
            )
        )

    @api.depends("name", "number")
    def _compute_display_name(self):
        for contract in self:
            contract.display_name = (
                _("%(name)s (version %(number)s)", name=contract.name, number=contract.number)
                if contract.number and contract.number > 1
                else contract.name
            )

    @api.model
    def _versioned_children(self):
        return ["match_ids", "reaction_ids"]

    @api.model
    def _versioned_fields(self):
        return [name for name in super()._versioned_fields() if not name.startswith("sample")]

    def _family(self):
        """Return the word under which the order of its messages is kept."""
        self.ensure_one()
        return self.order_family or self.code

    # ------------------------------------------------------------------
    # life
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create contracts, as drafts: activating one checks it first."""
        if not self.env.su:
            # said for each, so that no default from the context takes its place
            vals_list = [{**vals, "state": "draft", "number": 1} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Write contracts; one that is or was in use is changed by a new version only."""
        if not self.env.su:
            if {"state", "number"} & vals.keys():
                raise UserError(
                    _("A contract is activated and retired with its buttons, which check it.")
                )
            self._refuse_change(vals.keys())
        return super().write(vals)

    def _refuse_change(self, names):
        """Refuse to change what events were understood by."""
        fixed = self.filtered(lambda contract: contract.state != "draft")
        if fixed and set(names) - FREE_FIELDS - {"change_reason"} and not self.env.su:
            raise UserError(
                _(
                    "“%s” is in use, or was: events say that they were understood by it. Make a "
                    "new version, change that, and activate it.",
                    fixed[0].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        # sudo: events of other companies keep their contract as well
        events = self.env["exception.event"].sudo()
        if events.search_count([("contract_id", "in", self.ids)], limit=1):
            raise UserError(_("Events were understood by this contract. Retire it instead."))

    def copy_data(self, default=None):
        """Copy contracts under a code of their own, unless a new version is made."""
        default = dict(default or {})
        if "code" not in default:
            number = self.with_context(active_test=False).search_count([])
            default.update(code=f"{self.code}.{number}", name=_("%s (copy)", self.name))
        return super().copy_data(default)

    def action_new_version(self):
        """Make a draft that takes the place of this version once it is activated; open it."""
        self.ensure_one()
        self.check_access_rights("create")
        self.check_access_rule("read")
        same = self.with_context(active_test=False).search([("code", "=", self.code)])
        draft = same.filtered(lambda one: one.state == "draft")[:1]
        if not draft:
            # sudo: the number of a version is the model's; access was checked above
            values = {
                "code": self.code,
                "name": self.name,
                "number": max(same.mapped("number")) + 1,
            }
            draft = self.browse(self.sudo().copy(values).id)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_activate(self):
        """Use these contracts from now on; the version in use before is retired.

        :raise ValidationError: what is wrong with the first one that cannot work
        """
        self.check_access_rights("write")
        self.check_access_rule("write")
        self._check_definition()
        for contract in self.filtered(lambda one: one.state != "active"):
            # sudo: the state is written by the model only; access was checked above
            own = contract.sudo()
            before = own.search([("code", "=", own.code), ("state", "=", "active")])
            endpoints = before.with_context(active_test=False).endpoint_ids
            before.write({"state": "retired", "endpoint_ids": [(5,)]})
            before.flush_recordset(["state"])
            own.write({"state": "active", "endpoint_ids": [(4, id_) for id_ in endpoints.ids]})
        return True

    def action_retire(self):
        """Use these contracts no more; messages for which there is no other become dead letters."""
        self.check_access_rights("write")
        self.check_access_rule("write")
        # sudo: as in action_activate
        self.filtered(lambda one: one.state == "active").sudo().write({"state": "retired"})
        return True
