import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.tests import HttpCase, new_test_user, tagged

GROUPS = "exception_core.group_admin"


class Polite(BaseHTTPRequestHandler):
    """A receiver that thanks for everything."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "9")
        self.end_headers()
        self.wfile.write(b"thank you")

    def log_message(self, *args):
        """Keep the log of the tests clean."""


@tagged("-at_install", "post_install")
class TestToursSubscription(HttpCase):
    """An administrator activates a subscription, sees its secret, and tries the receiver."""

    browser_size = "1440,900"

    def setUp(self):
        super().setUp()
        key = patch.dict(os.environ, {"EXCEPTION_SECRET_KEY": Fernet.generate_key().decode()})
        key.__enter__()
        self.addCleanup(key.__exit__, None, None, None)
        self.receiver = HTTPServer(("127.0.0.1", 0), Polite)
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)
        threading.Thread(target=self.receiver.serve_forever, daemon=True).start()

    def test_activate_and_try(self):
        new_test_user(self.env, "tour_admin", groups=GROUPS, password="tour_admin")
        one = self.env["exception.subscription"].create(
            {
                "name": "Tour receiver",
                "url": f"http://127.0.0.1:{self.receiver.server_port}/",
                "allow_private": True,
                "allow_http": True,
            }
        )
        self.start_tour(
            f"/web#model=exception.subscription&view_type=form&id={one.id}",
            "exception_gateway_subscription",
            login="tour_admin",
        )
        self.assertEqual(one.state, "active")
