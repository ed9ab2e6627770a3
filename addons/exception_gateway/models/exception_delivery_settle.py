import random
from collections import defaultdict
from datetime import timedelta

from odoo import _, api, fields, models
from odoo.tools import SQL

from ..tools import retry_waits

# What is settled and given up in one go.
EXPIRED = 1000


class ExceptionDeliverySettle(models.Model):
    """What became of messages: delivered, tried again later, or given up."""

    _inherit = "exception.delivery"

    @api.model
    def _settle(self, results):
        """Store what became of messages that were just sent; a few statements for all."""
        now = fields.Datetime.now()
        by_subscription = defaultdict(list)
        for result in results:
            by_subscription[result.parcel.subscription_id].append(result)
        rows = []
        subscriptions = self.env["exception.subscription"].browse(by_subscription)
        for one in subscriptions:
            waits = retry_waits.parse(one.waits)
            rows += [self._settled(result, waits, now) for result in by_subscription[one.id]]
        self._store_settled(rows)
        sent = [result for result in results if result.sent]
        self._store_attempts(sent, now)
        for one in subscriptions:
            mine = [result for result in by_subscription[one.id] if result.sent]
            if mine:
                one._follow_results(mine, now)
        self._tell_ended([row["id"] for row in rows if row["done_at"]])

    @api.model
    def _settled(self, result, waits, now):
        """Return the values of a message after a try."""
        tries = result.parcel.tries + result.sent
        row = {
            "id": result.parcel.delivery_id,
            "state": "waiting",
            "attempts": tries,
            "next_at": None,
            "status": result.status or None,
            "error": result.error or None,
            "done_at": None,
        }
        if not result.sent:
            return row
        if result.ok:
            return {**row, "state": "delivered", "done_at": now}
        wait = retry_waits.wait_after(waits, tries, random.random())
        if wait is None and not result.gone:
            return {**row, "state": "dead", "done_at": now}
        seconds = max(wait or 0, result.ask_after)
        return {**row, "next_at": now + timedelta(seconds=seconds)}

    @api.model
    def _store_settled(self, rows):
        kinds = {
            "id": "int4",
            "state": "varchar",
            "attempts": "int4",
            "next_at": "timestamp",
            "status": "int4",
            "error": "varchar",
            "done_at": "timestamp",
        }
        arrays = [
            SQL("%s::%s[]", [row[name] for row in rows], SQL(kind)) for name, kind in kinds.items()
        ]
        # what a person has sent again meanwhile begins anew: it is not ours any more
        self.env.cr.execute(
            SQL(
                """UPDATE exception_delivery AS delivery
                      SET state = it.state, attempts = it.attempts,
                          next_at = coalesce(it.next_at, delivery.next_at),
                          status = coalesce(it.status, delivery.status), error = it.error,
                          done_at = it.done_at
                     FROM unnest(%s) AS it(%s)
                    WHERE delivery.id = it.id AND delivery.state = 'sending'""",
                SQL(", ").join(arrays),
                SQL(", ").join(map(SQL.identifier, kinds)),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _store_attempts(self, results, now):
        if not results:
            return
        values = [
            (
                result.parcel.delivery_id,
                now,
                result.ok,
                result.status or None,
                round(result.seconds, 3),
                result.error or None,
                result.text or None,
            )
            for result in results
        ]
        kinds = ("int4", "timestamp", "bool", "int4", "numeric", "varchar", "text")
        arrays = [
            SQL("%s::%s[]", list(column), SQL(kind))
            for column, kind in zip(zip(*values, strict=True), kinds, strict=True)
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO exception_delivery_attempt
                          (delivery_id, subscription_id, company_id, at, ok, status, seconds,
                           error, answer)
                   SELECT delivery.id, delivery.subscription_id, delivery.company_id, it.at, it.ok,
                          it.status, it.seconds, it.error, it.answer
                     FROM unnest(%s) WITH ORDINALITY
                          AS it(id, at, ok, status, seconds, error, answer, place)
                     JOIN exception_delivery AS delivery USING (id)
                    ORDER BY it.place""",
                SQL(", ").join(arrays),
            )
        )
        self.env["exception.delivery.attempt"].invalidate_model(flush=False)

    # ------------------------------------------------------------------
    # the end of a message
    # ------------------------------------------------------------------

    @api.model
    def _tell_ended(self, ids):
        """Write on the trails of the cases what was told to whom, and what was given up."""
        ended = self.browse(ids)
        self._follow_delivered(ended.filtered(lambda one: one.state == "delivered"))
        entries = self.env["exception.audit.entry"]
        for state, event in (("delivered", "delivery.sent"), ("dead", "delivery.dead")):
            subjects = [
                {
                    # sudo: what the trail keeps of a case
                    **one.case_id.sudo()._audit_subject(),
                    "reason": one.error or None,
                    "data": entries._plain_text(
                        {
                            "subscription": one.subscription_id.name,
                            "told": one.event_type,
                            "message": one.message_id,
                            "tries": one.attempts,
                        },
                        None,
                    ),
                }
                for one in ended
                if one.state == state and one.case_id
            ]
            if subjects:
                entries._append(event, subjects)
        self._tell_dead(ended.filtered(lambda one: one.state == "dead"))

    @api.model
    def _follow_delivered(self, delivered):
        """Follow what was delivered; who keeps systems in step extends it."""

    @api.model
    def _tell_dead(self, dead):
        """Tell the owners of subscriptions that messages were given up."""
        for one in dead.filtered("case_id").subscription_id:
            if one.circuit != "closed":
                # the owner knows that the receiver fails
                continue
            one._tell(
                _("Messages to %s were given up", one.name),
                _(
                    "%(count)s messages to “%(name)s” could not be delivered. Look at the answers, "
                    "mend the receiver, and send them again from the list of what was given up.",
                    count=one.dead_count,
                    name=one.name,
                ),
            )

    @api.model
    def _expire(self):
        """Give up what has waited for too long, in batches."""
        now = fields.Datetime.now()
        words = _("It could not be delivered in time.")
        self.env.cr.execute(
            SQL(
                """UPDATE exception_delivery SET state = 'dead', done_at = %s,
                          error = coalesce(error, %s)
                    WHERE id IN (SELECT delivery.id FROM exception_subscription AS s
                                   JOIN exception_delivery AS delivery
                                     ON delivery.subscription_id = s.id
                                  WHERE delivery.state IN ('waiting', 'sending') AND delivery.since
                                        <= %s - s.expire_days * interval '1 day'
                                  ORDER BY delivery.id LIMIT %s FOR UPDATE OF delivery SKIP LOCKED)
                RETURNING id""",
                now,
                words,
                now,
                EXPIRED,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        self.invalidate_model(flush=False)
        self._tell_ended(ids)

    @api.model
    def _retain(self):
        """Delete what ended long ago, in batches; the trails of the cases keep that it was told."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM exception_delivery WHERE id IN (
                       SELECT delivery.id FROM exception_delivery AS delivery
                         JOIN exception_subscription AS s ON s.id = delivery.subscription_id
                        WHERE delivery.done_at < %s - s.keep_days * interval '1 day'
                        LIMIT %s)""",
                fields.Datetime.now(),
                10 * EXPIRED,
            )
        )
        self.invalidate_model(flush=False)
