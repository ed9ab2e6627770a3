from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_playbook import PlaybookCommon


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

    def test_rules_that_are_asked_again_start_another_playbook(self):
        usual, special = self._create_playbook("Usual"), self._create_playbook("Special")
        kind = self._create_type(playbook_id=usual.id)
        case = self._create_case(type_id=kind.id)
        self.env["exception.rule"].create(
            {
                "name": "All of the type",
                "enabled": True,
                "domain": f"[('type_id', '=', {kind.id})]",
                "playbook_id": special.id,
                "protect": True,
            }
        )
        case.with_user(self.user_manager).retriage()
        self.assertEqual(case.play_id.playbook_id, special)
        self.assertEqual(case.play_ids.mapped("state").count("ended"), 1)
        with self.assertRaisesRegex(UserError, "needs a reason"):
            case.with_user(self.user_agent).start_playbook(usual.id)

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
        self.assertEqual(set(case.play_ids.mapped("state")), {"waiting", "ended"})
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
