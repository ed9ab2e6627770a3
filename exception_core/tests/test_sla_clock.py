"""What happens to the clocks of a case as people work it."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.exception_case_open import BATCH
from .sla_common import HOUR, SlaCommon, at


@tagged("post_install", "-at_install")
class TestSlaClock(SlaCommon):
    def test_a_new_case_has_both_clocks_and_mirrors_them(self):
        case = self._case_at("2024-01-05 16:00")
        self._assert_clock(
            case,
            *("running", "response"),
            deadline=at("2024-01-05 17:00"),
            since=at("2024-01-05 16:00"),
            allotted=HOUR,
            used=0,
        )
        # four hours: one on Friday, three on Monday; warned at 80 %, after 3 h 12 m
        self._assert_clock(
            case, "running", deadline=at("2024-01-08 12:00"), warn_at=at("2024-01-08 11:12")
        )
        self.assertEqual(self._clock(case).next_level_at, at("2024-01-08 11:12"))
        self.assertEqual(self._clock(case).reason, "Test policy: all cases")

    def test_taking_a_case_meets_the_response(self):
        case = self._case_at("2024-01-05 16:00")
        with freeze_time("2024-01-05 16:40"):
            case.assign_to_me()
        self._assert_clock(case, "met", "response", stopped_at=at("2024-01-05 16:40"), used=40 * 60)
        self._assert_clock(case, "running")
        self.assertFalse(self._clock(case, "response").next_level_at)

    def test_the_very_second_of_the_deadline_is_in_time(self):
        case = self._case_at("2024-01-05 16:00")
        with freeze_time("2024-01-05 17:00"):
            case.assign_to_me()
        self._assert_clock(case, "met", "response")

    def test_an_answer_too_late_is_breached_at_the_deadline(self):
        case = self._case_at("2024-01-05 16:00")
        with freeze_time("2024-01-08 09:00:01"):
            case.assign_to_me()
        self._assert_clock(
            case,
            *("breached", "response"),
            breached_at=at("2024-01-05 17:00"),
            stopped_at=at("2024-01-08 09:00:01"),
            deadline=at("2024-01-05 17:00"),
            used=HOUR + 1,
        )

    def test_a_message_counts_where_the_setting_says_so(self):
        self.env["ir.config_parameter"].set_param("exception_core.first_response", "message")
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 10:30"):
            case.assign_to_me()
            self._assert_clock(case, "running", "response")
        with freeze_time("2024-01-05 10:45"):
            case._stop_clocks("response", at("2024-01-05 10:45"))
        self._assert_clock(case, "met", "response", used=45 * 60)
        self.assertEqual(case.first_response_at, at("2024-01-05 10:45"))

    def _wait_and_resume(self, opened, begin, end, tz=None, **wait):
        if tz:
            self.calendar.tz = tz
        case = self._case_at(opened)
        with freeze_time(begin):
            case.wait("customer", note="asked")
        self._assert_clock(case, "paused", deadline=False, since=False)
        self.assertFalse(case.date_due)
        with freeze_time(end):
            case.resume()
        return case

    def test_a_pause_over_a_night_costs_nothing(self):
        case = self._wait_and_resume("2024-01-04 15:00", "2024-01-04 16:00", "2024-01-05 09:30")
        self._assert_clock(case, "running", used=HOUR, deadline=at("2024-01-05 13:30"))

    def test_a_pause_over_a_weekend_costs_nothing(self):
        case = self._wait_and_resume("2024-01-05 15:00", "2024-01-05 16:30", "2024-01-08 08:00")
        self._assert_clock(case, "running", used=5400, deadline=at("2024-01-08 11:30"))

    def test_a_pause_over_a_holiday_costs_nothing(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": at("2024-01-04 00:00"),
                "date_to": at("2024-01-04 23:59:59"),
            }
        )
        case = self._wait_and_resume("2024-01-03 15:00", "2024-01-03 16:00", "2024-01-04 11:00")
        self._assert_clock(case, "running", used=HOUR, deadline=at("2024-01-05 12:00"))

    def test_a_pause_over_a_change_of_clocks_costs_nothing(self):
        # Berlin goes from UTC+1 to UTC+2 on 2024-03-31: 16:00 there is 15:00, then 14:00 UTC
        case = self._wait_and_resume(
            "2024-03-29 14:00", "2024-03-29 15:00", "2024-04-01 07:30", "Europe/Berlin"
        )
        self._assert_clock(case, "running", used=HOUR, deadline=at("2024-04-01 11:30"))

    def test_the_case_says_what_is_left_while_it_rests(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 11:00"):
            case.wait("customer", note="asked")
            self.assertEqual((case.due_state, case.paused_left), ("paused", 3 * HOUR))
            case.resume()
            self.assertEqual((case.due_state, case.paused_left), ("ok", 0))

    def test_waiting_for_a_colleague_goes_on(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 11:00"):
            case.wait("internal", note="asked")
        self._assert_clock(case, "running", deadline=at("2024-01-05 15:00"))
        with freeze_time("2024-01-05 11:30"):
            case.wait("customer", note="asked the customer, too")
        self._assert_clock(case, "paused", used=5400)
        with freeze_time("2024-01-05 13:30"):
            case.wait("internal", note="the customer has answered")
        self._assert_clock(case, "running", deadline=at("2024-01-05 16:00"))

    def test_waiting_ends_by_itself_and_the_clock_goes_on(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 11:00"):
            case.wait("date", until=at("2024-01-05 15:00"))
        self._assert_clock(case, "paused", used=HOUR)
        with freeze_time("2024-01-05 15:00"):
            self.env["exception.case"]._cron_resume_waiting()
        self._assert_clock(case, "running", deadline=at("2024-01-08 10:00"))

    def test_a_pause_after_the_deadline_repairs_nothing(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 16:00"):
            case.wait("customer", note="asked")
        self._assert_clock(
            case, "breached", deadline=at("2024-01-05 15:00"), breached_at=at("2024-01-05 15:00")
        )
        with freeze_time("2024-01-08 16:00"):
            case.resume()
            case.resolve()
        # five hours before the pause, none in it
        self._assert_clock(case, "breached", deadline=at("2024-01-05 15:00"), used=5 * HOUR)

    def test_resolved_in_time_is_met_and_runs_no_further(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 11:00"):
            case.resolve()
        expected = {"stopped_at": at("2024-01-05 11:00"), "used": HOUR, "since": False}
        self._assert_clock(case, "met", deadline=at("2024-01-05 15:00"), **expected)
        self._assert_clock(case, "met", "response")
        with freeze_time("2024-02-01 10:00"):
            self.assertEqual(self._clock(case).used_hours, 1)
            self._clock(case)._plan()
            case.sudo().severity = "1"
            self.env["exception.case"]._cron_close_resolved()
        self._assert_clock(case, "met", deadline=at("2024-01-05 15:00"), **expected)

    def test_resolved_too_late_is_breached(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 15:00:01"):
            case.resolve()
        self._assert_clock(case, "breached", breached_at=at("2024-01-05 15:00"))

    def test_resolved_while_waiting_keeps_a_deadline(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 11:00"):
            case.wait("customer", note="asked")
        with freeze_time("2024-01-08 10:00"):
            case.resolve()
        self._assert_clock(case, "met", used=HOUR, deadline=at("2024-01-08 14:00"))

    def test_what_nobody_needed_is_cancelled(self):
        master = self._case_at("2024-01-05 10:00")
        reason = self._create_reason(kind="false_alarm")
        endings = [
            lambda case: case.cancel_case(note="withdrawn"),
            lambda case: case.mark_false_alarm(reason.id),
            lambda case: case.merge_into(master.id),
        ]
        for number, end in enumerate(endings):
            with self.subTest(ending=number):
                case = self._case_at("2024-01-05 10:00")
                with freeze_time("2024-01-05 11:00"):
                    end(case)
                self._assert_clock(case, "cancelled", stopped_at=at("2024-01-05 11:00"))

    def test_a_cleared_case_needs_no_answer(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 10:30"):
            case._clear()
        self._assert_clock(case, "met")
        self._assert_clock(case, "cancelled", "response")

    def test_cancelling_does_not_hide_a_breach(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-08 10:00"):
            case.cancel_case(note="withdrawn")
        self._assert_clock(case, "breached")

    def _resolve_and_reopen(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 10:30"):
            case.assign_to_me()
        with freeze_time("2024-01-05 13:00"):  # two hours used
            case.resolve()
        with freeze_time("2024-01-08 09:00"):
            case.reopen()
        return case

    def test_reopening_goes_on_with_what_was_left(self):
        case = self._resolve_and_reopen()
        self._assert_clock(case, "running", used=2 * HOUR, deadline=at("2024-01-08 11:00"))
        self._assert_clock(case, "met", "response")

    def test_reopening_starts_a_new_promise_by_the_policy(self):
        self.policy.reopen_rule = "restart"
        case = self._resolve_and_reopen()
        self._assert_clock(case, "running", used=0, deadline=at("2024-01-08 14:00"))
        self._assert_clock(case, "met", "response")

    def test_a_condition_that_comes_back_takes_up_the_clock(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 11:00"):
            case._clear()
        with freeze_time("2024-01-08 09:00"):
            self.env["exception.case"]._reopen_batch([(case.sudo(), {})])
        self._assert_clock(case, "running", used=HOUR, deadline=at("2024-01-08 12:00"))
        self._assert_clock(case, "running", "response")

    def test_what_was_broken_stays_broken_when_it_is_reopened(self):
        case = self._case_at("2024-01-05 10:00")
        with freeze_time("2024-01-05 16:00"):
            case.resolve()
        with freeze_time("2024-01-08 09:00"):
            case.reopen()
        self._assert_clock(case, "breached", stopped_at=False, deadline=at("2024-01-05 15:00"))

    def test_a_batch_takes_few_statements_whatever_its_size(self):
        # as the pipeline does it, which ranks the cases itself
        clocks = self.env["exception.sla.clock"].with_context(**BATCH)
        for size in (20, 200):
            cases = self._create_cases(size, type_id=self.sla_type.id)
            cases.clock_ids.unlink()
            self.env.flush_all()
            with self.assertQueryCount(__system__=14):
                clocks._start(cases, at("2024-01-05 10:00"))
                self.env.flush_all()
            self.assertEqual(len(cases.clock_ids), 2 * size)

    def test_clocks_are_written_by_the_model_only(self):
        case = self._case_at("2024-01-05 10:00")
        clock = self._clock(case)
        for role in ("agent", "lead", "manager", "admin", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                clock.with_user(self.users[role]).write({"state": "met"})
            with self.subTest(role=role), self.assertRaises(AccessError):
                clock.with_user(self.users[role]).unlink()
        with self.assertRaises(UserError):
            case.write({"clock_ids": [(5, 0, 0)]})

    def test_clocks_of_a_private_team_are_private(self):
        team = self._create_team(private=True)
        clock = self._clock(self._case_at("2024-01-05 10:00", team_id=team.id))
        Clock = self.env["exception.sla.clock"]
        here = [("id", "=", clock.id)]
        self.assertFalse(Clock.with_user(self.user_agent).search(here))
        self.assertTrue(Clock.with_user(self.user_auditor).search(here))
