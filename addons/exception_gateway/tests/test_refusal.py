from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..tools import refusals
from .common_health import NOON, HealthCommon


@tagged("post_install", "-at_install")
class TestRefusal(HealthCommon):
    """Refused requests are counted without a row for each, and a burst is told once."""

    def setUp(self):
        super().setUp()
        refusals.take(self.env.cr.dbname)

    def _refuse(self, times, kind="signature", moment=NOON, endpoint=None):
        counter = self.env["exception.event.refusal"]
        endpoint_id = (self.endpoint if endpoint is None else endpoint).id
        with freeze_time(moment):
            for _number in range(times):
                counter._count(endpoint_id, kind)

    def _rows(self):
        self.env["exception.event.refusal"]._flush_counts()
        return self.env["exception.event.refusal"].search([("minute", "<=", NOON)])

    def _watch(self, moment):
        self.env["exception.event.refusal"]._flush_counts()
        with freeze_time(moment):
            self.env["exception.event.endpoint"]._cron_watch()
        return self._told(self.endpoint, "refusing")

    def test_a_flood_is_one_row_a_minute_and_kind(self):
        with self.assertQueryCount(0):
            self._refuse(1000, moment=NOON - timedelta(seconds=50))
        self._refuse(5, "rate", moment=NOON - timedelta(seconds=1))
        self.assertEqual(sorted(self._rows().mapped("number")), [5, 1000])

    def test_later_figures_are_added(self):
        self._refuse(3)
        self.assertEqual(self._rows().number, 3)
        self._refuse(4)
        self.assertEqual(self._rows().number, 7)

    def test_unknown_addresses_and_deleted_endpoints(self):
        gone = self._create_endpoint(name="Gone")
        self._refuse(2, endpoint=gone)
        gone.unlink()
        self._refuse(1, "unknown", endpoint=self.env["exception.event.endpoint"])
        rows = self._rows()
        self.assertEqual((rows.kind, rows.number, len(rows.endpoint_id)), ("unknown", 1, 0))

    def test_burst_tells_the_owner_once(self):
        self._refuse(19)
        self.assertFalse(self._watch(NOON + timedelta(minutes=1)))
        self._refuse(1)
        told = self._watch(NOON + timedelta(minutes=2))
        self.assertEqual(told.user_id, self.user_admin)
        self.assertIn("20 requests", told.note)
        self._refuse(500, moment=NOON + timedelta(minutes=5))
        self.assertEqual(self._watch(NOON + timedelta(minutes=6)), told)
        self.assertTrue(self._watch(NOON + timedelta(minutes=50)))
        self.assertFalse(self._watch(NOON + timedelta(minutes=70)))
        self.assertFalse(self.endpoint.refusing_since)

    def test_slow_trickle_and_rate_limit_are_no_burst(self):
        for minutes in range(0, 200, 10):
            self._refuse(10, moment=NOON + timedelta(minutes=minutes))
            self.assertFalse(self._watch(NOON + timedelta(minutes=minutes)))
        self._refuse(1000, "rate", moment=NOON + timedelta(minutes=200))
        self.assertFalse(self._watch(NOON + timedelta(minutes=200)))

    def test_old_figures_go(self):
        self._refuse(1)
        rows = self._rows()
        with freeze_time(NOON + timedelta(days=29)):
            self.env["exception.event.refusal"]._gc_old()
        self.assertTrue(rows.exists())
        with freeze_time(NOON + timedelta(days=31)):
            self.env["exception.event.refusal"]._gc_old()
        self.assertFalse(rows.exists())
