from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..tools import refusals
from ..tools.health import span, span_words
from .common_health import NOON, HealthCommon


@tagged("post_install", "-at_install")
class TestHealth(HealthCommon):
    """Every figure counts what a click on it opens."""

    def _row(self, endpoint=None, moment=NOON):
        endpoint = endpoint or self.endpoint
        self.env.flush_all()
        with freeze_time(moment):
            row = self.env["exception.gateway.health"].search([("endpoint_id", "=", endpoint.id)])
            row.invalidate_recordset()
            row.mapped("verdict")
        return row

    def _counted(self, row, figure):
        with freeze_time(NOON):
            action = row.with_context(health_figure=figure).action_open()
        return self.env[action["res_model"]].search(action["domain"])

    def test_an_endpoint_without_events(self):
        row = self._row()
        self.assertEqual((row.verdict, row.why, row.day_count), ("good", False, 0))
        self.assertEqual(row.trend, [0] * 24)
        self.assertFalse(row.time_words)

    def test_counts_open_what_they_count(self):
        self._receive(self._every(30, NOON - timedelta(hours=30), NOON))
        self._receive([NOON - timedelta(minutes=3)] * 4, state="received")
        self._receive([NOON - timedelta(minutes=2)], state="processing")
        self._receive([NOON - timedelta(days=3)] * 2, state="dead", reason="No contract applies")
        self._receive([NOON - timedelta(hours=1)], state="dead", reason="Schema: amount")
        self._receive([NOON - timedelta(hours=2)] * 3, state="failed", reason="Schema: amount")
        self._receive([NOON - timedelta(hours=2)], state="parked")
        row = self._row()
        for figure, field in (
            ("day", "day_count"),
            ("hour", "hour_count"),
            ("waiting", "waiting_count"),
            ("failed", "failed_count"),
            ("dead", "dead_count"),
            ("parked", "parked_count"),
        ):
            self.assertEqual(row[field], len(self._counted(row, figure)), figure)
        self.assertEqual(
            (row.waiting_count, row.dead_count, row.failed_count, row.parked_count), (5, 3, 3, 1)
        )
        self.assertEqual(row.oldest_at, NOON - timedelta(minutes=3))
        self.assertEqual(row.last_at, NOON)
        self.assertEqual(row.reasons, [{"reason": "Schema: amount", "number": 4}])
        self.assertEqual(sum(row.trend), row.day_count)
        self.assertEqual((row.verdict, row.why), ("watch", "Dead letters wait for a person"))

    def test_times_are_of_the_last_day(self):
        for seconds in range(1, 101):
            received = NOON - timedelta(hours=1, seconds=seconds)
            self._receive([received], done_at=received + timedelta(seconds=seconds))
        old = NOON - timedelta(days=2)
        self._receive([old], done_at=old + timedelta(days=1))
        row = self._row()
        self.assertAlmostEqual(row.p50, 50.5, places=3)
        self.assertAlmostEqual(row.p95, 95.05, places=3)
        self.assertEqual(row.time_words, "50 s · 2 min")

    def test_what_stands_still_is_said_first(self):
        self._receive([NOON - timedelta(minutes=10)], state="received")
        self._receive([NOON - timedelta(minutes=10)], state="dead")
        row = self._row()
        self.assertEqual(row.verdict, "bad")
        self.assertIn("oldest waits for 10 min", row.why)

    def test_a_long_queue_that_is_worked_on_does_not_stand_still(self):
        self._receive([NOON - timedelta(minutes=11)], done_at=NOON - timedelta(minutes=1))
        self._receive([NOON - timedelta(minutes=10)] * 3, state="received")
        row = self._row()
        self.assertEqual((row.verdict, row.why[:15]), ("watch", "It falls behind"))
        self.assertEqual(self._row(moment=NOON + timedelta(minutes=5)).verdict, "bad")

    def test_silence_and_bursts_are_said(self):
        self.endpoint.silent_since = NOON - timedelta(hours=5)
        self.assertIn("Silent for 5.0 h", self._row().why)
        refusals.take(self.env.cr.dbname)
        with freeze_time(NOON):
            for _number in range(30):
                self.env["exception.event.refusal"]._count(self.endpoint.id, "signature")
            self.env["exception.event.refusal"]._count(self.endpoint.id, "size")
            self.env["exception.event.refusal"]._flush_counts()
            self.env["exception.event.endpoint"]._watch_refusals(NOON)
        row = self._row()
        self.assertEqual(row.refused_count, 30)
        self.assertIn("Refuses much: 30", row.why)
        self.assertEqual(sum(self._counted(row, "refused").mapped("number")), 30)

    def test_few_statements_whatever_the_number_of_rows(self):
        for number in range(5):
            self._receive([NOON], endpoint=self._create_endpoint(name=f"Shop {number}"))
        self.env.flush_all()
        rows = self.env["exception.gateway.health"].search([])
        with freeze_time(NOON), self.assertQueryCount(9):
            rows.invalidate_model()
            rows.mapped("verdict")

    def test_rows_of_other_companies_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Another company"})
        foreign = self._create_endpoint(company_id=company.id)
        rows = self.env["exception.gateway.health"].with_user(self.user_admin).search([])
        self.assertIn(self.endpoint, rows.endpoint_id)
        self.assertNotIn(foreign.id, rows.endpoint_id.ids)

    def test_spans(self):
        self.assertEqual(
            [span(s) for s in (0.04, 9.94, 42, 89, 600, 7200, 300000)],
            ["0.0 s", "9.9 s", "42 s", "89 s", "10 min", "2.0 h", "3 d"],
        )
        self.assertFalse(span_words(False, False))
