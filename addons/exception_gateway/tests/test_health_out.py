from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common_health import NOON
from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestHealthOut(DeliveryCommon):
    """Subscriptions are rows of the health page, and stand still when nobody sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subscription = cls._create_subscription(events=["case.opened"])

    def _tell(self, moment, **values):
        """Let a case open, so that the subscription is told; return the delivery."""
        with freeze_time(moment):
            case = self._create_case()
            self.env.flush_all()
        delivery = self._deliveries(self.subscription).filtered(lambda one: one.case_id == case)
        self.assertEqual(len(delivery), 1)
        if values:
            delivery._store(values)
        return delivery

    def _row(self, moment=NOON):
        self.env.flush_all()
        rows = self.env["exception.gateway.health"]
        with freeze_time(moment):
            row = rows.search([("subscription_id", "=", self.subscription.id)])
            row.invalidate_recordset()
            row.mapped("verdict")
        return row

    def _counted(self, row, figure):
        with freeze_time(NOON):
            action = row.with_context(health_figure=figure).action_open()
        self.assertEqual(action["res_model"], "exception.delivery")
        return self.env["exception.delivery"].search(action["domain"])

    def test_counts_open_what_they_count(self):
        ago = NOON - timedelta(minutes=2)
        done = {"state": "delivered", "attempts": 1, "done_at": ago + timedelta(seconds=4)}
        self._tell(ago, **done)
        self._tell(ago)
        self._tell(ago, attempts=2, error="it answered 500", next_at=NOON + timedelta(hours=1))
        self._tell(NOON - timedelta(hours=5), state="dead", attempts=8, error="it answered 404")
        row = self._row()
        self.assertEqual((row.direction, row.circuit, row.day_count), ("out", "closed", 4))
        for figure, field in (
            ("day", "day_count"),
            ("hour", "hour_count"),
            ("waiting", "waiting_count"),
            ("failed", "failed_count"),
            ("dead", "dead_count"),
        ):
            self.assertEqual(row[field], len(self._counted(row, figure)), figure)
        self.assertEqual((row.waiting_count, row.failed_count, row.dead_count), (1, 1, 1))
        self.assertEqual((row.p50, row.oldest_at, row.last_at), (4, ago, ago))
        self.assertEqual(row.why, "Messages were given up")
        self.assertEqual(
            [reason["reason"] for reason in row.reasons], ["it answered 404", "it answered 500"]
        )
        self.assertEqual(row.action_open_settings()["res_id"], self.subscription.id)

    def test_a_resting_receiver_is_said(self):
        self.subscription.write({"circuit": "open", "circuit_because": "it answered 500"})
        row = self._row()
        self.assertEqual((row.verdict, row.circuit), ("bad", "open"))
        self.assertIn("it answered 500", row.why)

    def test_due_and_nobody_sends(self):
        delivery = self._tell(NOON)
        stuck = self.env["exception.gateway.health"]._stuck
        self.assertFalse(stuck(NOON + timedelta(minutes=4))["out"])
        late = NOON + timedelta(minutes=6)
        self.assertEqual(list(stuck(late)["out"]), self.subscription.ids)
        self.assertEqual(self._row(late).why, "Nobody sends what is due")
        with freeze_time(late):
            [found] = self.env["exception.watchdog"]._gateway_findings(late)
            sentence = self.env["exception.watchdog"]._sentence(found)
        self.assertIn("nobody sends them", sentence)
        # what is put off, rests or is paused does not stand still
        delivery._store({"next_at": late + timedelta(hours=1)})
        self.assertFalse(stuck(late)["out"])
        delivery._store({"next_at": NOON})
        self.subscription.write({"circuit": "open", "probe_at": late + timedelta(minutes=1)})
        self.assertFalse(stuck(late)["out"])
        self.subscription.write({"circuit": "closed", "state": "paused"})
        self.assertFalse(stuck(late)["out"])

    def test_figures_for_monitors(self):
        self._tell(NOON)
        with freeze_time(NOON):
            moves, text = self.env["exception.gateway.health"]._metrics()
        self.assertTrue(moves)
        label = f'direction="out",id="{self.subscription.id}",name="Test receiver"'
        self.assertIn(f'exception_gateway_items{{{label},state="waiting"}} 1\n', text)
        self.assertIn(f"exception_gateway_circuit_open{{{label}}} 0\n", text)
        self.assertNotIn("hooks.example.com", text)
