from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_playbook import PlaybookCommon


@tagged("post_install", "-at_install")
class TestPlaybookHostile(PlaybookCommon):
    """What people try with playbooks to get what they may not have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.resolution = cls._create_reason()
        cls.kind = cls._create_type()
        cls.detector = cls._create_detector(holds=True, hold_step="confirm")
        cls.description = cls.env["ir.model.fields"]._get("exception.case", "description")

    def _held(self):
        return self._create_case(
            type_id=self.kind.id,
            detector_id=self.detector.id,
            condition_active=True,
            hold_step="confirm",
            user_id=self.user_agent.id,
        )

    def test_a_playbook_frees_nothing(self):
        playbook = self._create_playbook("Nothing", resolves=True, resolution_id=self.resolution.id)
        case = self._held()
        mine = case.with_user(self.user_agent)
        with self.assertRaisesRegex(UserError, "still there"):
            mine.resolve(resolution_id=self.resolution.id)
        mine.start_playbook(playbook.id)
        case.step_ids.with_user(self.user_agent).skip("not needed")
        self.assertTrue(case.is_open)
        self.assertTrue(case.is_holding)
        self.assertIn("still there", case.play_note)

    def test_it_resolves_what_was_put_right(self):
        playbook = self._create_playbook("Nothing", resolves=True, resolution_id=self.resolution.id)
        case = self._held()
        case.with_user(self.user_agent).start_playbook(playbook.id)
        case.condition_active = False
        case.step_ids.with_user(self.user_agent).tick()
        self.assertEqual(case.outcome, "manual")

    def test_the_machine_pays_nothing_that_a_person_reported(self):
        pay = self._create_action(
            "case.write({'description': 'paid'})",
            risk="low",
            run_as="system",
            money="case",
            limit_run=10,
            undo_kind="restore",
            field_ids=[(6, 0, self.description.ids)],
        )
        step = {"name": "Pay", "kind": "action", "action_id": pay.id}
        playbook = self._create_playbook(step)
        kind = self._create_type(
            playbook_id=playbook.id, disposition="auto", automation_stage="auto"
        )
        values = {"type_id": kind.id, "disposition": "auto", "amount": 2.0}
        self.env["exception.approval.matrix"].search([]).write({"enabled": False})
        reported = {
            **values,
            "title": "Mine",
            "res_model": "res.partner",
            "res_id": self.partner.id,
        }
        typed = self.env["exception.case"].with_user(self.user_agent).create(reported).sudo()
        found = self._create_case(**values, detector_id=self.detector.id, fingerprint="found")
        minus = self._create_case(
            **{**values, "amount": -20.0}, detector_id=self.detector.id, fingerprint="minus"
        )
        self._sweep()
        self.assertEqual(found.description, "paid")
        for case in (typed, minus):
            self.assertFalse(case.description)
            self.assertEqual(case.step_ids.stage, "approve")
