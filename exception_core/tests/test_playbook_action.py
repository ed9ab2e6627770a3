from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_playbook import PlaybookCommon

WRITE = "case.write({'description': values['text']})"


@tagged("post_install", "-at_install")
class TestPlaybookAction(PlaybookCommon):
    """Steps that do actions, at each stage of automation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        description = cls.env["ir.model.fields"]._get("exception.case", "description")
        cls.low = cls._create_action(
            WRITE,
            name="Describe",
            risk="low",
            run_as="system",
            undo_kind="restore",
            field_ids=[(6, 0, description.ids)],
            parameter_ids=[(0, 0, {"name": "text", "label": "Text", "kind": "text"})],
        )
        cls.resolution = cls._create_reason()

    def _playbook(self, *more, source="value", value="seen", **overrides):
        step = {
            "name": "Describe it",
            "kind": "action",
            "action_id": self.low.id,
            "input_ids": [
                (
                    0,
                    0,
                    {
                        "parameter_id": self.low.parameter_ids.id,
                        "source": source,
                        "value": value,
                    },
                )
            ],
        }
        return self._create_playbook(step, *more, **overrides)

    def _case(self, playbook, stage, disposition="auto", **overrides):
        kind = self._create_type(
            playbook_id=playbook.id, disposition="auto", automation_stage=stage
        )
        return self._create_case(
            type_id=kind.id, user_id=self.user_agent.id, disposition=disposition, **overrides
        )

    def test_auto_is_done_without_a_person_and_can_be_taken_back(self):
        playbook = self._playbook(resolves=True, resolution_id=self.resolution.id)
        case = self._case(playbook, "auto")
        self._sweep()
        self.assertEqual((case.description, case.state, case.outcome), ("seen", "resolved", "auto"))
        step = case.step_ids
        self.assertEqual((step.state, step.stage, step.verdict), ("done", "auto", "right"))
        self.assertTrue(step.run_id.automated)
        self.assertTrue(case.undo_until)
        with self.assertRaises(UserError):
            case.with_user(self.user_agent).undo_automatic(" ")
        case.with_user(self.user_agent).undo_automatic("the customer called")
        self.assertFalse(case.description)
        self.assertEqual((case.is_open, case.play_state), (True, "undone"))
        self.assertEqual((step.state, step.verdict), ("compensated", "undone"))

    def test_undo_window_ends(self):
        playbook = self._playbook(resolves=True, resolution_id=self.resolution.id)
        case = self._case(playbook, "auto")
        self._sweep()
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=4)):
            self.assertFalse(case.undo_until)
            with self.assertRaisesRegex(UserError, "over"):
                case.with_user(self.user_agent).undo_automatic("too late")

    def test_propose_waits_for_one_click(self):
        case = self._case(self._playbook(), "propose")
        self._sweep()
        step = case.step_ids
        self.assertEqual((step.state, step.run_state), ("waiting", "proposed"))
        self.assertFalse(case.description)
        self.assertIn("Start it", case.activity_ids.summary)
        step.with_user(self.user_agent).tick()
        self.assertEqual((step.state, step.verdict), ("done", "right"))
        self.assertEqual(step.run_id.requested_by, self.user_agent)
        self.assertEqual(case.description, "seen")

    def test_proposal_that_a_person_does_not_want_is_given_up(self):
        case = self._case(self._playbook("Then"), "propose")
        self._sweep()
        step = case.step_ids[0]
        step.with_user(self.user_agent).skip("I did something else")
        self.assertEqual((step.verdict, step.run_state), ("overridden", "abandoned"))
        self.assertEqual(self._states(case.play_id), ["skipped", "waiting"])

    def test_observe_only_says_what_it_would_do(self):
        case = self._case(self._playbook(), "observe")
        self._sweep()
        step = case.step_ids
        self.assertEqual((step.state, bool(step.run_id)), ("waiting", False))
        self.assertIn("Would do", step.note)
        step.with_user(self.user_agent).tick("done as it says")
        self.assertEqual(step.verdict, "right")
        self.assertFalse(case.description)

    def test_approve_asks_people_also_for_what_needs_none_by_itself(self):
        case = self._case(self._playbook(), "approve")
        self._sweep()
        step = case.step_ids
        self.assertEqual((step.state, step.run_state), ("waiting", "approval"))
        self.assertFalse(case.description)
        with self.assertRaisesRegex(UserError, "waits for an approval"):
            step.with_user(self.user_agent).tick()

    def test_disposition_of_the_case_makes_it_stricter(self):
        playbook = self._playbook()
        for disposition, stage in (("investigate", "propose"), ("approval", "approve")):
            case = self._case(playbook, "auto", disposition)
            self._sweep()
            self.assertEqual(case.step_ids.stage, stage)
        # and never looser than the type
        case = self._case(playbook, "observe", "auto")
        self._sweep()
        self.assertEqual(case.step_ids.stage, "observe")

    def test_one_step_of_higher_risk_needs_people_for_all(self):
        risky = self._create_action("case.write({'description': 'x'})", risk="medium")
        step = {"kind": "action", "action_id": risky.id}
        case = self._case(self._playbook(step), "auto")
        self._sweep()
        self.assertEqual(case.step_ids[0].stage, "approve")
        # one whose condition does not hold does not count
        step["domain"] = "[('amount', '>', 100)]"
        playbook = self._playbook(step)
        small, large = (self._case(playbook, "auto", amount=amount) for amount in (5, 500))
        self._sweep()
        self.assertEqual(self._states(small.play_id), ["done", "skipped"])
        self.assertEqual(large.step_ids[0].stage, "approve")

    def test_above_the_limit_of_a_run_people_agree(self):
        self.low.write({"money": "case", "limit_run": 50})
        playbook = self._playbook()
        small, large = (self._case(playbook, "auto", amount=amount) for amount in (5, 500))
        self._sweep()
        self.assertEqual((small.step_ids.stage, large.step_ids.stage), ("auto", "approve"))

    def test_inputs_from_facts_and_fields(self):
        for source, value, expected in (
            ("fact", "days", "9"),
            ("case", "partner_id.name", "Test customer"),
        ):
            case = self._case(
                self._playbook(source=source, value=value),
                "auto",
                partner_id=self.partner.id,
                facts=[{"key": "days", "label": "Days", "value": "9"}],
            )
            self._sweep()
            self.assertEqual(case.description, expected)

    def test_inputs_that_cannot_work_are_refused_when_written(self):
        for source, value in (("case", "nothing"), ("record", "name"), ("fact", "")):
            with self.subTest(source=source), self.assertRaises(ValidationError):
                self._playbook(source=source, value=value)
        with self.assertRaises(ValidationError):
            self._create_playbook({"kind": "action", "action_id": self.low.id})

    @mute_logger("odoo.addons.exception_core.models.exception_action_run_execute")
    def test_what_a_person_did_is_taken_back_with_their_rights(self):
        self.low.run_as = "person"
        self.low.server_action_id.exception_release = "person"
        broken = self._create_action("raise UserError('The bank is closed')")
        step = {"kind": "action", "action_id": broken.id, "owner_kind": "case_owner"}
        case = self._case(self._playbook(step), "propose")
        self._sweep()
        first, second = case.step_ids
        first.with_user(self.user_agent).tick()
        second.with_user(self.user_agent).tick()
        self.assertEqual((first.state, case.play_state), ("compensated", "undone"))
        self.assertFalse(case.description, "taken back")
        self.assertEqual(first.run_id.undo_ids.requested_by, self.user_agent)

    @mute_logger("odoo.addons.exception_core.models.exception_action_run_execute")
    def test_failed_action_takes_back_what_was_done_before(self):
        broken = self._create_action("raise UserError('The bank is closed')")
        step = {"kind": "action", "action_id": broken.id, "owner_kind": "case_owner"}
        case = self._case(self._playbook(step), "propose")
        self._sweep()
        first, second = case.step_ids
        first.with_user(self.user_agent).tick()
        self.assertEqual(case.description, "seen")
        second.with_user(self.user_agent).tick()
        self.assertEqual(case.play_state, "undone")
        self.assertEqual((first.state, second.state), ("compensated", "failed"))
        self.assertFalse(case.description, "taken back")
        self.assertIn("bank is closed", case.play_note)
        self.assertEqual(second.run_state, "abandoned")

    def test_what_was_changed_since_stays_and_the_case_says_so(self):
        case = self._case(self._playbook("Then"), "auto")
        self._sweep()
        case.description = "somebody wrote this"
        case.step_ids[1].with_user(self.user_agent).give_up("no")
        self.assertEqual(case.step_ids[0].state, "done")
        self.assertIn("What stays", case.play_note)
        self.assertEqual(case.description, "somebody wrote this")

    def test_end_of_the_case_gives_up_what_was_proposed(self):
        case = self._case(self._playbook(), "propose")
        self._sweep()
        run = case.step_ids.run_id
        case._clear()
        self.assertEqual((run.state, case.play_state), ("abandoned", "ended"))

    def test_stopped_automation_falls_back_to_a_person(self):
        playbook = self._playbook()
        case = self._case(playbook, "auto")
        stop = self.env["exception.automation.stop"]
        stop._record(
            [
                {
                    "type_id": case.type_id.id,
                    "company_id": case.company_id.id,
                    "stopped_at": fields.Datetime.now(),
                    "why": "too many",
                }
            ]
        )
        self._sweep()
        step = case.step_ids
        self.assertEqual((step.state, step.run_state), ("waiting", "proposed"))
        self.assertIn("too many", step.note)
        step.with_user(self.user_agent).tick()
        self.assertEqual((step.state, case.description), ("done", "seen"))

    def test_taken_back_at_the_second_time(self):
        playbook = self._playbook(resolves=True, resolution_id=self.resolution.id)
        case = self._case(playbook, "auto")
        self._sweep()
        step, runs = case.step_ids, type(self.env["exception.action.run"])

        def broken(run, target):
            raise UserError("closed")  # pylint: disable=translation-required

        with patch.object(runs, "_values_before", broken):
            self.assertEqual(step.run_id._undo("a mistake").state, "failed")
        self.assertEqual(case.description, "seen")
        case.with_user(self.user_agent).undo_automatic("the customer called")
        self.assertFalse(case.description)
        self.assertEqual((step.state, case.play_state), ("compensated", "undone"))
