from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .escalation_common import HOUR, NOW, EscalationCommon

TICK = "odoo.addons.exception_core.models.exception_sla_escalate"


@tagged("post_install", "-at_install")
class TestEscalationTick(EscalationCommon):
    """What one tick after the other does to cases, clocks and people."""

    def setUp(self):
        super().setUp()
        self.told = self.user_agent | self.user_lead | self.user_manager
        self.heard = {user: len(self._messages(user)) for user in self.told}

    def _assert_told(self, *users):
        """Assert who got one message since the last look; nobody got two."""
        now = {user: len(self._messages(user)) for user in self.told}
        news = {user: now[user] - self.heard[user] for user in self.told}
        self.assertEqual(news, {user: int(user in users) for user in self.told})
        self.heard = now

    def test_a_case_warns_breaches_and_climbs_to_the_last_level(self):
        case = self._create_case_with_clock(user_id=self.user_agent.id, severity="3")
        clock = case.clock_ids
        self._tick(NOW - HOUR - timedelta(seconds=1))
        self.assertFalse(clock.warned_at)
        self._assert_told()
        self._tick(NOW - HOUR)
        self.assertEqual((clock.warned_at, clock.state), (NOW - HOUR, "running"))
        self._assert_told(self.user_agent)
        self._tick(NOW)
        self.assertEqual(clock.state, "running", "at its very second it is in time")
        self._assert_told()
        self._tick(NOW + timedelta(minutes=1))
        self.assertEqual((clock.state, clock.breached_at), ("breached", NOW))
        self._assert_told(self.user_lead)
        self.assertEqual(case.severity, "3")
        self._tick(NOW + 4 * HOUR)
        self.assertEqual(case.severity, "2")
        self._assert_told(self.user_manager)
        self._tick(NOW + 40 * HOUR)
        self._assert_told()
        self.assertEqual(len(case.escalation_ids), 3)
        notes = " ".join(case.message_ids.mapped("body"))
        self.assertIn(
            "Severity raised from Medium to High by “Standard escalation”, level 3", notes
        )

    def test_everybody_has_one_activity(self):
        case = self._create_case_with_clock(user_id=self.user_agent.id)
        for hours in (-1, 1, 5):
            self._tick(NOW + hours * HOUR)
        self.assertEqual(
            {activity.user_id: activity.summary for activity in self._activities(case)},
            {
                self.user_agent: "Resolution is due soon",
                self.user_lead: "Resolution is overdue",
                self.user_manager: "Resolution is overdue",
            },
        )

    def test_the_lead_is_warned_while_nobody_owns_the_case(self):
        case = self._create_case_with_clock()
        self._tick(NOW - HOUR)
        self.assertEqual(self._activities(case).user_id, self.user_lead)

    def test_the_next_level_updates_the_same_activity(self):
        case = self._create_case_with_clock()
        self._tick(NOW - HOUR)
        activity = self._activities(case)
        self._tick(NOW + HOUR)
        self.assertEqual(self._activities(case), activity)
        self.assertEqual(activity.summary, "Resolution is overdue")
        self.assertEqual(len(self._messages(self.user_lead)), 2)

    def test_paused_clocks_and_ended_cases_keep_quiet(self):
        paused = self._create_case_with_clock()
        paused.clock_ids.write({"state": "paused", "deadline": False, "warn_at": False})
        # laid aside after the promise was broken
        resting = self._create_case_with_clock()
        resting.clock_ids.write({"state": "breached", "breached_at": NOW, "since": False})
        answered = self._create_case_with_clock()
        answered.clock_ids.write({"state": "breached", "breached_at": NOW, "stopped_at": NOW})
        cases = paused | resting | answered
        cases.clock_ids._schedule_levels()
        self.assertFalse(any(cases.clock_ids.mapped("next_level_at")))
        self._tick(NOW + 100 * HOUR)
        self.assertFalse(cases.escalation_ids)

    def test_a_pause_after_the_breach_moves_the_later_levels(self):
        case = self._create_case_with_clock()
        clock = case.clock_ids
        # broken at NOW, rested after one more hour, taken up a day later
        clock.write(
            {
                "state": "breached",
                "breached_at": NOW,
                "used": 5 * 3600,
                "since": NOW + 24 * HOUR,
            }
        )
        self._tick(NOW + 25 * HOUR)
        self.assertEqual(clock.next_level_at, NOW + 27 * HOUR)

    def test_later_levels_come_in_business_time(self):
        calendar = self.env["resource.calendar"].create({"name": "Office", "tz": "UTC"})
        # Friday 16:00; an hour is left before the weekend
        deadline = NOW + timedelta(days=4, hours=4)
        case = self._create_case_with_clock(deadline)
        case.clock_ids.calendar_id = calendar
        self._tick(deadline + timedelta(minutes=1))
        self.assertEqual(case.clock_ids.next_level_at, deadline + timedelta(days=3, hours=-5))

    def test_a_day_without_ticks_is_caught_up_with_one_message_each(self):
        cases = self.env["exception.case"].union(
            *(self._create_case_with_clock(user_id=self.user_agent.id) for _case in range(5))
        )
        self._tick(NOW + 24 * HOUR)
        self.assertEqual(len(cases.escalation_ids), 15)
        for user in self.user_agent | self.user_lead | self.user_manager:
            self.assertEqual(len(self._messages(user)), 1)
            self.assertEqual(len(self._activities(cases, user)), 5)
        body = self._messages(self.user_lead).body
        for case in cases:
            self.assertIn(case.name, body)
            self.assertIn(f"res_id={case.id}", body.replace("&amp;", "&"))

    def test_a_second_tick_does_nothing(self):
        case = self._create_case_with_clock()
        self._tick(NOW + 24 * HOUR)
        self.assertTrue(self.policy.is_scheduled, "what is carried out changes no policy")
        before = (len(case.message_ids), len(self._messages()), case.severity)
        self._tick(NOW + 24 * HOUR)
        self.assertEqual((len(case.message_ids), len(self._messages()), case.severity), before)
        self.assertEqual(len(case.escalation_ids), 3)

    def test_severity_rises_as_often_as_levels_say_and_stops_at_critical(self):
        after = {"trigger": "after", "raise_severity": True}
        policy = self._create_policy(
            *({**after, "delay_seconds": hours * 3600} for hours in (1, 2, 3))
        )
        self.team.escalation_policy_id = policy
        low = self._create_case_with_clock(severity="4")
        high = self._create_case_with_clock(severity="2")
        before = len(self._messages())
        self._tick(NOW + 24 * HOUR)
        self.assertEqual((low.severity, high.severity), ("1", "1"))
        self.assertEqual(len(high.escalation_ids), 3)
        self.assertEqual(len(self._messages()), before, "nobody was to be told")

    def test_more_severe_cases_are_promised_sooner(self):
        case = self._create_case(severity="4")
        clock = case.clock_ids.filtered(lambda clock: clock.kind == "resolution")
        self._set_clock(case, "response")
        promised = clock.allotted
        self._tick(NOW + 5 * HOUR)
        self.assertEqual(case.severity, "3")
        self.assertLess(clock.allotted, promised)
        self.assertEqual(case.date_due, clock.deadline)

    def test_both_promises_of_a_case_make_one_activity_and_one_message(self):
        case = self._create_case_with_clock()
        self._set_clock(case, "response")
        self._tick(NOW + timedelta(minutes=1))
        self.assertEqual(len(case.escalation_ids), 4)
        self.assertEqual(len(self._activities(case)), 1)
        self.assertEqual(len(self._messages(self.user_lead)), 1)

    def test_reminders_go_when_the_promise_stops(self):
        case = self._create_case_with_clock()
        response = self._set_clock(case, "response", deadline=NOW - HOUR)
        # the resolution has not warned yet
        self._tick(NOW - HOUR - timedelta(minutes=30))
        self.assertTrue(self._activities(case))
        response.write({"state": "met", "stopped_at": NOW})
        response._schedule_levels()
        self.assertFalse(self._activities(case))

    def test_reminders_go_when_the_case_ends(self):
        case = self._create_case_with_clock(user_id=self.user_agent.id)
        self._tick(NOW + HOUR)
        case.with_user(self.user_agent).cancel_case(note="Not needed any more")
        self.assertFalse(self._activities(case))
        self._tick(NOW + 40 * HOUR)
        self.assertEqual(len(case.escalation_ids), 2)

    def test_a_new_policy_reaches_the_clocks_that_run(self):
        case = self._create_case_with_clock()
        policy = self._create_policy({"trigger": "breach", "tell_role": "admin"})
        self.case_type.escalation_policy_id = policy
        self._tick(NOW - HOUR)
        self.assertFalse(case.escalation_ids)
        self.assertEqual(case.clock_ids.next_level_at, NOW)
        policy.level_ids.write({"trigger": "after", "delay_hours": 2})
        self._tick(NOW + HOUR)
        self.assertFalse(case.escalation_ids)
        self.assertEqual(case.clock_ids.next_level_at, NOW + 2 * HOUR)

    def test_the_policy_is_the_types_then_the_teams_then_the_default(self):
        mine = [
            self._create_policy({"trigger": "breach", "tell_lead": True}, name=name)
            for name in ("Of the team", "Of the type")
        ]
        cases = [self._create_case_with_clock()]
        self._tick(NOW + HOUR)
        self.team.escalation_policy_id = mine[0]
        cases.append(self._create_case_with_clock())
        self._tick(NOW + HOUR)
        self.case_type.escalation_policy_id = mine[1]
        cases.append(self._create_case_with_clock())
        self._tick(NOW + HOUR)
        names = [case.escalation_ids.policy_id.sorted("id")[-1:].name for case in cases]
        self.assertEqual(cases[2].escalation_ids.policy_id, mine[1])
        self.assertIn(mine[0], cases[1].escalation_ids.policy_id)
        self.assertIn(self.policy, cases[0].escalation_ids.policy_id, names)

    def test_time_is_now_unless_given(self):
        case = self._create_case_with_clock()
        with freeze_time(NOW + timedelta(minutes=1)):
            self.env["exception.sla.clock"]._tick()
        self.assertEqual(case.clock_ids.state, "breached")

    def test_who_gets_a_case_by_a_level_has_not_begun(self):
        policy = self._create_policy(
            {"trigger": "breach", "reassign_to": "user", "reassign_user_id": self.user_agent.id}
        )
        self.team.escalation_policy_id = policy
        case = self._create_case_with_clock()
        self._tick(NOW + HOUR)
        self.assertEqual((case.user_id, case.state), (self.user_agent, "new"))
        self.assertTrue(case.assigned_at)
        self.assertFalse(case.first_response_at)
        self.assertEqual(self._activities(case).user_id, self.user_agent)

    def test_handing_over_takes_the_case_to_the_other_queue(self):
        other = self._create_team(lead_id=self.user_manager.id)
        policy = self._create_policy(
            {"trigger": "warning", "reassign_to": "lead"},
            {"trigger": "breach", "hand_over_team_id": other.id},
        )
        self.team.escalation_policy_id = policy
        case = self._create_case_with_clock(user_id=self.user_agent.id)
        self._tick(NOW + HOUR)
        self.assertEqual((case.team_id, case.user_id), (other, self.env["res.users"]))
        self.assertIn(self.user_manager, self._activities(case).user_id)
        notes = " ".join(case.message_ids.mapped("body"))
        self.assertIn(f"Handed over from {self.team.name} to {other.name}", notes)
        self.assertNotIn("Given to", notes)

    def test_queries_do_not_grow_with_the_batch(self):
        counts = []
        for size in (2, 20):
            for _case in range(size):
                self._create_case_with_clock(NOW + size * 1000 * HOUR)
            before = self.env.cr.sql_log_count
            self._tick(NOW + size * 1000 * HOUR + 24 * HOUR)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 12, counts)
