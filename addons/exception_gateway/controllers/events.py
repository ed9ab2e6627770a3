import logging
import time

import psycopg2
from werkzeug.exceptions import ClientDisconnected, HTTPException, InternalServerError

from odoo import SUPERUSER_ID, api, http
from odoo.http import request
from odoo.sql_db import PoolError

from ..schemes.base import Message
from ..tools import event_door, refusals, wake_up
from ..tools.event_door import TurnedAway

_logger = logging.getLogger(__name__)

# A body that is not wanted is still taken off the line, up to this many bytes: a sender that is
# cut off while it sends never reads why.
DISCARD = 16 * 1024 * 1024
# What an interruption of the database or a full disk looks like.
OUT_OF_ORDER = (psycopg2.Error, PoolError, OSError)


class EventDispatcher(http.Dispatcher):
    """Requests whose body nobody reads before its signature is checked, byte by byte.

    Odoo's own kinds of requests parse forms and JSON first, keep a session, and answer in HTML.
    Every error that nobody foresaw becomes an answer that makes the sender keep the message.
    """

    routing_type = "exception_event"

    @classmethod
    def is_compatible_with(cls, request):
        """Take requests of any content type; the route refuses what it does not want."""
        return True

    def pre_dispatch(self, rule, args):
        """Refuse methods that Odoo adds to each route."""
        if self.request.httprequest.method != "POST":
            raise TurnedAway(405, "form", "Send events with POST.")
        return super().pre_dispatch(rule, args)

    def dispatch(self, endpoint, args):
        """Call the route with what is in its address, and nothing else."""
        self.request.params = dict(args)
        if self.request.db:
            return self.request.registry["ir.http"]._dispatch(endpoint)
        return endpoint(**self.request.params)

    def handle_error(self, exc):
        """Return the answer for an error."""
        if isinstance(exc, TurnedAway):
            self._discard()
        if isinstance(exc, HTTPException):
            return exc
        if isinstance(exc, OUT_OF_ORDER):
            return event_door.busy()
        return InternalServerError()

    def _discard(self):
        given = self.request.httprequest
        if (given.content_length or 0) <= DISCARD and "Transfer-Encoding" not in given.headers:
            try:
                given.get_data(cache=False)
            except (OSError, HTTPException):
                # whoever does not send the rest does not read the answer either
                _logger.debug("The rest of a message did not come")


class EventController(http.Controller):
    """Where outside systems deliver their events."""

    @http.route(
        "/exception/v1/events/<string:token>",
        type="exception_event",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def receive(self, token):
        """Store a message whose sender has proved itself; what it means is found out later.

        Answers 202 when it is stored for good, 200 when it was already; all others are listed in
        docs/gateway.md.
        """
        if not request.db:
            # loaded with the server, the route is there when the database is not
            raise event_door.busy()
        env = api.Environment(request.env.cr, SUPERUSER_ID, {})
        if "exception.event.endpoint" not in env:
            raise TurnedAway(404, "unknown", "There is no such address.")
        door = None
        try:
            door = env["exception.event.endpoint"]._door(token)
            return self._take(env, door)
        except OUT_OF_ORDER as error:
            # the first line: what follows may quote the message
            _logger.error("An event could not be stored: %s", str(error).partition("\n")[0])
            refusals.count(request.db, door and door.endpoint_id, "busy")
            raise event_door.busy() from error
        except TurnedAway as answer:
            refusals.count(request.db, door and door.endpoint_id, answer.kind)
            raise

    def _take(self, env, door):
        remote = request.httprequest.remote_addr or ""
        if not door.is_open:
            raise TurnedAway(503, "closed", "Paused. Send it again later.", event_door.LATER)
        if not door.lets_in(remote):
            raise TurnedAway(403, "network", "Not from this address.")
        message = Message(*self._read(door), remote)
        events = env["exception.event"]
        scheme = events._prove(door, message, time.time())
        is_new = bool(events._receive(door, scheme, message))
        # what is answered is kept: nothing that comes later may take it back
        env.cr.commit()  # pylint: disable=invalid-commit
        if is_new:
            wake_up.soon(request.db)
        status, body = scheme.answer
        return http.Response(body, status=status if is_new else 200, mimetype="text/plain")

    def _read(self, door):
        """Return body and headers of the request, as the endpoint wants them."""
        given = request.httprequest
        headers = {name.lower(): value for name, value in given.headers.items()}
        length = event_door.length_of(headers)
        if length > door.max_bytes:
            raise TurnedAway(413, "size", f"At most {door.max_bytes} bytes.")
        event_door.check_type(headers)
        try:
            body = given.get_data(cache=False)
        except (OSError, ClientDisconnected) as error:
            # werkzeug calls it a bad request, and senders give bad requests up
            raise TurnedAway(408, "form", "The content did not come in time.") from error
        if not body or len(body) != length:
            raise TurnedAway(400, "form", "The content is empty, or not all of it came.")
        return body, headers
