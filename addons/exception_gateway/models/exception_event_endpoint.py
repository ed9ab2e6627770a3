import secrets

from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..schemes import registry
from ..schemes.base import Misconfigured, Scheme
from ..tools import secret_box

# Largest message that an endpoint may be set to: a worker holds it in memory several times.
MOST_KIB = 20 * 1024
# Only buttons set these.
MACHINE_FIELDS = frozenset({"token", "state"})


class ExceptionEventEndpoint(models.Model):
    """An address at which one outside system delivers events, and how it proves who it is."""

    _name = "exception.event.endpoint"
    _description = "Event Endpoint"
    _inherit = ["mail.thread", "mail.activity.mixin", "exception.versioned"]
    _order = "name"

    name = fields.Char(required=True, tracking=True, help="Example: Stripe, live account.")
    token = fields.Char(
        "Address",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        help="The part of the address that nobody can guess.",
    )
    url = fields.Char("Deliver to", compute="_compute_url")
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("paused", "Paused")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    system_id = fields.Many2one(
        "exception.system", "Sender", required=True, ondelete="restrict", tracking=True
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        tracking=True,
        help="Is told when events cannot be understood, secrets grow old, or nothing comes.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    event_ids = fields.One2many("exception.event", "endpoint_id", string="Events")
    event_count = fields.Integer("Number of events", compute="_compute_event_count")

    # how the sender proves who it is
    scheme = fields.Selection(
        selection=lambda self: registry.choices(),
        string="Proof",
        required=True,
        default="standard_webhooks",
        tracking=True,
        help="How the sender shows that a message is its own. Its documentation says which.",
    )
    scheme_uses = fields.Char(compute="_compute_scheme")
    can_sign = fields.Boolean(compute="_compute_scheme")
    tolerance = fields.Integer(
        "Time stamps may differ by",
        default=300,
        help="Seconds between the time stamp of a message and this server's clock. A message that "
        "somebody recorded is refused after that. Example: 300.",
    )
    signature_header = fields.Char("Header with the proof", help="Example: X-Signature.")
    signature_encoding = fields.Selection(
        [("hex", "Hexadecimal"), ("base64", "Base64")], "Written as", default="hex"
    )
    signature_prefix = fields.Char("Begins with", help="What precedes it. Example: sha256=")
    timestamp_header = fields.Char("Header with the time", help="Example: X-Timestamp.")
    signature_template = fields.Char(
        "What is signed",
        default="{body}",
        help="{body} is the content, {timestamp} and {id} the headers named here. "
        "Example: {timestamp}.{body}",
    )
    id_header = fields.Char("Header with the id", help="Example: X-Message-Id.")

    # limits
    allowed_ips = fields.Text(
        "Only from these addresses",
        help="One address or network a line; empty: from everywhere. Behind a proxy Odoo needs "
        "proxy_mode to know the sender's address. Example: 203.0.113.0/24",
    )
    max_kib = fields.Integer("Largest message (KiB)", default=1024)
    rate_limit = fields.Integer(
        "Most messages a minute",
        default=0,
        help="For each worker process of the server; 0: without limit. Example: 6000.",
    )
    kept_headers = fields.Char(
        "Keep these headers, too",
        help="Names of headers to keep with each event; what proves the sender is never kept. "
        "Headers that begin with X- or Webhook- are kept anyway. Example: Topic, Shop",
    )

    _sql_constraints = [("token_uniq", "unique(token)", "This address is in use.")]

    @api.depends("token")
    def _compute_url(self):
        base = self.get_base_url()
        for endpoint in self:
            endpoint.url = f"{base}/exception/v1/events/{endpoint.token}"

    @api.depends("scheme")
    def _compute_scheme(self):
        for endpoint in self:
            scheme = registry.get(endpoint.scheme)
            # commas around each, so that a view finds whole names
            endpoint.scheme_uses = f",{','.join(scheme.uses)}," if scheme else ","
            endpoint.can_sign = bool(scheme) and type(scheme).sign is not Scheme.sign

    def _compute_event_count(self):
        groups = self.env["exception.event"]._read_group(
            [("endpoint_id", "in", self.ids)], ["endpoint_id"], ["__count"]
        )
        counts = {endpoint.id: count for endpoint, count in groups}
        for endpoint in self:
            endpoint.event_count = counts.get(endpoint.id, 0)

    @api.constrains(
        "scheme",
        "tolerance",
        "signature_header",
        "signature_encoding",
        "signature_prefix",
        "timestamp_header",
        "signature_template",
        "id_header",
    )
    def _check_scheme(self):
        for endpoint in self:
            try:
                registry.get(endpoint.scheme).check(endpoint._settings())
            except Misconfigured as error:
                raise ValidationError(str(error)) from error

    @api.constrains("max_kib", "rate_limit", "tolerance")
    def _check_limits(self):
        for endpoint in self:
            if not 0 < endpoint.max_kib <= MOST_KIB:
                raise ValidationError(
                    _("The largest message has between 1 and %s KiB. Example: 1024.", MOST_KIB)
                )
            if endpoint.rate_limit < 0 or not 0 < endpoint.tolerance <= 24 * 3600:
                raise ValidationError(
                    _("Give limits above zero, and allow time stamps a day's difference at most.")
                )

    # ------------------------------------------------------------------
    # what only buttons change
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create endpoints; each is a draft with an address that nobody chose."""
        if not self.env.su:
            self._refuse_by_hand({name for vals in vals_list for name in vals})
            vals_list = [
                {**vals, "state": "draft", "token": secrets.token_urlsafe(24)} for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        """Write endpoints; state and address are not written by hand."""
        if not self.env.su:
            self._refuse_by_hand(vals.keys())
        return super().write(vals)

    @api.model
    def _refuse_by_hand(self, names):
        if MACHINE_FIELDS & set(names):
            raise UserError(
                _(
                    "State and address of an endpoint are not set by hand: use the buttons of the "
                    "endpoint."
                )
            )

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def action_activate(self):
        """Take events from now on."""
        self._check_may_configure()
        for endpoint in self.filtered(lambda one: one.state != "active"):
            endpoint._check_complete()
            endpoint._set_state("active", "endpoint.activated")

    def action_pause(self):
        """Take no events for a while; senders are told to come again later."""
        self._check_may_configure()
        for endpoint in self.filtered(lambda one: one.state == "active"):
            endpoint._set_state("paused", "endpoint.paused")

    def action_open_events(self):
        """Open what came in here."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._exception_narrowed(
            "exception_gateway.exception_event_action",
            [("endpoint_id", "=", self.id)],
            name=_("Events of %s", self.display_name),
        )

    def _check_may_configure(self):
        self.check_access_rights("write")
        self.check_access_rule("write")

    def _check_complete(self):
        """Refuse to open the door before senders can prove who they are."""
        if not secret_box.is_ready():
            raise UserError(self._key_advice())
        if not self._sealed_secrets().get(self.id):
            raise UserError(
                _(
                    "“%s” has no secret yet, so nobody could prove who they are. Press New secret "
                    "first: the secret is made here, or entered as the sender shows it.",
                    self.display_name,
                )
            )

    def _set_state(self, state, event):
        before = self.state
        # sudo: checked by the caller; no other way leads to this field
        self.sudo().write({"state": state})
        self.env["exception.audit.entry"]._audit_config(
            self, event, before={"state": before}, after={"state": state}
        )

    @api.model
    def _key_advice(self):
        return _(
            "Secrets are stored encrypted, with a key that is kept outside of the database, and "
            "this server has no usable one.\n\n"
            "1. Make one: python3 -c 'from cryptography.fernet import Fernet; "
            "print(Fernet.generate_key().decode())' > /etc/odoo/gateway.key\n"
            "2. Let only Odoo read the file.\n"
            "3. Name it in the configuration file of the server, in a section "
            "[exception_gateway]: secret_key_file = /etc/odoo/gateway.key\n"
            "4. Start the server again.\n\n"
            "Keep a copy of the key: without it no secret can be read again."
        )
