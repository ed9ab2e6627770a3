from datetime import timedelta

from odoo import _, api, fields, models

ACTIVITY = "exception_gateway.mail_activity_type_subscription"
# How long nothing is sent after the circuit opens; twice as long each time that it stays open.
REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=1)


class ExceptionSubscriptionCircuit(models.Model):
    """The circuit of a subscription: a receiver that fails is left alone, and looked at again.

    closed: everything is sent. open: nothing is. half open: one message is tried; when it gets
    through the circuit closes, else it opens for longer. Written by the one process that sends.
    """

    _inherit = "exception.subscription"

    circuit = fields.Selection(
        [("closed", "Working"), ("open", "Resting"), ("half_open", "Being tried")],
        default="closed",
        required=True,
        readonly=True,
        copy=False,
    )
    circuit_because = fields.Char("Rests because", readonly=True, copy=False)
    failures = fields.Integer("Failures in a row", readonly=True, copy=False)
    opened_at = fields.Datetime("Resting since", readonly=True, copy=False)
    opened_times = fields.Integer("Tried in vain", readonly=True, copy=False)
    probe_at = fields.Datetime("Tried again", readonly=True, copy=False)
    hold_until = fields.Datetime(
        "Nothing before", readonly=True, copy=False, help="As the receiver asked for."
    )
    delivered_at = fields.Datetime("Last delivered", readonly=True, copy=False)

    def _follow_results(self, results, now):
        """Follow what became of the messages that were just sent, in their order.

        :param results: of this subscription, sent ones only
        """
        self.ensure_one()
        failures, opened = self.failures, False
        problem = None
        for result in results:
            if result.ok:
                failures, problem = 0, None
            elif not result.told_to_wait:
                failures, problem = failures + 1, result.error
        vals = {}
        if any(result.ok for result in results):
            vals["delivered_at"] = now
        if wait := max((result.ask_after for result in results), default=0):
            vals["hold_until"] = now + timedelta(seconds=wait)
        if failures != self.failures:
            vals["failures"] = failures
        if problem and (failures >= self.failures_to_open or self.circuit == "half_open"):
            vals.update(self._open_values(now, problem))
            opened = True
        elif self.circuit != "closed" and any(result.ok for result in results):
            vals.update(self._closed_values())
        elif self.circuit == "half_open":
            # told to come back later: neither works nor fails
            vals.update({"circuit": "open", "probe_at": now + REST})
        if vals:
            self.write(vals)
        self._tell_circuit(opened, vals)
        if any(result.gone for result in results):
            self._pause_gone()

    def _open_values(self, now, problem):
        times = self.opened_times + 1
        rest = min(REST * 2 ** min(times - 1, 10), LONGEST_REST)
        return {
            "circuit": "open",
            "circuit_because": problem,
            "opened_at": self.opened_at or now,
            "opened_times": times,
            "probe_at": now + rest,
        }

    @api.model
    def _closed_values(self):
        return {
            "circuit": "closed",
            "circuit_because": False,
            "failures": 0,
            "opened_at": False,
            "opened_times": 0,
            "probe_at": False,
        }

    def _tell_circuit(self, opened, vals):
        """Tell the owner once that the receiver rests; take it back when it works again."""
        if opened and vals["opened_times"] == 1:
            self._tell(
                _("%s does not answer", self.name),
                _(
                    "Nothing is sent to “%(name)s” for now: %(why)s. One message is tried now and "
                    "then, and everything goes on by itself once it gets through. What waits is "
                    "kept for %(days)s days.",
                    name=self.name,
                    why=self.circuit_because,
                    days=self.expire_days,
                ),
            )
        elif vals.get("circuit") == "closed":
            self.activity_ids.filtered(
                lambda one: one.activity_type_id == self.env.ref(ACTIVITY)
            ).unlink()

    def _pause_gone(self):
        """Pause: the receiver said that it wants nothing more."""
        because = _("The receiver answered 410: it wants nothing more.")
        self.write({"state": "paused", "paused_because": because})
        self._tell(
            _("%s wants nothing more", self.name),
            _(
                "“%s” answered 410 Gone and was paused. Resume it if that is a mistake, or archive "
                "it. What waits is kept meanwhile.",
                self.name,
            ),
        )

    def _tell(self, summary, note):
        """Keep one activity for the owner: news replace what is there."""
        known = self.activity_ids.filtered(
            lambda one: one.activity_type_id == self.env.ref(ACTIVITY)
        )
        if known:
            known[0].write({"summary": summary, "note": note})
            return
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY, user_id=self.owner_id.id, summary=summary, note=note
        )

    def _cannot_sign(self):
        """Rest: the secret cannot be read, so nothing can be signed."""
        now = fields.Datetime.now()
        problem = _("its secret cannot be read: the key of this server is missing or another one")
        vals = self._open_values(now, problem)
        self.write(vals)
        self._tell_circuit(True, vals)

    def _quota(self):
        """Return how many messages may still be sent in this minute."""
        if not self.rate_per_minute:
            return 10**6
        since = fields.Datetime.now() - timedelta(minutes=1)
        attempts = self.env["exception.delivery.attempt"]
        sent = attempts.search_count([("subscription_id", "=", self.id), ("at", ">", since)])
        return self.rate_per_minute - sent
