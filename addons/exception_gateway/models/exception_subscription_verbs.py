from datetime import timedelta

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..tools import secret_box

PURPOSE = "sign"
# How long the secret before stays valid, so that the receiver can change over.
OVERLAP = timedelta(days=1)
# For one try, all of it.
TIMEOUT_SECONDS = 10


class ExceptionSubscriptionVerbs(models.Model):
    """What administrators do with a subscription."""

    _inherit = "exception.subscription"

    has_secret = fields.Boolean(compute="_compute_secret")
    secret_since = fields.Datetime("Secret since", compute="_compute_secret")
    old_secret_until = fields.Datetime("Old secret valid until", compute="_compute_secret")
    waiting_count = fields.Integer("Waiting", compute="_compute_counts")
    dead_count = fields.Integer("Given up", compute="_compute_counts")
    delivered_count = fields.Integer("Delivered", compute="_compute_counts")

    def _compute_secret(self):
        secrets = self.env["exception.sealed.secret"]._of(self, PURPOSE)
        now = fields.Datetime.now()
        for one in self:
            mine = secrets.filtered(lambda secret, one=one: secret.res_id == one.id)
            one.has_secret = bool(mine)
            one.secret_since = mine[:1].since
            old = mine.filtered(lambda secret: secret.until and secret.until > now)
            one.old_secret_until = old[:1].until

    def _compute_counts(self):
        groups = self.env["exception.delivery"]._read_group(
            [("subscription_id", "in", self.ids)], ["subscription_id", "state"], ["__count"]
        )
        counts = {(one.id, state): count for one, state, count in groups}
        for one in self:
            waiting = ("waiting", "sending")
            one.waiting_count = sum(counts.get((one.id, state), 0) for state in waiting)
            one.dead_count = counts.get((one.id, "dead"), 0)
            one.delivered_count = counts.get((one.id, "delivered"), 0)

    def _check_entitled(self):
        self.check_access_rights("write")
        self.check_access_rule("write")
        self._check_reach()
        # sudo: checked above; how a subscription stands is written by the model only
        return self.sudo()

    # ------------------------------------------------------------------
    # states
    # ------------------------------------------------------------------

    def action_activate(self):
        """Begin to tell the receiver; a secret is made first where there is none."""
        self.ensure_one()
        one = self._check_entitled()
        if not secret_box.is_ready():
            raise UserError(self.env["exception.sealed.secret"]._without_key())
        if not one.active:
            raise UserError(_("“%s” is archived.", one.name))
        # an address that was fine once may not be any more
        if refusal := one._refuse_url():
            raise UserError(refusal)
        shown = None if one.has_secret else self.action_rotate_secret()
        one.write({"state": "active", "paused_because": False, **one._closed_values()})
        self.env["exception.audit.entry"]._audit_config(one, "subscription.activated")
        self.env["exception.delivery"]._wake_after_commit()
        return shown

    def action_pause(self):
        """Send nothing for now; what happens meanwhile is kept for later."""
        active = self._check_entitled().filtered(lambda one: one.state == "active")
        if active:
            because = _("Paused by %s.", self.env.user.name)
            active.write({"state": "paused", "paused_because": because})
            self.env["exception.audit.entry"]._audit_config(active, "subscription.paused")

    def action_resume(self):
        """Go on with paused subscriptions: what waits is sent first."""
        for one in self:
            if one.state == "paused":
                one.action_activate()

    def action_try_now(self):
        """Try the receiver at once although it rests."""
        resting = self._check_entitled().filtered(lambda one: one.circuit == "open")
        resting.write({"probe_at": fields.Datetime.now(), "hold_until": False})
        # a message that waits long would make nothing of it
        self.env["exception.delivery"]._hurry(resting)
        self.env["exception.delivery"]._wake_after_commit()

    # ------------------------------------------------------------------
    # secret
    # ------------------------------------------------------------------

    def action_rotate_secret(self):
        """Make a new secret and show it, once; the old one is valid for a day more."""
        self.ensure_one()
        one = self._check_entitled()
        box, had_secret = self.env["exception.sealed.secret"], one.has_secret
        secret = box._new_secret()
        box._put(one, PURPOSE, secret, overlap=OVERLAP)
        one.invalidate_recordset(["has_secret", "secret_since", "old_secret_until"], flush=False)
        one.message_post(body=_("%s made a new secret.", self.env.user.name))
        self.env["exception.audit.entry"]._audit_config(one, "subscription.secret")
        return {
            "type": "ir.actions.act_window",
            "name": _("Secret of %s", one.name),
            "res_model": "exception.subscription.secret",
            # of a record that is not there yet, no screen reads what is computed
            "res_id": self.env["exception.subscription.secret"].create({}).id,
            "view_mode": "form",
            "target": "new",
            # goes to this screen only: nothing stores it in clear
            "context": {"exception_new_secret": secret, "exception_had_secret": had_secret},
        }

    def _secrets(self):
        """Return the valid secrets in clear, the newest first.

        :raise KeyMissing: without a key
        :raise WrongKey: when no configured key fits, or there is none
        """
        found = self.env["exception.sealed.secret"]._take(self, PURPOSE)
        if not found:
            raise secret_box.WrongKey()
        return tuple(found)

    def _parcel_values(self):
        """Return what all messages of the subscription have on their way.

        :raise KeyMissing: without a key
        :raise WrongKey: when no configured key fits, or there is no secret
        """
        return {
            "subscription_id": self.id,
            "url": self.url,
            "secrets": self._secrets(),
            "headers": self.header_ids._in_clear(),
            "timeout": TIMEOUT_SECONDS,
            "allow_private": self.allow_private,
            "allow_http": self.allow_http,
        }

    # ------------------------------------------------------------------
    # trying
    # ------------------------------------------------------------------

    def action_ping(self):
        """Send a test event at once, and show the answer."""
        self.ensure_one()
        one = self._check_entitled()
        if not one.has_secret:
            raise UserError(_("Make a secret first: the test is signed as everything is."))
        delivery = self.env["exception.delivery"]._ping(one)
        return {
            "type": "ir.actions.act_window",
            "name": _("Test of %s", one.name),
            "res_model": "exception.delivery",
            "res_id": delivery.id,
            "view_mode": "form",
            "target": "new",
        }

    # ------------------------------------------------------------------
    # lists
    # ------------------------------------------------------------------

    def action_open_deliveries(self):
        """Open the messages of the subscription; the context says which."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "exception_gateway.exception_delivery_action"
        )
        chosen = self.env.context.get("exception_filter")
        action["context"] = {
            "search_default_subscription_id": self.id,
            **({f"search_default_{chosen}": 1} if chosen else {}),
        }
        return action

    def action_replay_since(self):
        """Ask since when everything shall be sent again."""
        self.ensure_one()
        self._check_reach()
        return self.env["exception.delivery.replay"]._open(subscription=self)

    @api.model
    def _active_ids(self):
        """Return the ids of subscriptions to which something may be sent now."""
        now = fields.Datetime.now()
        domain = [
            ("state", "=", "active"),
            *["|", ("hold_until", "=", False), ("hold_until", "<=", now)],
            *["|", ("circuit", "=", "closed"), ("probe_at", "<=", now)],
        ]
        return self.search(domain, order="id").ids
