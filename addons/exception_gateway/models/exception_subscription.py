import re

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.exception_core.tools import safe_address

from ..tools import retry_waits

WAITS = "10s, 1m, 5m, 30m, 2h, 6h, 15h"
# Versions of the payload; the schemas of each are published.
PAYLOAD_VERSIONS = [("1", "1")]
# What only the model writes: states, and how the last tries went.
KEPT = {
    "state",
    "paused_because",
    "circuit",
    "circuit_because",
    "failures",
    "opened_at",
    "opened_times",
    "probe_at",
    "hold_until",
    "delivered_at",
}
# How a new one stands.
BEGINNING = {"state": "draft", "circuit": "closed", "failures": 0, "opened_times": 0}
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", re.ASCII)


class ExceptionSubscription(models.Model):
    """Who outside is told what about cases, where, and how hard it is tried.

    This file holds what is configured. Beside it: what buttons do (``_verbs``), the circuit
    (``_circuit``), what is written into the outbox (``exception_delivery_outbox``).
    """

    _name = "exception.subscription"
    _description = "Subscription"
    _inherit = ["mail.thread", "mail.activity.mixin", "exception.versioned"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True, help="Example: Chat of the order desk.")
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("paused", "Paused")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    paused_because = fields.Char("Paused because", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="restrict",
        help="Cases of this company only. Empty: cases of all companies; only who works for all "
        "of them may set that up.",
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        tracking=True,
        domain=lambda self: [("groups_id", "in", self.env.ref("exception_core.group_manager").ids)],
        help="Is told when the receiver fails, wants nothing more, or messages are given up.",
    )
    system_id = fields.Many2one(
        "exception.system",
        ondelete="restrict",
        help="Where the receiver is a ticket system that also sends changes back: what came from "
        "it is not sent to it again.",
    )

    # what
    event_ids = fields.Many2many(
        "exception.outgoing.event",
        string="Events",
        help="Empty: all events, also those that a later version adds.",
    )
    domain = fields.Char(
        "Only if the case", default="[]", help="Example: Severity is Critical or High."
    )
    field_ids = fields.Many2many(
        "exception.payload.field",
        string="Also tell",
        help="By itself an event says as little as possible: which case, of which type, in which "
        "state. The receiver can ask for the rest with its own rights.",
    )
    payload_version = fields.Selection(PAYLOAD_VERSIONS, required=True, default="1")

    # where
    url = fields.Char("Address", required=True, tracking=True, help="https://hooks.example.com/x")
    allow_private = fields.Boolean(
        "May stand in a private network",
        help="Else addresses of private networks, of this server and its neighbours are refused, "
        "also when a public name leads to them.",
    )
    allow_http = fields.Boolean(
        "Without encryption", help="Allow http://. Only inside a network that you trust."
    )
    header_ids = fields.One2many(
        "exception.subscription.header", "subscription_id", "Extra headers", copy=False
    )

    # how hard
    waits = fields.Char(
        "Waits between tries",
        required=True,
        default=WAITS,
        help="One try more than there are waits, each up to a fifth shorter or longer. "
        "Example: 10s, 1m, 2h is four tries. s seconds, m minutes, h hours, d days.",
    )
    tries_words = fields.Char("Tries", compute="_compute_tries_words")
    rate_per_minute = fields.Integer("At most a minute", help="Messages a minute. 0: no limit.")
    failures_to_open = fields.Integer(
        "Failures until it rests",
        required=True,
        default=5,
        help="After so many failures in a row nothing is sent but one message now and then, to "
        "see whether the receiver works again.",
    )
    expire_days = fields.Integer(
        "Give up after days",
        required=True,
        default=7,
        help="What could not be delivered for so long is given up, also while it is paused.",
    )
    keep_days = fields.Integer(
        "Keep the log for days",
        required=True,
        default=30,
        help="Messages that were delivered or given up are deleted after so long. That they were "
        "sent stays on the trail of the case.",
    )

    _sql_constraints = [
        (
            "numbers",
            "CHECK(rate_per_minute >= 0 AND failures_to_open BETWEEN 1 AND 1000"
            " AND expire_days BETWEEN 1 AND 365 AND keep_days BETWEEN 1 AND 3650)",
            "Rates are not negative, failures from 1 to 1000, days from 1 to a year for giving "
            "up, and to ten years for the log.",
        ),
    ]

    @api.model
    def _versioned_children(self):
        return [*super()._versioned_children(), "header_ids"]

    @api.depends("waits")
    def _compute_tries_words(self):
        for one in self:
            try:
                waits = retry_waits.parse(one.waits)
            except ValueError:
                one.tries_words = False
                continue
            hours = retry_waits.total(waits) / 3600
            one.tries_words = _(
                "%(tries)s tries within %(hours)s hours",
                tries=len(waits) + 1,
                hours=f"{hours:.1f}",
            )

    # ------------------------------------------------------------------
    # what may be configured
    # ------------------------------------------------------------------

    @api.constrains("waits")
    def _check_waits(self):
        for one in self:
            try:
                retry_waits.parse(one.waits)
            except ValueError as error:
                raise ValidationError(
                    _("“%s” is no wait. Example: 10s, 1m, 5m, 2h.", error)
                ) from error

    @api.constrains("url", "allow_private", "allow_http")
    def _check_url(self):
        for one in self:
            if refusal := one._refuse_url():
                raise ValidationError(refusal)

    def _refuse_url(self):
        """Say why the address cannot be called, as far as that shows without looking it up."""
        self.ensure_one()
        why = _refusal(self.url, self.allow_http, self.allow_private)
        if not why:
            return None
        said = _("“%(url)s” cannot be called: %(why)s.", url=self.url, why=why)
        if _refusal(self.url, True, True):
            return said
        return (
            said
            + " "
            + _("For a receiver in a network that you trust, the tab “Tries and limits” allows it.")
        )

    @api.constrains("domain")
    def _check_domain(self):
        """Refuse conditions that cannot be evaluated, by the same rules as those of triage."""
        for one in self:
            draft = self.env["exception.rule"].new({"name": one.name, "domain": one.domain})
            draft._check_case_domain()
            draft._check_evaluation()

    @api.constrains("owner_id", "company_id")
    def _check_owner(self):
        for one in self:
            # sudo: only whether the owner can see the subscription
            owner = one.owner_id.sudo()
            if owner.share:
                raise ValidationError(_("%s cannot be told: choose a colleague.", owner.name))

    # ------------------------------------------------------------------
    # what only the model writes
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create subscriptions, as drafts."""
        for vals in vals_list:
            self._refuse_kept(vals)
        # named here, so that no default of a context or a person names them
        vals_list = [{**dict.fromkeys(KEPT, False), **BEGINNING, **vals} for vals in vals_list]
        subscriptions = super().create(vals_list)
        subscriptions._check_reach()
        self._wishes_changed()
        return subscriptions

    def write(self, vals):
        """Write subscriptions; whoever writes into the outbox hears of it."""
        self._refuse_kept(vals)
        self._check_reach()
        if not vals.keys() <= KEPT - {"state"}:
            self._wishes_changed()
        result = super().write(vals)
        self._check_reach()
        return result

    def unlink(self):
        """Delete subscriptions that never sent anything, with their secrets."""
        self._wishes_changed()
        self.env["exception.sealed.secret"]._forget(self.header_ids)
        self.env["exception.sealed.secret"]._forget(self)
        return super().unlink()

    def _check_reach(self):
        """Refuse to let somebody tell outside about companies for which they do not work."""
        if self.env.su or all(one.company_id for one in self):
            return
        # sudo: which companies there are; the person need not see them
        others = self.env["res.company"].sudo().search([]) - self.env.user.company_ids
        if others:
            raise ValidationError(
                _(
                    "Without a company a subscription tells about the cases of all, also of "
                    "companies for which you do not work. Choose a company, or ask somebody who "
                    "works for all of them."
                )
            )

    @api.model
    def _wishes_changed(self):
        """Have what subscriptions want read anew, by this process and all others."""
        clear = self.env.registry.clear_cache
        clear()
        # another thread may read what was before until the commit
        self.env.cr.postcommit.add(clear)

    @api.model
    def _refuse_kept(self, vals):
        if not self.env.su and KEPT & vals.keys():
            raise ValidationError(
                _("How a subscription stands is kept by itself. Use its buttons.")
            )


def _refusal(url, allow_http, allow_private):
    """Return why an address is not called, as far as it shows without looking it up."""
    try:
        target = safe_address.parse(url, allow_http)
    except safe_address.Refused as error:
        return str(error)
    if not _is_address(target.host):
        return None
    return safe_address.refuse_address(target.host, allow_private) or None


def _is_address(host):
    return ":" in host or host.replace(".", "").isdecimal()
