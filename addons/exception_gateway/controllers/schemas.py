import re

from odoo import http
from odoo.http import request
from odoo.tools import file_open

NAME = re.compile(r"[a-z]+(\.[a-z_]+)?", re.ASCII)


class ExceptionSchemas(http.Controller):
    """The JSON Schemas of outgoing events, for whoever receives them: no secret, no login."""

    @http.route(
        "/exception/v1/schemas/<string:name>",
        type="http",
        auth="none",
        methods=["GET"],
        csrf=False,
        save_session=False,
    )
    def schema(self, name):
        """Return a schema by the name of its event: ``case.opened`` or ``case.opened.json``."""
        name = name.removesuffix(".json")
        # a name, never a path
        if not NAME.fullmatch(name):
            raise request.not_found()
        try:
            with file_open(f"exception_gateway/static/schemas/{name}.json", "rb") as file:
                content = file.read()
        except FileNotFoundError:
            raise request.not_found() from None
        headers = [
            ("Content-Type", "application/schema+json"),
            ("Cache-Control", "public, max-age=3600"),
        ]
        return request.make_response(content, headers)
