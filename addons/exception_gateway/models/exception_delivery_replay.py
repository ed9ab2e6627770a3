import json
import uuid

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import secret_box
from ..tools.lanes import Parcel, send

PING = "test.ping"


class ExceptionDeliveryReplay(models.Model):
    """Sending again what was delivered or given up, under the same id; and trying a receiver."""

    _inherit = "exception.delivery"

    def action_replay(self):
        """Ask whether these messages shall be sent again."""
        again = self.filtered(lambda one: one.state in ("delivered", "dead"))
        if not again:
            raise UserError(_("These messages wait to be sent already."))
        return self.env["exception.delivery.replay"]._open(again)

    def _replay(self):
        """Send ended messages again, with the content and id that they had; return them."""
        again = self.filtered(
            lambda one: one.state in ("delivered", "dead") and one.event_type != PING
        )
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """UPDATE exception_delivery
                      SET state = 'waiting', attempts = 0, replays = replays + 1, next_at = %s,
                          error = NULL, done_at = NULL, since = %s
                    WHERE id = ANY(%s) AND state IN ('delivered', 'dead')""",
                now,
                now,
                again.ids,
            )
        )
        self.invalidate_model(flush=False)
        # sudo: the trail of each case; access was checked by the dialog
        for one, group in again.grouped("subscription_id").items():
            group.case_id.sudo()._audit("delivery.replayed", subscription=one.name)
        self._wake_after_commit()
        return again

    @api.model
    def _hurry(self, subscriptions):
        """Let the oldest message of each subscription that waits be due now."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """UPDATE exception_delivery SET next_at = %s
                    WHERE state = 'waiting' AND next_at > %s AND id IN (
                          SELECT min(id) FROM exception_delivery
                           WHERE subscription_id = ANY(%s) AND state = 'waiting'
                           GROUP BY subscription_id)""",
                now,
                now,
                subscriptions.ids,
            )
        )
        self.invalidate_model(flush=False)

    def _note_text(self):
        """Return the text of the note that a message tells; empty when it tells none."""
        self.ensure_one()
        return json.loads(self.payload)["data"].get("note", {}).get("text") or ""

    # ------------------------------------------------------------------
    # trying a receiver
    # ------------------------------------------------------------------

    @api.model
    def _ping(self, subscription):
        """Send a test event once, now; return the delivery with its answer."""
        delivery = self._insert([self._ping_row(subscription)])
        try:
            common = subscription._parcel_values()
        except (secret_box.KeyMissing, secret_box.WrongKey) as error:
            raise UserError(_("The secret cannot be read: its key is not configured.")) from error
        parcel = Parcel(
            delivery_id=delivery.id,
            case_id=None,
            message_id=delivery.message_id,
            body=delivery.payload,
            **common,
        )
        delivery._store_ping(send(parcel))
        return delivery

    @api.model
    def _ping_row(self, subscription):
        now = fields.Datetime.now()
        message_id = f"msg_{uuid.uuid4().hex}"
        payload = {
            "id": message_id,
            "type": PING,
            "version": subscription.payload_version,
            "timestamp": now.isoformat(timespec="seconds") + "Z",
            "data": {"subscription": {"id": subscription.id, "name": subscription.name}},
        }
        return {
            "subscription_id": subscription.id,
            "company_id": subscription.company_id.id or None,
            "case_id": None,
            "case_state": None,
            "event_type": PING,
            "message_id": message_id,
            "payload": json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
            "state": "sending",
            "created_at": now,
            "since": now,
            "next_at": now,
            "attempts": 0,
            "replays": 0,
        }

    def _store_ping(self, result):
        """Store the answer to a test; a failure of it is nobody's news and not tried again."""
        now = fields.Datetime.now()
        row = self._settled(result, [], now)
        self._store_settled(
            [{**row, "state": "delivered" if result.ok else "dead", "done_at": now}]
        )
        self._store_attempts([result], now)
        if result.ok and self.subscription_id.circuit != "closed":
            self.subscription_id._follow_results([result], now)
