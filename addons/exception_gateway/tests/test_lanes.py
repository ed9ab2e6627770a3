import threading
import time

from odoo.tests import BaseCase

from ..tools import lanes, retry_waits
from ..tools.lanes import Result
from .delivery_common import DeliveryCommon


class TestRetryWaits(DeliveryCommon):
    """The table of waits."""

    def test_parse(self):
        self.assertEqual(retry_waits.parse("10s, 1m,2 h , 1d"), [10, 60, 7200, 86400])
        self.assertEqual(retry_waits.parse(""), [])
        for text in ("10", "x", "0s", "-1s", "8d", "1.5h", ", ".join(["1s"] * 60)):
            with self.assertRaises(ValueError, msg=text):
                retry_waits.parse(text)

    def test_eight_tries_over_about_a_day_by_default(self):
        one = self._create_subscription(activate=False)
        waits = retry_waits.parse(one.waits)
        self.assertEqual(len(waits) + 1, 8)
        self.assertAlmostEqual(retry_waits.total(waits) / 3600, 24, delta=1)
        self.assertIn("8 tries", one.tries_words)

    def test_jitter(self):
        self.assertAlmostEqual(retry_waits.wait_after([100], 1, 0), 80)
        self.assertAlmostEqual(retry_waits.wait_after([100], 1, 1), 120)
        self.assertIsNone(retry_waits.wait_after([100], 2, 0.5))


class TestLanes(BaseCase):
    """Lanes without a database."""

    def _parcels(self, count, case_id=None):
        return [lanes.Parcel(n, 1, case_id or n, f"m{n}", "{}", "u", ("s",)) for n in range(count)]

    def _run(self, parcels, sender, patience=3, seconds=60):
        until = time.monotonic() + seconds
        return list(lanes.send_in_order(parcels, patience, until, sender))

    def test_a_slow_receiver_ends_when_the_time_is_over(self):
        results = self._run(self._parcels(3), lambda parcel: Result(parcel, ok=True), seconds=-1)
        self.assertEqual([result.sent for result in results], [False, False, False])

    def test_failures_in_a_row_end_it(self):
        results = self._run(self._parcels(5), lambda parcel: Result(parcel, error="no"))
        self.assertEqual([result.sent for result in results], [True, True, True, False, False])

    def test_of_a_case_nothing_overtakes(self):
        results = self._run(
            self._parcels(3, case_id=7), lambda parcel: Result(parcel, error="no"), patience=9
        )
        self.assertEqual([result.sent for result in results], [True, False, False])

    def test_side_by_side(self):
        gate = threading.Event()

        def sender(parcel):
            if parcel.subscription_id == 1:
                gate.wait(5)
            return Result(parcel, ok=True)

        both = lanes.Lanes(2, sender)
        until = time.monotonic() + 60
        slow = self._parcels(1)
        quick = [lanes.Parcel(9, 2, 9, "m9", "{}", "u", ("s",))]
        both.start(1, slow, 3, until)
        both.start(2, quick, 3, until)
        self.assertEqual(both.free, 0)
        ended = []
        while 2 not in ended:
            ended += both.collect(1)[1]
        self.assertEqual(both.busy, {1})
        gate.set()
        while both.busy:
            both.collect(1)
