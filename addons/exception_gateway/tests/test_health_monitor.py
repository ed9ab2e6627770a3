import os
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import monitor
from .common_health import NOON, HealthCommon

TOKEN = "a-token-for-monitors-only"


@tagged("post_install", "-at_install")
class TestHealthMonitor(HealthCommon, HttpCase):
    """The page for monitors: who may read it, what it says, and when it is 503."""

    def _get(self, token=TOKEN, configured=TOKEN, **headers):
        self.env.flush_all()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        with patch.dict(os.environ, {"EXCEPTION_HEALTH_TOKEN": configured}):
            return self.url_open("/exception/v1/health", headers=headers)

    def test_without_a_configured_token_there_is_no_page(self):
        self.assertEqual(self._get(configured="").status_code, 404)
        with mute_logger("odoo.addons.exception_gateway.tools.monitor"):
            self.assertEqual(self._get("short", configured="short").status_code, 404)

    def test_only_with_the_token(self):
        for wrong in (None, "", TOKEN[:-1], TOKEN + "x", "é" * 20):
            answer = self._get(wrong and wrong.encode())
            self.assertEqual(answer.status_code, 401)
            self.assertNotIn("exception_gateway_", answer.text)
        answer = self._get(None, Authorization=f"Basic {TOKEN}")
        self.assertEqual(answer.status_code, 401)

    def test_figures_in_the_text_format_of_prometheus(self):
        self.endpoint.name = 'Shop "one"\\two'
        self._receive([fields.Datetime.now()] * 3, state="dead")
        answer = self._get()
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        label = f'direction="in",id="{self.endpoint.id}",name="Shop \\"one\\"\\\\two"'
        self.assertIn(f'exception_gateway_items{{{label},state="dead"}} 3\n', answer.text)
        self.assertIn(f"exception_gateway_items_last_hour{{{label}}} 3\n", answer.text)
        self.assertIn("exception_gateway_up 1\n", answer.text)
        for line in answer.text.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [-+0-9.e]+)$")

    def test_no_secret_in_it(self):
        self.assertNotIn(self.endpoint.token, self._get().text)

    def test_503_when_nobody_works_on_what_came_in(self):
        self._receive([fields.Datetime.now() - timedelta(minutes=4)], state="received")
        self.assertEqual(self._get().status_code, 200)
        self._receive([fields.Datetime.now() - timedelta(minutes=6)], state="received")
        answer = self._get()
        self.assertEqual(answer.status_code, 503)
        self.assertIn('exception_gateway_moving{direction="in"} 0', answer.text)

    def test_numbers_as_prometheus_reads_them(self):
        text = monitor.render(
            [("x", "A\nb", [({}, 0.25), ({"a": "b"}, None), ({"n": 1}, 1234567890)])]
        )
        self.assertEqual(
            text,
            "# HELP exception_gateway_x A\\nb\n# TYPE exception_gateway_x gauge\n"
            'exception_gateway_x 0.25\nexception_gateway_x{n="1"} 1234567890\n',
        )


@tagged("post_install", "-at_install")
class TestHealthWatchdog(HealthCommon):
    """The banner of the desk says when the gateway stands still."""

    def _findings(self, moment):
        self.env.flush_all()
        with freeze_time(moment):
            found = self.env["exception.watchdog"]._gateway_findings(moment)
            return [self.env["exception.watchdog"]._sentence(one) for one in found], found

    def test_events_that_nobody_works_on(self):
        self._receive([NOON], state="received")
        self.assertFalse(self._findings(NOON + timedelta(minutes=4))[0])
        sentences, found = self._findings(NOON + timedelta(minutes=6))
        self.assertIn("nobody works on them", sentences[0])
        self.assertTrue(found[0]["alarm"])
        advice = self.env["exception.watchdog"]._advice(found, found)
        self.assertTrue(advice.startswith("Integration → Health"))
