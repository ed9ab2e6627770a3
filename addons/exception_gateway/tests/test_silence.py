from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_health import NOON, HealthCommon


@tagged("post_install", "-at_install")
class TestSilence(HealthCommon):
    """An endpoint that is silent for longer than usual is missed, once."""

    def _watch(self, moment):
        with freeze_time(moment):
            self.env["exception.event.endpoint"]._cron_watch()
        return self._told(self.endpoint, "silent")

    def _learn(self, moment):
        with freeze_time(moment):
            self.env["exception.event.rhythm"]._cron_learn()

    def _office_hours(self, weeks):
        """Let events come every 10 minutes from 8 to 18, Monday to Friday, until last Friday."""
        for day in range(weeks * 7):
            morning = (NOON - timedelta(days=day + 1)).replace(hour=8)
            if morning.weekday() < 5:
                self._receive(self._every(10, morning, morning.replace(hour=18)))

    def test_fixed_limit_tells_the_owner_once_and_takes_it_back(self):
        self.endpoint.write({"silence": "fixed", "silence_minutes": 30})
        self.endpoint.watched_since = NOON - timedelta(days=1)
        self._receive([NOON])
        self.assertFalse(self._watch(NOON + timedelta(minutes=29)))
        told = self._watch(NOON + timedelta(minutes=31))
        self.assertEqual(told.user_id, self.user_admin)
        self.assertEqual(self.endpoint.silent_since, NOON)
        self.assertEqual(self._watch(NOON + timedelta(hours=5)), told)
        self._receive([NOON + timedelta(hours=5)])
        self.assertFalse(self._watch(NOON + timedelta(hours=5, minutes=5)))
        self.assertFalse(self.endpoint.silent_since)

    def test_learned_silence_knows_nights_and_weekends(self):
        self._office_hours(weeks=4)
        self.endpoint.watched_since = NOON - timedelta(days=60)
        self._learn(NOON.replace(hour=1))
        figures = self.endpoint.rhythm_ids
        self.assertEqual(len(figures), 168)
        at = {figure.hour: figure.minutes for figure in figures}
        self.assertEqual(at[24 + 10], 10, "Tuesdays at ten")
        self.assertEqual(at[24 + 3], 600, "Tuesdays at three: since 18:00, until 4:00")
        # Monday morning at 7:30, after a weekend
        self.assertFalse(self._watch(NOON.replace(hour=7, minute=30)))
        # Monday at noon, nothing since Friday
        self.assertTrue(self._watch(NOON))

    def test_daily_sender_is_missed_soon_after_its_hour(self):
        for day in range(28):
            self._receive([NOON.replace(hour=2) - timedelta(days=day + 1)])
        self.endpoint.watched_since = NOON - timedelta(days=60)
        self._learn(NOON.replace(hour=1))
        self.assertFalse(self._watch(NOON.replace(hour=2, minute=55)))
        self.assertTrue(self._watch(NOON.replace(hour=3, minute=5)))

    def test_one_odd_week_does_not_make_the_limit(self):
        # every hour for four weeks, but for two days of one week
        gap = (NOON - timedelta(days=12), NOON - timedelta(days=10))
        moments = self._every(60, NOON - timedelta(days=28), NOON)
        self._receive([at for at in moments if not gap[0] < at < gap[1]])
        self._learn(NOON)
        self.assertLessEqual(max(self.endpoint.rhythm_ids.mapped("minutes")), 60)

    def test_little_past_is_no_rhythm(self):
        self._receive(self._every(60, NOON - timedelta(days=9), NOON))
        self.endpoint.watched_since = NOON - timedelta(days=9)
        self._learn(NOON)
        self.assertFalse(self.endpoint.rhythm_ids)
        self.assertFalse(self._watch(NOON + timedelta(days=3)))
        self.assertEqual(self.endpoint.silence_limit, "Not known yet")

    def test_hours_are_those_of_the_company(self):
        self.endpoint.company_id.partner_id.tz = "Asia/Tokyo"
        self._office_hours(weeks=4)
        self._learn(NOON)
        at = {figure.hour: figure.minutes for figure in self.endpoint.rhythm_ids}
        # 8 to 18 UTC is 17 to 3 in Tokyo
        self.assertEqual(at[24 + 20], 10)
        self.assertGreater(at[24 + 12], 60)

    def test_paused_and_newly_active_endpoints_are_not_silent(self):
        self.endpoint.write({"silence": "fixed", "silence_minutes": 30})
        self._receive([NOON - timedelta(days=3)])
        with freeze_time(NOON):
            self.endpoint.sudo().write({"state": "paused"})
        self.assertFalse(self._watch(NOON + timedelta(minutes=1)))
        with freeze_time(NOON):
            self.endpoint.sudo().write({"state": "active"})
        self.assertFalse(self._watch(NOON + timedelta(minutes=29)))
        self.assertTrue(self._watch(NOON + timedelta(minutes=31)))

    def test_nobody_says_by_hand_that_it_was_silent(self):
        endpoint = self.endpoint.with_user(self.user_admin)
        with self.assertRaisesRegex(UserError, "cannot be set by hand"):
            endpoint.write({"silent_since": NOON})
        made = endpoint.with_context(default_silent_since=NOON).create(
            {"name": "Another", "system_id": self.system.id}
        )
        self.assertFalse(made.silent_since)
