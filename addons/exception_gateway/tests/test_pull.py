import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

from cryptography.fernet import Fernet
from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.exception_event_expectation_pull import PULLING
from .common_health import NOON
from .test_expectation import ExpectationCommon

CODE = """
page = pull.fetch(%r, {"after": pull.cursor}, {"X-Key": pull.key}, private=True)
for item in page["items"]:
    pull.receive(item, identity=item["id"], kind=item["kind"])
pull.advance(page["next"])
"""
LOGGER = "odoo.addons.exception_gateway.models.exception_event_expectation_pull"


class Sender(BaseHTTPRequestHandler):
    """A sender with a list of events: ``items``, and what it was asked."""

    items, asked, status = [], [], 200

    def do_GET(self):
        """Answer with the list."""
        type(self).asked.append((self.path, self.headers.get("X-Key")))
        body = json.dumps({"items": self.items, "next": f"c{len(self.asked)}"}).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@tagged("post_install", "-at_install")
class TestPull(ExpectationCommon):
    """The sender is asked before a case opens, and what it lists counts once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        server = HTTPServer(("127.0.0.1", 0), Sender)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.url = f"http://127.0.0.1:{server.server_port}/list"
        cls.puller = cls._create_puller()
        cls.expectation.write(
            {"puller_id": cls.puller.id, "pull_endpoint_id": cls.endpoint.id, "pull_minutes": 60}
        )
        cls.expectation.action_enable()

    @classmethod
    def _create_puller(cls, **overrides):
        return cls.env["ir.actions.server"].create(
            {
                "name": "Ask the carrier",
                "model_id": cls.env["ir.model"]._get("exception.event.expectation").id,
                "state": "code",
                "code": CODE % cls.url,
                "exception_release": "system",
                **overrides,
            }
        )

    def setUp(self):
        super().setUp()
        Sender.items, Sender.asked, Sender.status = [], [], 200

    def _pull(self, moment):
        self.env.flush_all()
        with freeze_time(moment, ignore=["odoo.addons.exception_core.tools.safe_http"]):
            self.env["exception.event.expectation"]._cron_pull()
        self.env.invalidate_all()

    def _pulled(self):
        domain = [("endpoint_id", "=", self.endpoint.id), ("name", "=", "delivered")]
        return self.env["exception.event"].search(domain)

    def test_asked_when_something_is_missing_and_judged_when_it_is_processed(self):
        Sender.items = [{"id": "evt_1", "kind": "delivered", "parcel": "é"}]
        due = NOON.replace(hour=0) + timedelta(hours=48)
        self._pull(due - timedelta(hours=1))
        self.assertFalse(Sender.asked)
        self._pull(due)
        self.assertEqual([path for path, _key in Sender.asked], ["/list?after="])
        event = self._pulled()
        self.assertEqual((len(event), event.state, event.dedup_key), (1, "received", "evt_1"))
        self.assertEqual(json.loads(event._content())["parcel"], "é")
        # nothing opens while what came is not processed
        self._pull(due + timedelta(minutes=10))
        self.assertFalse(self._sweep(due + timedelta(minutes=10)))
        event.sudo().write(
            {
                "state": "done",
                "contract_id": self.contract.id,
                "res_model": "res.partner",
                "res_id": self.due[0].id,
            }
        )
        self._pull(due + timedelta(minutes=20))
        cases = self._sweep(due + timedelta(minutes=20))
        self.assertEqual(set(cases.mapped("res_id")), set(self.due[1:].ids))
        self.assertEqual(len(Sender.asked), 1, "once an hour at most")
        self._pull(due + timedelta(minutes=61))
        self.assertEqual(Sender.asked[-1][0], "/list?after=c1")
        self.assertEqual(self._pulled(), event, "what is listed again counts once")

    def test_what_was_delivered_is_not_taken_in_again(self):
        known = self._receive([NOON], dedup_key="evt_1")
        Sender.items = [{"id": "evt_1", "kind": "delivered"}]
        self._pull(NOON + timedelta(days=3))
        self.assertTrue(known.exists())
        self.assertFalse(self._pulled())

    @mute_logger(LOGGER)
    def test_failures_are_told_once_and_cases_open_in_the_end(self):
        Sender.status = 500
        moment = NOON + timedelta(days=3)
        for number in range(1, 4):
            self._pull(moment + timedelta(hours=2 * number))
            self.assertEqual(self.expectation.pull_failures, number)
            opened = self._sweep(moment + timedelta(hours=2 * number))
            self.assertEqual(len(opened), 3 if number == 3 else 0)
        told = self.expectation.detector_id.activity_search([PULLING])
        self.assertEqual((len(told), self.expectation.pull_cursor), (1, False))
        self.assertIn("status 500", told.note)
        # the sender works again: nothing that is open is cleared because of it
        Sender.status = 200
        self._pull(moment + timedelta(hours=10))
        self.assertEqual(self.expectation.pull_failures, 0)
        self.assertFalse(self.expectation.detector_id.activity_search([PULLING]))
        self.assertTrue(all(self._sweep(moment + timedelta(hours=10)).mapped("is_open")))

    @mute_logger(LOGGER)
    def test_nothing_is_kept_of_code_that_fails_in_the_middle(self):
        self.puller.code += "\nraise ValueError('half way')"
        Sender.items = [{"id": "evt_9", "kind": "delivered"}]
        self._pull(NOON + timedelta(days=3))
        self.assertFalse(self._pulled())
        self.assertFalse(self.expectation.pull_cursor)
        self.assertIn("half way", self.expectation.pull_error)

    def test_key_is_stored_encrypted_and_never_read(self):
        with patch.dict("os.environ", {"EXCEPTION_SECRET_KEY": Fernet.generate_key().decode()}):
            expectation = self.expectation.with_user(self.user_admin)
            expectation.pull_key_entry = " api-key-1234\n"
            self.env.flush_all()
            expectation.invalidate_recordset()
            self.assertTrue(expectation.has_pull_key)
            values = expectation.read()[0]
            self.assertNotIn("api-key-1234", repr(values))
            self._pull(NOON + timedelta(days=3))
        self.assertEqual(Sender.asked[0][1], "api-key-1234")

    def test_an_endpoint_takes_in_what_is_listed(self):
        with self.assertRaisesRegex(ValidationError, "which endpoint"):
            self.expectation.pull_endpoint_id = False

    def test_only_released_code_asks(self):
        for overrides in ({"exception_release": "person"}, {"exception_release": False}):
            with self.assertRaisesRegex(ValidationError, "release it"):
                self.expectation.puller_id = self._create_puller(**overrides)
        partner = self.env["ir.model"]._get("res.partner").id
        with self.assertRaisesRegex(ValidationError, "Expected Event"):
            self.expectation.puller_id = self._create_puller(model_id=partner)
