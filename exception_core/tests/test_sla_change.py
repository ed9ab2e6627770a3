"""Policies, hours and holidays change: what runs is planned anew, and its cases say so."""

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .sla_common import HOUR, SlaCommon, at


@tagged("post_install", "-at_install")
class TestSlaChange(SlaCommon):
    def _apply(self):
        self.env.flush_all()
        applied = self.env["exception.sla.clock"]._apply_changes()
        self.assertFalse(self.env["exception.sla.change"].search([]))
        return applied

    def setUp(self):
        super().setUp()
        self._apply()  # what the set-up of the test changed

    def _day_off(self, day, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": at(f"{day} 00:00"),
                "date_to": at(f"{day} 23:59:59"),
                **values,
            }
        )

    def test_a_longer_promise_moves_the_deadline_and_says_so(self):
        case = self._case_at("2024-01-05 09:00")
        with freeze_time("2024-01-05 10:00"):
            self.policy.target_ids.resolution_seconds = 6 * HOUR
            self._assert_clock(case, "running", deadline=at("2024-01-05 14:00"))
            self._apply()
        self._assert_clock(case, "running", deadline=at("2024-01-05 16:00"))
        note = case.message_ids[0].body
        for word in ("Test policy", "Resolution", "2:00", "4:00", "UTC"):
            self.assertIn(word, note)
        self.assertNotIn("First response", note)

    def test_applying_twice_says_it_once(self):
        case = self._case_at("2024-01-05 09:00")
        for _turn in range(2):
            with freeze_time("2024-01-05 10:00"):
                self.env["exception.sla.change"]._record("policy", self.policy.ids)
                self.policy.target_ids.resolution_seconds = 6 * HOUR
                self._apply()
        self.assertEqual(len([m for m in case.message_ids if "4:00" in (m.body or "")]), 1)

    def test_a_holiday_moves_what_runs_over_it(self):
        over = self._case_at("2024-01-05 16:00")
        before = self._case_at("2024-01-05 09:00")
        messages = len(before.message_ids)
        with freeze_time("2024-01-05 16:30"):
            day_off = self._day_off("2024-01-08")
            self._apply()
        self._assert_clock(over, "running", deadline=at("2024-01-09 12:00"))
        self.assertEqual(len(before.message_ids), messages)
        with freeze_time("2024-01-05 16:40"):
            day_off.unlink()
            self._apply()
        self._assert_clock(over, "running", deadline=at("2024-01-08 12:00"))

    def test_a_public_holiday_without_calendar_moves_all(self):
        case = self._case_at("2024-01-05 16:00")
        with freeze_time("2024-01-05 16:30"):
            self._day_off("2024-01-08", calendar_id=False)
            self._apply()
        self._assert_clock(case, "running", deadline=at("2024-01-09 12:00"))

    def test_one_persons_holiday_moves_nothing(self):
        resource = self.env["resource.resource"].create(
            {"name": "One", "calendar_id": self.calendar.id}
        )
        self._apply()
        self._day_off("2024-01-08", resource_id=resource.id)
        self.assertEqual(self._apply(), 0)

    def test_other_shifts_move_what_runs(self):
        case = self._case_at("2024-01-05 16:00")
        with freeze_time("2024-01-05 16:30"):
            monday = self.calendar.attendance_ids.filtered(
                lambda line: line.dayofweek == "0" and line.hour_from == 9
            )
            monday.hour_from = 10
            self._apply()
        self._assert_clock(case, "running", deadline=at("2024-01-08 14:00"))
        with freeze_time("2024-01-05 16:40"):
            monday.unlink()
            self._apply()
        self._assert_clock(case, "running", deadline=at("2024-01-08 16:00"))

    def test_another_zone_moves_what_runs(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 10:00"):
            self.calendar.tz = "America/New_York"  # 9:00 there is 14:00 UTC
            self._apply()
        self._assert_clock(case, "running", deadline=at("2024-01-05 19:00"))

    def test_two_weeks_in_turn_move_what_runs(self):
        case = self._case_at("2024-01-05 16:00")
        with freeze_time("2024-01-05 16:00"):
            self.calendar.two_weeks_calendar = True
            week = self.env["resource.calendar.attendance"].get_week_type(at("2024-01-05 00:00"))
            self.calendar.attendance_ids.filtered(
                lambda line: line.dayofweek == "0"
            ).week_type = str(week)
            self._apply()
        # the next Monday is one of the other week
        self._assert_clock(case, "running", deadline=at("2024-01-09 12:00"))

    def test_a_resting_clock_goes_on_in_the_new_hours(self):
        case = self._case_at("2024-01-05 09:00")
        with freeze_time("2024-01-05 10:00"):
            case.wait("customer", note="asked")
            self._day_off("2024-01-08")
            self._apply()
        self._assert_clock(case, "paused", used=HOUR)
        with freeze_time("2024-01-08 10:00"):
            case.resume()
        self._assert_clock(case, "running", deadline=at("2024-01-09 12:00"))

    def test_a_pause_that_is_no_longer_one_ends(self):
        case = self._case_at("2024-01-05 09:00")
        with freeze_time("2024-01-05 10:00"):
            case.wait("customer", note="asked")
        with freeze_time("2024-01-05 11:00"):
            self.policy.pause_customer = False
            self._apply()
        self._assert_clock(case, "running", deadline=at("2024-01-05 15:00"))

    def test_other_hours_of_a_team_or_company_move_what_runs(self):
        self.policy.calendar_id = False
        self.env.company.exception_calendar_id = self.calendar
        self._apply()
        case = self._case_at("2024-01-05 09:00")
        night = self._create_calendar("UTC", [(20, 24)])
        with freeze_time("2024-01-05 10:00"):
            self.team.calendar_id = night
            self._apply()
        # an hour was worked by the old ones
        self._assert_clock(case, "running", used=HOUR, deadline=at("2024-01-05 23:00"))
        with freeze_time("2024-01-05 10:30"):
            self.team.calendar_id = False
            self.env.company.exception_calendar_id = self._create_calendar("UTC", [(11, 17)])
            self._apply()
        self._assert_clock(case, "running", used=HOUR, deadline=at("2024-01-05 14:00"))

    def test_deleted_hours_leave_a_promise(self):
        self.policy.calendar_id = False
        self.env.company.exception_calendar_id = self.calendar
        own = self._create_calendar("UTC", [(20, 24)])
        self.team.calendar_id = own
        self._apply()
        case = self._case_at("2024-01-05 09:00")
        with freeze_time("2024-01-05 09:00"):
            own.unlink()
            self._apply()
        self._assert_clock(
            case, "running", calendar_id=self.calendar, deadline=at("2024-01-05 14:00")
        )

    def test_what_was_broken_or_has_ended_stays(self):
        broken = self._case_at("2024-01-05 09:00")
        ended = self._case_at("2024-01-05 09:00")
        with freeze_time("2024-01-05 10:00"):
            ended.resolve()
        with freeze_time("2024-01-05 16:00"):
            self.policy.target_ids.resolution_seconds = 40 * HOUR
            self._apply()
        self._assert_clock(broken, "breached", deadline=at("2024-01-05 14:00"))
        self._assert_clock(ended, "met", deadline=at("2024-01-05 14:00"))

    def test_who_keeps_calendars_need_not_know_the_desk(self):
        group = "base.group_system"
        keeper = self._create_user("keeper", f"base.group_user,{group}")
        keeper.groups_id -= self.env.ref("exception_core.group_admin")
        case = self._case_at("2024-01-05 16:00")
        with freeze_time("2024-01-05 16:30"):
            calendar = self.calendar.with_user(keeper)
            calendar.write({"attendance_ids": [Command.delete(calendar.attendance_ids[0].id)]})
            self._apply()
        self._assert_clock(case, "running", deadline=at("2024-01-08 16:00"))

    def test_saving_hours_costs_one_line_however_many_clocks(self):
        self._create_cases(30, type_id=self.sla_type.id)
        self.env.flush_all()
        line = self.calendar.attendance_ids[0]
        line.write({"name": "warm"})
        with self.assertQueryCount(__system__=3):
            line.write({"hour_from": 9.5})
            self.env.flush_all()

    def test_another_share_in_the_settings_moves_the_warnings(self):
        case = self._case_at("2024-01-05 13:00")
        own = self._case_at(
            "2024-01-05 13:00", sla_policy_id=self._create_policy(warn_percent=75).id
        )
        before = self._clock(own).warn_at
        with freeze_time("2024-01-05 13:30"):
            self.env["ir.config_parameter"].set_param("exception_core.warn_percent", "25")
            self._apply()
        self.assertEqual(self._clock(case).warn_at, at("2024-01-05 14:00"))
        self.assertEqual(self._clock(own).warn_at, before)
