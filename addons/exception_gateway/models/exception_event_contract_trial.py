from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.event_json import parse
from ..tools.refused import Refused

# What a trial depends on: all that a contract says.
TRIED = (
    "code",
    "company_id",
    "endpoint_ids",
    "kinds",
    "kind_path",
    "condition",
    "items_path",
    "version_path",
    "versions",
    "schema",
    "mapping",
    "dedup_path",
    "subject_path",
    "ordering_path",
    "order_family",
    "unmatched",
    "several",
    "unmatched_detector_id",
    *(f"match_ids.{name}" for name in ("sequence", "how", "model", "field_name", "expression")),
    "match_ids.path",
    *(f"reaction_ids.{name}" for name in ("sequence", "condition", "kind", "detector_id")),
    *(f"reaction_ids.{name}" for name in ("fingerprint", "reason", "answer", "action_id")),
    *(f"reaction_ids.{name}" for name in ("values", "data_kind", "field_name", "value")),
    "reaction_ids.mismatch_detector_id",
)
SEERS = "exception_gateway.group_payload"


class ExceptionEventContractTrial(models.Model):
    """A contract is tried while it is written, on a message that was pasted or received.

    The result follows from what stands in the form, saved or not, and nothing is written.
    """

    _inherit = "exception.event.contract"

    sample = fields.Text(
        "Message",
        groups=SEERS,
        copy=True,
        help="A message of the sender, as it arrives. Kept with the draft.",
    )
    sample_kind = fields.Char(
        "Its kind",
        groups=SEERS,
        help="What its endpoint would say it is, where the message itself does not tell.",
    )
    sample_headers = fields.Text(
        "Its headers",
        groups=SEERS,
        help="One a line, for header(…). Example: x-shopify-topic: orders/create",
    )
    sample_event_id = fields.Many2one(
        "exception.event",
        "Take one received",
        groups=SEERS,
        store=False,
        domain="[('endpoint_id', 'in', endpoint_ids)]",
    )
    trial = fields.Html(compute="_compute_trial", sanitize=False, groups=SEERS)
    mapping_problem = fields.Text(compute="_compute_problems")
    schema_problem = fields.Text(compute="_compute_problems")
    sibling_ids = fields.Many2many(
        "exception.event.contract", string="Other versions", compute="_compute_siblings"
    )
    event_count = fields.Integer(compute="_compute_event_counts", string="Number of events")
    dead_count = fields.Integer(compute="_compute_event_counts", string="Dead letters")

    @api.depends("code")
    def _compute_siblings(self):
        for contract in self:
            domain = [("code", "=", contract.code)]
            versions = self.with_context(active_test=False).search(domain)
            contract.sibling_ids = versions - contract._origin

    def _compute_event_counts(self):
        groups = self.env["exception.event"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id", "state"], ["__count"]
        )
        for contract in self:
            own = [(state, n) for one, state, n in groups if one == contract._origin]
            contract.event_count = sum(n for _state, n in own)
            contract.dead_count = sum(n for state, n in own if state == "dead")

    @api.depends("mapping", "schema")
    def _compute_problems(self):
        for contract in self:
            contract.mapping_problem = contract._problem_of("mapping")
            contract.schema_problem = contract._problem_of("schema")

    @api.onchange("sample_event_id")
    def _onchange_sample_event_id(self):
        event = self.sample_event_id
        if event:
            event.check_access_rule("read")
            # sudo: the content; the fields are for administrators only
            event = event.sudo()
            self.sample = event._content().decode("utf-8", "replace")
            self.sample_kind = event.name
            headers = (event.headers or {}).items()
            self.sample_headers = "\n".join(f"{name}: {value}" for name, value in headers)

    @api.depends("sample", "sample_kind", "sample_headers", *TRIED)
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_trial(self):
        for contract in self:
            contract.trial = contract._trial() if (contract.sample or "").strip() else False

    def _trial(self):
        """Return what the sample would lead to, as the result pane shows it."""
        self.ensure_one()
        if not self.env.user.has_group(SEERS):
            return False
        problem = self._first_problem()
        if problem:
            preview = {"outcome": {"state": "bad", "lines": [problem]}}
        else:
            endpoint = self.endpoint_ids._origin.filtered(
                lambda one: one.company_id in self.env.companies
            )[:1]
            company = self.company_id._origin or endpoint.company_id or self.env.company
            if company not in self.env.companies:
                company = self.env.company
            preview = self.env["exception.event"]._preview(
                self.sample.encode("utf-8", "surrogatepass"),
                endpoint,
                # sudo: lines and detectors are read as the background reads them
                contract=self.sudo(),
                kind=self.sample_kind or "",
                headers=self._sample_header_values(),
                company=company,
            )
        return self.env["exception.event.contract"]._shown_preview(preview)

    @api.model
    def _shown_preview(self, preview):
        labels = [
            ("contract", _("Contract")),
            ("schema", _("Schema")),
            ("form", _("Normal form")),
            ("keys", _("Once, and in order")),
            ("record", _("Record")),
            ("outcome", _("What would happen")),
        ]
        parts = [(key, label, preview[key]) for key, label in labels if key in preview]
        # sudo: the template of the pane is no secret
        return self.env["ir.qweb"].sudo()._render("exception_gateway.event_trial", {"parts": parts})

    def _first_problem(self):
        """Return what keeps the contract from being tried at all."""
        try:
            parse(self.sample.encode("utf-8", "surrogatepass"))
        except Refused as refused:
            return _("The sample: %s", refused)
        for name in ("mapping", "schema"):
            if problem := self._problem_of(name):
                label = self._fields[name].get_description(self.env)["string"]
                return f"{label}: {problem}"
        try:
            # lines that are not saved yet could ask for what this person may not know
            self.match_ids._check_line()
            self.reaction_ids._check_line()
        except ValidationError as error:
            return str(error)
        return None

    def _sample_header_values(self):
        lines = (line.partition(":") for line in (self.sample_headers or "").splitlines())
        return {
            name.strip().lower(): value.strip() for name, _colon, value in lines if name.strip()
        }

    def action_send_sample(self):
        """Take the sample as if it had just come in, and open what becomes of it."""
        self.ensure_one()
        self.check_access_rights("write")
        self.check_access_rule("write")
        endpoint = self.endpoint_ids[:1]
        if self.state != "active" or not endpoint:
            raise UserError(
                _("Activate the contract first, and choose an endpoint whose messages it is for.")
            )
        if not self.env.user.has_group(SEERS) or not (self.sample or "").strip():
            raise UserError(_("Paste a message first; it is sent as it stands in the form."))
        endpoint.check_access_rule("read")
        # sudo: events are written by the machine; access was checked above
        event = (
            self.env["exception.event"]
            .sudo()
            ._receive_sample(
                endpoint.sudo(),
                self.sample.encode(),
                self.sample_kind,
                self._sample_header_values(),
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": _("Test event"),
            "res_model": "exception.event",
            "res_id": event.id,
            "views": [(False, "form")],
        }

    def action_open_events(self):
        """Open the events that were understood by this contract."""
        self.ensure_one()
        return {
            **self._events_action(),
            "domain": [("contract_id", "=", self.id)],
        }

    def action_open_dead(self):
        """Open the dead letters of this contract."""
        self.ensure_one()
        return {
            **self._events_action(),
            "domain": [("contract_id", "=", self.id), ("state", "=", "dead")],
        }

    def _events_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": _("Events of %s", self.display_name),
            "res_model": "exception.event",
            "view_mode": "tree,form",
            "views": [(False, "tree"), (False, "form")],
        }
