import base64
import logging
from datetime import datetime
from functools import lru_cache

from psycopg2 import errors
from psycopg2.extras import Json

from odoo import api, models
from odoo.tools import SQL

from ..schemes import registry
from ..schemes.base import Refused
from ..tools import event_row, secret_box
from ..tools.event_door import TurnedAway, busy
from ..tools.token_bucket import Buckets

_logger = logging.getLogger(__name__)

ATTEMPTS = 3

_buckets = Buckets()
# Opening a secret takes as long as all the rest of the proof.
_open = lru_cache(maxsize=256)(secret_box.decrypt)


class ExceptionEventReceive(models.Model):
    """From the line to the table: who sent it, is it new, and one INSERT."""

    _inherit = "exception.event"

    @api.model
    def _prove(self, door, message, now):
        """Let a message prove who sent it; return the scheme that says so.

        :param Door door: of the endpoint
        :param Message message: as it arrived
        :param float now: seconds since 1970
        :raise TurnedAway: when it does not, or there are too many
        """
        scheme = registry.get(door.scheme)
        secrets = self._live_secrets(door)
        if not scheme or not secrets:
            _logger.error("Endpoint %s has no scheme or no live secret", door.endpoint_id)
            raise busy()
        try:
            scheme.verify(message, secrets, door.settings, now)
        except Refused as error:
            _logger.info("Endpoint %s refused a message: %s", door.endpoint_id, error)
            stale = "time stamp" in str(error)
            raise TurnedAway(401, "stale" if stale else "signature", "Not proved.") from error
        except Exception as error:
            # whatever makes a scheme stumble has proved nothing; the message is not logged
            _logger.exception("Scheme %s failed on a message", door.scheme)
            raise TurnedAway(401, "signature", "Not proved.") from error
        if wait := _buckets.wait((self.env.cr.dbname, door.endpoint_id), door.a_minute):
            raise TurnedAway(429, "rate", "Too many at once.", retry_after=int(wait) + 1)
        return scheme

    @api.model
    def _live_secrets(self, door):
        """Return the secrets of an endpoint in clear, the newest first."""
        now = datetime.utcnow()
        try:
            return [_open(sealed) for sealed, end in door.secrets if end is None or end > now]
        except (secret_box.KeyMissing, secret_box.WrongKey) as error:
            _logger.error(
                "The secrets of endpoint %s cannot be read: %s. Configure the key with which they "
                "were stored.",
                door.endpoint_id,
                type(error).__name__,
            )
            raise busy() from error

    @api.model
    def _receive(self, door, scheme, message):
        """Store a proved message; return its id, None when it is known. The caller commits.

        :param Door door: of the endpoint
        :param Scheme scheme: that has verified it
        :param Message message: as it arrived
        """
        values = self._row(door, scheme, message)
        columns = SQL(", ").join(map(SQL.identifier, values))
        # what is answered is on the disk, also where the server's other work does not wait for it
        statement = SQL(
            "SET LOCAL synchronous_commit TO on;"
            " INSERT INTO exception_event (%s) VALUES %s"
            " ON CONFLICT (endpoint_id, dedup_key) DO NOTHING RETURNING id",
            columns,
            tuple(values.values()),
        )
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self.env.cr.execute(statement, log_exceptions=False)
                row = self.env.cr.fetchone()
                return row and row[0]
            except (errors.SerializationFailure, errors.DeadlockDetected):
                # somebody stored the same message after this transaction began to look
                if attempt == ATTEMPTS:
                    raise
                self.env.cr.rollback()
        return None

    @api.model
    def _row(self, door, scheme, message):
        """Return the columns of a new event."""
        settings, body_hash = door.settings, event_row.digest(message.body)
        identity = self._said(scheme.identity, message, settings)
        proofs = {settings.header.lower()}
        return {
            "endpoint_id": door.endpoint_id,
            "company_id": door.company_id,
            # with its fraction: how long events wait is told from it
            "received_at": datetime.utcnow(),
            "dedup_key": event_row.dedup_key(identity, body_hash),
            "name": event_row.plain(
                self._said(scheme.kind, message, settings), event_row.LONGEST_NAME
            ),
            # base64 is what binary fields hold; as text it is half as long on the line
            "body": base64.b64encode(message.body).decode(),
            "body_hash": body_hash,
            "size": len(message.body),
            "headers": Json(event_row.kept_headers(message.headers, proofs, door.headers)),
            "state": "received",
            "attempts": 0,
        }

    @api.model
    def _said(self, ask, message, settings):
        """Return what a scheme reads from a message; None when it stumbles over its content."""
        try:
            said = ask(message, settings)
        except Exception:
            _logger.info("A message does not say what its scheme looks for", exc_info=True)
            return None
        return said if isinstance(said, str) else None

    def _content(self):
        """Return the body of one event as it came, in bytes."""
        self.ensure_one()
        # sudo: for the machine, which has to understand it
        stored = self.sudo().with_context(bin_size=False).body
        return base64.b64decode(stored) if stored else b""
