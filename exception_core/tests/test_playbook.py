from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_playbook import PlaybookCommon

TUESDAY = "2024-03-05 09:00:00"
WEDNESDAY = "2024-03-06 09:00:00"


@tagged("post_install", "-at_install")
class TestPlaybook(PlaybookCommon):
    def test_steps_are_taken_in_order_until_one_waits(self):
        playbook = self._create_playbook(
            {"kind": "event", "event_name": "warehouse.look"}, "Look for it", "Send it"
        )
        play = self._start(playbook)
        self._sweep()
        self.assertEqual(self._states(play), ["done", "waiting", "todo"])
        self.assertEqual((play.state, play.progress), ("waiting", 33))
        play.step_ids[1].with_user(self.user_agent).tick("found it")
        self.assertEqual(self._states(play), ["done", "done", "waiting"])
        self.assertEqual(play.step_ids[1].done_by_id, self.user_agent)
        play.step_ids[2].with_user(self.user_agent).tick()
        self.assertEqual((play.state, play.progress), ("done", 100))
        self.assertTrue(play.case_id.is_open, "the playbook does not resolve cases")

    def test_case_keeps_the_version_it_started_with(self):
        playbook = self._create_playbook("First", "Second")
        old = self._start(playbook)
        playbook.step_ids[0].name = "Another first"
        playbook.step_ids[1].unlink()
        self.assertEqual(playbook.version, 2, "one version, however many edits")
        self.assertEqual(old.step_ids.mapped("name"), ["First", "Second"])
        new = self._start(playbook)
        self.assertEqual(new.step_ids.mapped("name"), ["Another first"])
        self.assertEqual((old.version, new.version), (1, 2))

    def test_playbook_nobody_started_stays_at_its_version(self):
        playbook = self._create_playbook("First")
        playbook.step_ids.name = "Better"
        self.assertEqual(playbook.version, 1)

    def test_condition_on_case_passes_over_a_step(self):
        playbook = self._create_playbook(
            {"name": "Large ones", "domain": "[('amount', '>', 100)]"}, "All"
        )
        small, large = self._start(playbook, amount=5), self._start(playbook, amount=500)
        self._sweep()
        self.assertEqual(self._states(small), ["skipped", "waiting"])
        self.assertIn("above 100", small.step_ids[0].note)
        self.assertEqual(self._states(large), ["waiting", "todo"])

    def test_condition_on_record(self):
        model = self.env["ir.model"]._get("res.partner")
        playbook = self._create_playbook(
            {"record_domain": "[('name', '=', 'Test customer')]"},
            "All",
            model_id=model.id,
        )
        other = self.env["res.partner"].create({"name": "Somebody else"})
        plays = [self._start(playbook, res_id=partner.id) for partner in (self.partner, other)]
        self._sweep()
        self.assertEqual([self._states(play)[0] for play in plays], ["waiting", "skipped"])

    def test_condition_that_cannot_work_is_refused_when_it_is_written(self):
        with self.assertRaises(ValidationError):
            self._create_playbook({"domain": "[('nothing', '=', 1)]"})
        with self.assertRaises(UserError):
            self._create_playbook({"record_domain": "[('name', '=', 'x')]"})

    def test_incomplete_steps_are_refused(self):
        for step in (
            {"kind": "notify", "notify_to": "customer"},
            {"kind": "wait", "wait_for": "event"},
            {"kind": "wait", "wait_for": "time"},
            {"kind": "event"},
            {"owner_kind": "team"},
            {"on_failure": "goto"},
        ):
            with self.subTest(step=step), self.assertRaises(ValidationError):
                self._create_playbook(step)

    def test_type_starts_its_playbook_on_new_cases(self):
        playbook = self._create_playbook("First")
        kind = self._create_type(playbook_id=playbook.id)
        cases = self._create_cases(3, type_id=kind.id)
        self.assertEqual(cases.playbook_id, playbook)
        self.assertEqual(len(cases.play_ids), 3)
        self.assertEqual(set(cases.play_ids.step_ids.mapped("state")), {"todo"})
        self._sweep()
        self.assertEqual(set(cases.play_ids.step_ids.mapped("state")), {"waiting"})

    def test_rule_chooses_another_playbook(self):
        usual, special = self._create_playbook("Usual"), self._create_playbook("Special")
        kind = self._create_type(playbook_id=usual.id)
        self.env["exception.rule"].create(
            {
                "name": "Large ones",
                "enabled": True,
                "domain": f"[('amount', '>', 100), ('type_id', '=', {kind.id})]",
                "playbook_id": special.id,
            }
        )
        large = self._create_case(type_id=kind.id, amount=500)
        small = self._create_case(type_id=kind.id, amount=5)
        self.assertEqual((large.playbook_id, small.playbook_id), (special, usual))
        self.assertEqual(large.play_id.step_ids.name, "Special")
        self.assertIn("playbook_id", large.decisions)

    def test_disabled_playbook_is_not_started(self):
        playbook = self._create_playbook("First", enabled=False)
        kind = self._create_type(playbook_id=playbook.id)
        self.assertFalse(self._create_case(type_id=kind.id).play_ids)
        with self.assertRaisesRegex(UserError, "not enabled"):
            self._create_case().with_user(self.user_agent).start_playbook(playbook.id)

    def test_playbook_of_another_company_is_not_started(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        playbook = self._create_playbook("First", company_id=company.id)
        kind = self._create_type(playbook_id=playbook.id)
        self.assertFalse(self._create_case(type_id=kind.id).play_ids)

    def test_another_playbook_ends_the_one_at_work(self):
        first, second = self._create_playbook("First"), self._create_playbook("Second")
        case = self._create_case(user_id=self.user_agent.id)
        case.with_user(self.user_agent).start_playbook(first.id)
        case.with_user(self.user_agent).start_playbook(second.id)
        self.assertEqual(case.play_ids.mapped("state"), ["waiting", "ended"])
        self.assertEqual(case.step_ids.name, "Second")
        self.assertEqual(len(case.activity_ids), 1)

    def test_end_of_the_case_ends_the_playbook(self):
        case = self._start(self._create_playbook("First", "Second")).case_id
        self._sweep()
        case._clear()
        self.assertEqual(case.play_id.state, "ended")
        self.assertEqual(self._states(case.play_id), ["cancelled", "cancelled"])
        self.assertFalse(case.activity_ids)

    def test_resolves_the_case_without_a_person_as_auto(self):
        reason = self._create_reason()
        playbook = self._create_playbook(
            {"kind": "event", "event_name": "look"}, resolves=True, resolution_id=reason.id
        )
        kind = self._create_type(playbook_id=playbook.id)
        case = self._create_case(type_id=kind.id)
        self._sweep()
        self.assertEqual((case.state, case.outcome), ("resolved", "auto"))

    def test_resolves_by_a_person_as_manual(self):
        reason = self._create_reason()
        playbook = self._create_playbook("First", resolves=True, resolution_id=reason.id)
        play = self._start(playbook, type_id=self._create_type().id)
        self._sweep()
        play.step_ids.with_user(self.user_agent).tick()
        self.assertEqual((play.case_id.state, play.case_id.outcome), ("resolved", "manual"))

    def test_closure_criteria_hold_for_playbooks(self):
        playbook = self._create_playbook({"kind": "event", "event_name": "look"}, resolves=True)
        kind = self._create_type(requires_evidence=True)
        play = self._start(playbook, type_id=kind.id)
        self._sweep()
        self.assertTrue(play.case_id.is_open)
        self.assertIn("evidence", play.note)
        self.assertTrue(play.case_id.activity_ids)

    @freeze_time(TUESDAY)
    def test_wait_for_time_counts_working_hours_and_lays_the_case_aside(self):
        playbook = self._create_playbook(
            {"kind": "wait", "wait_for": "time", "timeout_seconds": 4 * 3600}, "Then"
        )
        play = self._start(playbook)
        case = play.case_id
        self._sweep()
        due = case.sla_policy_id._calendar(case.team_id, case.company_id)._exception_due(
            [(play.started_at, 4 * 3600)]
        )[0]
        self.assertEqual(play.step_ids[0].due_at, due)
        self.assertEqual((case.state, case.waiting_until), ("waiting", due))
        self._sweep()
        self.assertEqual(play.step_ids[0].state, "waiting")
        with freeze_time(WEDNESDAY):
            self._sweep()
        self.assertEqual(self._states(play), ["done", "waiting"])
        self.assertEqual(case.state, "open")

    def test_reply_of_the_customer_goes_on(self):
        play = self._start(self._create_playbook({"kind": "wait"}, "Then"))
        self._sweep()
        case = play.case_id
        self.assertEqual((case.state, case.waiting_for), ("waiting", "customer"))
        mail = {"email_from": "customer@example.com", "author_id": self.partner.id}
        case._mail_received(mail)
        self._sweep()
        self.assertEqual(self._states(play), ["done", "waiting"])
        self.assertIn("customer@example.com", play.step_ids[0].note)
        self.assertEqual(case.state, "open")

    def test_event_that_comes_before_its_step_is_not_lost(self):
        play = self._start(
            self._create_playbook(
                "First", {"kind": "wait", "wait_for": "event", "event_name": "ok"}
            )
        )
        self._sweep()
        play.case_id._playbook_event("event", {"name": "something else"})
        play.case_id._playbook_event("event", {"name": "ok"})
        self._sweep()
        play.step_ids[0].with_user(self.user_agent).tick()
        self.assertEqual(self._states(play), ["done", "done"])

    def test_time_limit_reminds_once_and_again(self):
        play = self._start(self._create_playbook({"name": "Do it", "timeout_seconds": 3600}))
        self._sweep()
        self._sweep(days=7)
        step = play.step_ids
        self.assertEqual(step.state, "waiting")
        self.assertTrue(step.reminded_at)
        self.assertIn("Overdue", " ".join(play.case_id.activity_ids.mapped("summary")))

    def test_time_limit_goes_on(self):
        play = self._start(
            self._create_playbook({"timeout_seconds": 3600, "on_timeout": "go_on"}, "Then")
        )
        self._sweep()
        self._sweep(days=7)
        self.assertEqual(self._states(play), ["skipped", "waiting"])

    def test_failure_stops_and_a_person_goes_on(self):
        play = self._start(self._create_playbook({"on_failure": "stop"}, "Then"))
        self._sweep()
        step = play.step_ids[0].with_user(self.user_agent)
        step.give_up("nobody answers")
        self.assertEqual((play.state, step.state), ("stopped", "failed"))
        self.assertTrue(play.case_id.activity_ids)
        step.retry()
        self.assertEqual(step.state, "waiting")
        step.give_up("still nobody")
        step.skip("not needed any more")
        self.assertEqual(self._states(play), ["skipped", "waiting"])

    def test_failure_goes_to_another_step(self):
        playbook = self._create_playbook({"on_failure": "stop"}, "Second", "Third")
        playbook.step_ids[0].write(
            {"on_failure": "goto", "failure_step_id": playbook.step_ids[2].id}
        )
        play = self._start(playbook)
        self._sweep()
        play.step_ids[0].with_user(self.user_agent).give_up("no")
        self.assertEqual(self._states(play), ["failed", "skipped", "waiting"])

    @mute_logger("odoo.addons.exception_core.models.exception_play_advance")
    def test_going_round_in_circles_ends(self):
        playbook = self._create_playbook(
            {"kind": "event", "event_name": "again"},
            {"kind": "notify", "notify_to": "owner", "message": "Hello"},
        )
        playbook.step_ids[1].write(
            {"on_failure": "goto", "failure_step_id": playbook.step_ids[0].id}
        )
        team = self._create_team()
        play = self._start(playbook, case=self._create_case(team_id=team.id))
        team.sudo().lead_id.active  # noqa: B018 - there is a lead, so nobody is missing
        play.case_id.write({"team_id": False})
        self._sweep()
        self.assertEqual(play.state, "stopped")
        self.assertEqual(play.step_ids[0].tries, 10)

    def test_failure_for_good_takes_back_and_says_what_stays(self):
        playbook = self._create_playbook({"kind": "event", "event_name": "ship"}, "Do it")
        play = self._start(playbook)
        self._sweep()
        play.step_ids[1].with_user(self.user_agent).give_up("the customer refused")
        self.assertEqual(play.state, "undone")
        self.assertIn("What stays", play.note)
        self.assertIn("the event was sent", play.note)
        self.assertTrue(play.case_id.is_open)
