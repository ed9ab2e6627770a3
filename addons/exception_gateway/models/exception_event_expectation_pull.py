import logging

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.exception_core.tools.job import in_test

from ..schemes import registry
from ..schemes.base import Message
from ..tools import event_row
from ..tools.pull import Pull

_logger = logging.getLogger(__name__)

PULLING = "exception_gateway.mail_activity_type_pulling"
# First key of the advisory lock under which a sender is asked; see exception_core tools/job.py.
PULL_LOCK = 1_704_041
# After so many failures in a row nobody waits for the sender any more: cases open.
FAILURES = 3
# What the key for a sender's list is kept as.
KEY = "pull"
# So many of the records whose event is missing are shown to the code.
SHOWN = 500


class ExceptionEventExpectationPull(models.Model):
    """Before a case opens, the sender is asked: a delivery that got lost is no exception.

    The code is a Server Action on this model that a system administrator has released. It sees
    ``pull`` (``tools/pull.py``) and hands over what the sender lists since the last time. That is
    stored through the same door as deliveries, so an event that came both ways counts once. A
    record is judged only when the sender was asked after its time was over and everything that
    was got has been processed.
    """

    _inherit = "exception.event.expectation"

    puller_id = fields.Many2one(
        "ir.actions.server",
        "Ask the sender by",
        ondelete="restrict",
        domain="[('exception_release', '=', 'system'),"
        " ('model_name', '=', 'exception.event.expectation')]",
        help="A Server Action that a system administrator has written and released. Empty: a "
        "case opens without asking.",
    )
    pull_endpoint_id = fields.Many2one(
        "exception.event.endpoint",
        "Takes in what it lists",
        ondelete="restrict",
        help="The endpoint at which the same events are delivered, so that each counts once.",
    )
    pull_minutes = fields.Integer("Asks at most every (minutes)", default=60)
    pull_key_entry = fields.Char(
        "API key",
        compute="_compute_pull_key",
        inverse="_inverse_pull_key_entry",
        help="For the Server Action, as pull.key. Stored encrypted and never shown again.",
    )
    has_pull_key = fields.Boolean("API key is set", compute="_compute_pull_key")
    pull_cursor = fields.Char("Has asked until", readonly=True, copy=False)
    asked_at = fields.Datetime("Asked last", readonly=True, copy=False)
    pulled_at = fields.Datetime("Answered last", readonly=True, copy=False)
    settled_at = fields.Datetime(
        "Complete until",
        readonly=True,
        copy=False,
        help="The sender was asked then, and what it listed has been processed.",
    )
    pull_failures = fields.Integer("Failures in a row", readonly=True, copy=False)
    pull_error = fields.Char("Last error", readonly=True, copy=False)

    _sql_constraints = [
        ("pull_minutes_positive", "check(pull_minutes > 0)", "Ask every minute at most.")
    ]

    @api.model
    def _machine_fields(self):
        return super()._machine_fields() | {
            "pull_cursor",
            "asked_at",
            "pulled_at",
            "settled_at",
            "pull_failures",
            "pull_error",
        }

    @api.constrains("puller_id", "pull_endpoint_id")
    def _check_puller(self):
        for expectation in self.filtered("puller_id"):
            # sudo: what it is released for and what it belongs to only
            puller = expectation.sudo().puller_id
            if puller.exception_release != "system" or puller.model_name != self._name:
                raise ValidationError(
                    _(
                        "“%s” cannot ask a sender: a system administrator has to write it for "
                        "“Expected Event” and release it with the rights of the system.",
                        puller.name,
                    )
                )
            if not expectation.pull_endpoint_id:
                raise ValidationError(_("Say which endpoint takes in what the sender lists."))

    @api.depends("puller_id")
    def _compute_pull_key(self):
        known = self.env["exception.sealed.secret"]._of(self, KEY).mapped("res_id")
        for expectation in self:
            expectation.pull_key_entry = False
            expectation.has_pull_key = expectation.id in known

    def _inverse_pull_key_entry(self):
        for expectation in self.filtered("pull_key_entry"):
            key = expectation.pull_key_entry.strip()
            self.env["exception.sealed.secret"]._put(expectation, KEY, key)

    def unlink(self):
        """Delete expectations, with the keys for their senders."""
        self.env["exception.sealed.secret"]._forget(self)
        return super().unlink()

    def _judged_at(self, now):
        """Return until when it is known what came."""
        if not self.puller_id or self.pull_failures >= FAILURES:
            return super()._judged_at(now)
        return min(self.settled_at or self.since, now)

    # ------------------------------------------------------------------
    # asking
    # ------------------------------------------------------------------

    @api.model
    def _cron_pull(self):
        """Ask the senders of what is missing; called every few minutes."""
        waiting = self.search([("state", "=", "enabled"), ("puller_id", "!=", False)])
        for expectation_id in waiting.ids:
            self._pull_own_cursor(expectation_id)

    @api.model
    def _pull_own_cursor(self, expectation_id):
        """Ask in a transaction of its own, at most once at a time over all processes."""
        if in_test():
            # a test has one transaction
            self.browse(expectation_id)._pull_guarded()
            return
        with self.pool.cursor() as cr:
            cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", PULL_LOCK, expectation_id))
            if cr.fetchone()[0]:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env[self._name].browse(expectation_id)._pull_guarded()

    def _pull_guarded(self):
        """Ask, and whatever the code or the sender does wrong, tell the owner."""
        now = fields.Datetime.now()
        try:
            with self.env.cr.savepoint():
                self._pull(now)
        except Exception as error:
            _logger.warning("Expectation %s could not ask", self.id, exc_info=True)
            self._pull_failed(now, error)

    def _pull(self, now):
        """Ask the sender when something is missing and it was not asked just now."""
        self._settle()
        again = fields.Datetime.subtract(now, minutes=self.pull_minutes)
        if self.asked_at and self.asked_at > again:
            return
        missing = self._missing(now)
        if not missing:
            return
        [key, *_older] = self.env["exception.sealed.secret"]._take(self, KEY) or [""]
        pull = Pull(self.pull_cursor, missing, key, self.asked_at)
        self.puller_id.with_context(
            active_model=self._name,
            active_id=self.id,
            active_ids=self.ids,
            exception_pull=pull,
        ).run()
        self._take_in(pull.items)
        self.write(
            {
                "pull_cursor": pull.cursor,
                "asked_at": now,
                "pulled_at": now,
                "pull_failures": 0,
                "pull_error": False,
            }
        )
        self.detector_id.activity_unlink([PULLING])

    def _take_in(self, items):
        """Store what was listed like what is delivered: what is known already counts once."""
        if not items:
            return
        events = self.env["exception.event"]
        door = self.pull_endpoint_id._as_door(())
        scheme = registry.get(door.scheme)
        rows = []
        for body, identity, kind in items:
            row = events._row(door, scheme, Message(body))
            if identity:
                row["dedup_key"] = event_row.dedup_key(identity, row["body_hash"])
            if kind:
                row["name"] = event_row.plain(kind, event_row.LONGEST_NAME)
            rows.append(row)
        self.env.cr.execute(
            SQL(
                "INSERT INTO exception_event (%s) VALUES %s"
                " ON CONFLICT (endpoint_id, dedup_key) DO NOTHING",
                SQL(", ").join(map(SQL.identifier, rows[0])),
                SQL(", ").join(SQL("%s", tuple(row.values())) for row in rows),
            )
        )
        events.invalidate_model()

    def _settle(self):
        """Note that everything is known up to the last time of asking, once it is processed."""
        if not self.pulled_at or self.pulled_at == self.settled_at:
            return
        self.env["exception.event"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT EXISTS (SELECT FROM exception_event
                                WHERE endpoint_id = %s AND state IN ('received', 'processing')
                                  AND received_at <= %s)
                """,
                self.pull_endpoint_id.id,
                self.pulled_at,
            )
        )
        if not self.env.cr.fetchone()[0]:
            self.settled_at = self.pulled_at

    def _missing(self, now):
        """Return records whose event has not come, whatever the sender was asked before."""
        detector = self.detector_id._as_engine()
        params = detector._parameter_sets()[0][0]
        source = self._unanswered(detector._compile_domain(now, params), now, judged_at=now)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT missing.res_id FROM (%s) AS missing ORDER BY missing.occurred_at LIMIT %s",
                source,
                SHOWN,
            )
        )
        return self.env[self.model_id.model].browse(row[0] for row in self.env.cr.fetchall())

    def _pull_failed(self, now, error):
        """Count a failure, and tell the owner once."""
        text = str(error).strip() or type(error).__name__
        self.write(
            {
                "asked_at": now,
                "pull_failures": self.pull_failures + 1,
                "pull_error": text.splitlines()[-1][:300],
            }
        )
        told = self.with_context(lang=self.owner_id.lang)
        if not told.detector_id.activity_search([PULLING]):
            told.detector_id.activity_schedule(
                PULLING,
                user_id=self.owner_id.id,
                summary=_("The sender cannot be asked"),
                note=_(
                    "“%(name)s” could not ask the sender for events that did not come: %(error)s. "
                    "It tries again; after %(count)s failures in a row cases open without asking.",
                    name=self.name,
                    error=self.pull_error,
                    count=FAILURES,
                ),
            )
