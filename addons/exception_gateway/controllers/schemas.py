import re

from odoo import http
from odoo.http import request
from odoo.tools import file_open

NAME = re.compile(r"[a-z]+(\.[a-z_0-9]+)?", re.ASCII)
# the form in which any system may tell; its schema lies with its contract
OWN_FORM = "exception.v1"


class ExceptionSchemas(http.Controller):
    """The JSON Schemas of events, for whoever sends or receives them: no secret, no login."""

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
        path = f"static/schemas/{name}.json"
        if name == OWN_FORM:
            path = f"data/contracts/{name}.schema.json"
        try:
            with file_open(f"exception_gateway/{path}", "rb") as file:
                content = file.read()
        except FileNotFoundError:
            raise request.not_found() from None
        headers = [
            ("Content-Type", "application/schema+json"),
            ("Cache-Control", "public, max-age=3600"),
        ]
        return request.make_response(content, headers)
