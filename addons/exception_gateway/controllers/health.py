import logging

import psycopg2

from odoo import SUPERUSER_ID, api, http
from odoo.http import request
from odoo.sql_db import PoolError

from ..tools import monitor

_logger = logging.getLogger(__name__)


class HealthController(http.Controller):
    """How the gateway is, for monitors."""

    @http.route(
        "/exception/v1/health",
        type="http",
        auth="none",
        methods=["GET"],
        csrf=False,
        save_session=False,
    )
    def health(self):
        """Answer 200 while everything moves, 503 when something stands still.

        The body is the text format of Prometheus; without the token 401, and without one in the
        configuration of the server 404.
        """
        expected = monitor.token()
        if not expected:
            return self._answer(404, "There is no such page.\n")
        if not monitor.is_shown(expected, request.httprequest.headers.get("Authorization")):
            return self._answer(401, "Show the token.\n", [("WWW-Authenticate", "Bearer")])
        if not request.db:
            return self._answer(503, monitor.render([("up", "No database.", [({}, 0)])]))
        try:
            env = api.Environment(request.env.cr, SUPERUSER_ID, {})
            moves, text = env["exception.gateway.health"]._metrics()
        except (psycopg2.Error, PoolError) as error:
            _logger.error("The health page could not be made: %s", error)
            return self._answer(503, monitor.render([("up", "Database error.", [({}, 0)])]))
        return self._answer(200 if moves else 503, text)

    def _answer(self, status, text, headers=()):
        response = request.make_response(text, [("Content-Type", monitor.CONTENT_TYPE), *headers])
        response.headers["Cache-Control"] = "no-store"
        response.status_code = status
        return response
