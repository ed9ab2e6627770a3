"""The least that an Odoo route can do with a message: one row, one commit."""

from odoo import http
from odoo.http import request


class BareRoute(http.Controller):
    """The lower bound of taking events."""

    @http.route(
        "/bench/bare", type="http", auth="none", methods=["POST"], csrf=False, save_session=False
    )
    def bare(self):
        """Store the body; Odoo commits when the route returns."""
        body = request.httprequest.get_data()
        request.env.cr.execute("INSERT INTO bench_bare (body) VALUES (%s)", [body])
        return request.make_response("", status=202)
