from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ExceptionCommon

ACTIVITY = "exception_core.mail_activity_type_standstill"


class WatchCommon(ExceptionCommon):
    """Scheduled Actions as if they ran a minute ago, and all of them did."""

    @classmethod
    def setUpClass(cls):
        """Let the desk run, with one person who is told."""
        super().setUpClass()
        cls.watchdog = cls.env["exception.watchdog"]
        cls.env["ir.config_parameter"].set_param("exception_core.watch_user_id", cls.user_admin.id)
        cls.now = fields.Datetime.now()
        cls.crons = cls.env["ir.cron"].concat(*cls.watchdog._watched())
        for cron in cls.crons:
            cron.write(
                {
                    "active": True,
                    "lastcall": cls.now - timedelta(minutes=1),
                    "nextcall": cls.now + timedelta(minutes=1),
                }
            )
        # detectors of other addons have no runs in a fresh database
        cls.env["exception.detector"].search([]).sudo().write({"state": "draft"})
        cls.sweep = cls.env.ref("exception_core.cron_sweep_5min")

    def _stop(self, crons, **back):
        ago = self.now - timedelta(**back)
        crons.write({"nextcall": ago, "lastcall": ago})

    def _status(self, role="lead"):
        return self.watchdog.with_user(self.users[role]).status()

    def _activities(self):
        kind = self.env.ref(ACTIVITY)
        return self.env["mail.activity"].search(
            [("activity_type_id", "=", kind.id), ("res_model", "=", "exception.outage")]
        )


@tagged("post_install", "-at_install")
class TestWatchdog(WatchCommon):
    """What stands still is said, to whom it concerns, and once."""

    def test_every_scheduled_action_of_the_suite_is_watched(self):
        for name in ("cron_sweep_daily", "ir_cron_resume_waiting", "cron_watchdog"):
            self.assertIn(self.env.ref(f"exception_core.{name}"), self.crons)
        self.assertNotIn(self.env.ref("base.autovacuum_job"), self.crons)

    def test_nothing_is_said_while_everything_runs(self):
        self.assertFalse(self._status())
        self.assertFalse(self._activities())

    def test_no_scheduled_action_for_an_hour(self):
        self._stop(self.crons, hours=1)
        found = self._status()
        self.assertEqual(found["level"], "warning")
        self.assertIn("Nothing has run in the background since", found["title"])
        self.assertIn("max_cron_threads", found["advice"])

    def test_those_not_due_yet_are_no_sign_of_life(self):
        self._stop(self.crons, hours=1)
        self.env.ref("exception_core.cron_sweep_daily").nextcall = self.now + timedelta(hours=9)
        self.assertIn("Nothing has run in the background since", self._status()["title"])
        self.env.ref("exception_core.cron_sweep_hourly").lastcall = self.now
        self.assertIn("Part of the desk", self._status()["title"])

    def test_one_that_is_late(self):
        self._stop(self.sweep, minutes=20)
        found = self._status()
        self.assertIn("“Sweep, every 5 minutes” has not run since", found["lines"][0])
        self.assertIn("cases may be missing", found["lines"][0])

    def test_a_run_may_be_a_little_late(self):
        self._stop(self.sweep, minutes=4)
        self.assertFalse(self._status())

    def test_one_that_was_never_run(self):
        self.sweep.write({"nextcall": self.now - timedelta(minutes=20), "lastcall": False})
        self.assertIn("has not run yet", self._status()["lines"][0])

    def test_one_that_was_put_off(self):
        self.sweep.write(
            {
                "lastcall": self.now - timedelta(hours=2),
                "nextcall": self.now + timedelta(days=30),
            }
        )
        self.assertIn("has not run since", self._status()["lines"][0])

    def test_one_that_is_switched_off(self):
        self.sweep.active = False
        self.assertIn("is switched off", self._status()["lines"][0])
        self.assertEqual(len(self._activities()), 1)

    def test_switched_off_on_purpose_is_said_politely(self):
        self.env["ir.config_parameter"].set_param(
            "exception_core.cron_off_reason", "replay of sample data"
        )
        self.sweep.active = False
        found = self._status()
        self.assertEqual((found["level"], found["lines"]), ("info", []))
        self.assertIn("replay of sample data", found["title"])
        self.assertFalse(self._activities())

    def test_one_person_is_told_once(self):
        self._stop(self.sweep, minutes=20)
        for role in ("lead", "manager", "admin", "lead"):
            self._status(role)
        activity = self._activities()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.user_admin)
        self._stop(self.crons - self.sweep, hours=1)
        self._status()
        self.assertEqual(self._activities(), activity)
        self.assertIn("Resume cases", activity.note)
        self.assertIn("(UTC)", activity.note)
        self.crons.write({"lastcall": self.now, "nextcall": self.now + timedelta(minutes=1)})
        self.assertFalse(self._status())
        self.assertFalse(activity.exists())
        outage = self.env["exception.outage"].search([])
        self.assertEqual(len(outage), 1)
        self.assertTrue(outage.ended_at)

    def test_an_action_that_fails(self):
        server_action = self.sweep.ir_actions_server_id
        server_action.code = "raise UserError('No space left')"
        error = None
        try:
            server_action.run()
        except Exception as failure:  # the cron catches whatever it is
            error = failure
        self.sweep._note_failure(error)
        found = self._status()
        self.assertIn("No space left", found["lines"][0])
        self.assertEqual(len(self._activities()), 1)
        self.sweep.lastcall = fields.Datetime.now() + timedelta(seconds=1)
        self.assertFalse(self._status())
        self.assertFalse(self._activities())

    def test_failures_of_other_actions_are_not_kept(self):
        cron = self.env.ref("base.autovacuum_job")
        cron._note_failure(ValueError("Nothing of ours"))
        self.assertFalse(self.env["exception.cron.failure"].search([("cron_id", "=", cron.id)]))

    def test_a_detector_that_sweeps_leave_out(self):
        detector = self._create_detector(domain="[]", cadence="hourly", name="Left out")
        detector.action_enable()
        detector.sudo().enabled_at = self.now - timedelta(days=1)
        found = self._status()
        self.assertIn("“Left out” was left out", found["lines"][0])

    def test_the_screen_opens_whatever_happens(self):
        self.sweep.interval_type = False
        with mute_logger("odoo.addons.exception_core.models.exception_watchdog"):
            self.assertEqual(self._status(), {})

    def test_only_those_who_lead_may_ask(self):
        for role in ("agent", "approver", "auditor", "outsider"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._status(role)

    def test_system_administrators_are_led_to_the_actions(self):
        self._stop(self.sweep, minutes=20)
        self.assertFalse(self._status("admin")["can_open_crons"])
        self.user_admin.groups_id += self.env.ref("base.group_system")
        self.assertTrue(self._status("admin")["can_open_crons"])

    def test_without_words_for_anybody_the_first_administrator_is_told(self):
        self.env["ir.config_parameter"].set_param("exception_core.watch_user_id", False)
        self._stop(self.sweep, minutes=20)
        self._status()
        self.assertTrue(self._activities().user_id.has_group("exception_core.group_admin"))


@tagged("post_install", "-at_install")
class TestFailingSweep(WatchCommon):
    """With a sweep failing, the owner of the detector knows."""

    def setUp(self):
        super().setUp()
        self.detector = self._create_detector(
            domain="[]", owner_id=self.user_manager.id, name="Fails at times", max_failures=3
        )
        self.detector.action_enable()

    def _sweep(self, works=True):
        vals = {"state": "done"} if works else {"state": "failed", "error": "Out of order"}
        self.detector._record_run("sweep", {"started_at": fields.Datetime.now(), **vals})
        return self.detector.activity_ids

    def test_the_owner_is_told_at_the_first_failure_and_once(self):
        activity = self._sweep(works=False)
        self.assertEqual(activity.user_id, self.user_manager)
        self.assertIn("Out of order", activity.note)
        self.assertEqual(self._sweep(works=False), activity)
        self.assertIn("“Fails at times” fails: Out of order", self._status()["lines"][0])
        self.assertFalse(self._sweep())
        self.assertFalse(self._status())

    def test_switched_off_after_some_it_is_the_same_activity(self):
        activity = self._sweep(works=False)
        self._sweep(works=False)
        self.assertEqual(self._sweep(works=False), activity)
        self.assertEqual(self.detector.state, "failed")
        self.assertIn("switched off", activity.note)


@tagged("post_install", "-at_install")
class TestWatchdogBanner(HttpCase):
    """The banner in the browser, with all Scheduled Actions stopped for an hour."""

    browser_size = "1440,900"

    @classmethod
    def setUpClass(cls):
        """Stop the clocks; make a lead and an agent."""
        super().setUpClass()
        ago = fields.Datetime.now() - timedelta(hours=1)
        crons = cls.env["ir.cron"].concat(*cls.env["exception.watchdog"]._watched())
        crons.write({"active": True, "nextcall": ago, "lastcall": ago})
        for role in ("user", "lead", "admin"):
            new_test_user(
                cls.env,
                f"watch_{role}",
                groups=f"exception_core.group_{role}",
                name=f"Watch {role}",
                tz="UTC",
            )

    def test_leads_see_it_on_every_screen_of_the_desk(self):
        self.start_tour("/web", "exception_watchdog_lead", login="watch_lead")
        self.assertEqual(self.env["exception.outage"].search_count([]), 1)

    def test_administrators_see_it_above_the_detectors(self):
        self.start_tour("/web", "exception_watchdog_admin", login="watch_admin")

    def test_agents_do_not_see_it(self):
        self.start_tour("/web", "exception_watchdog_agent", login="watch_user")
