import base64
import hashlib
import json
import uuid

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL


class ExceptionEventStore(models.Model):
    """Events that come from other events: items of a message, and replays."""

    _inherit = "exception.event"

    def _item_rows(self, items):
        """Return the rows of the items of this message."""
        self.ensure_one()
        return [
            self._derived_row(
                json.dumps(item, ensure_ascii=False).encode(),
                f"{self.dedup_key}#{number}",
                parent_id=self.id,
            )
            for number, item in enumerate(items, 1)
        ]

    @api.model
    def _receive_sample(self, endpoint, body, kind, headers):
        """Take a message that an administrator sends to try a contract; return its event."""
        values = {"endpoint_id": endpoint.id, "company_id": endpoint.company_id.id, "name": kind}
        event = self.new({**values, "received_at": fields.Datetime.now(), "headers": headers})
        row = event._derived_row(body, f"sample:{uuid.uuid4().hex}")
        event = self.browse(self._store_rows([row]))
        event._drain_soon()
        return event

    def _derived_row(self, body, dedup_key, **values):
        """Return the row of an event that comes from this one, with another body."""
        return {
            "endpoint_id": self.endpoint_id.id,
            "company_id": self.company_id.id,
            "received_at": self.received_at,
            "dedup_key": dedup_key,
            "name": self.name or None,
            # as binary fields hold it
            "body": base64.b64encode(body).decode(),
            "body_hash": hashlib.sha256(body).hexdigest(),
            "size": len(body),
            "headers": Json(self.headers or {}),
            "state": "received",
            "attempts": 0,
            **values,
        }

    @api.model
    def _store_rows(self, rows):
        """Insert events, one statement; those that are there already count once.

        :return: ids of the new ones
        """
        if not rows:
            return []
        columns = SQL(", ").join(map(SQL.identifier, rows[0]))
        values = SQL(", ").join(SQL("%s", tuple(row.values())) for row in rows)
        self.env.cr.execute(
            SQL(
                "INSERT INTO exception_event (%s) VALUES %s"
                " ON CONFLICT (endpoint_id, dedup_key) DO NOTHING RETURNING id",
                columns,
                values,
            )
        )
        self.invalidate_model(["child_ids", "replay_ids"], flush=False)
        return [row[0] for row in self.env.cr.fetchall()]
