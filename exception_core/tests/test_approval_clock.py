from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .approval_common import ApprovalCommon
from .sla_common import SlaCommon, at


@tagged("post_install", "-at_install")
class TestApprovalClock(ApprovalCommon, SlaCommon):
    """Time to decide in working hours: reminded once, escalated once for each level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_approver("boss")
        cls.finance.exception_manager_id = cls.boss
        cls.matrix.level_ids.limit_hours = 4
        cls.escalation = cls.env["exception.escalation.policy"].create(
            {
                "name": "Test escalation",
                "level_ids": [
                    (
                        0,
                        0,
                        {
                            "clock_kind": "approval",
                            "trigger": "breach",
                            "ask_manager": True,
                            "tell_approvers": True,
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "clock_kind": "approval",
                            "trigger": "after",
                            "delay_hours": 2,
                            "tell_lead": True,
                        },
                    ),
                ],
            }
        )
        cls.matrix.escalation_policy_id = cls.escalation

    def _asked_at(self, text):
        case = self._case_at(text)
        with freeze_time(text):
            return self._ask(case.sudo())

    def _tick(self, text):
        with freeze_time(text):
            self.env["exception.sla.clock"]._tick(fields.Datetime.now())
            self.env.invalidate_all()

    def _events(self, approval, name):
        return self.env["exception.audit.entry"].search_count(
            [("case_id", "=", approval.case_id.id), ("event", "=", name)]
        )

    def test_in_working_hours(self):
        # Friday 16:00: an hour left, then three on Monday, lunch left out
        approval = self._asked_at("2024-01-05 16:00")
        self.assertEqual(approval.due_at, at("2024-01-08 12:00"))
        self.assertEqual(approval.step_ids.warn_at, at("2024-01-08 11:12"))

    def test_reminded_once(self):
        approval = self._asked_at("2024-01-05 09:00")
        self._tick("2024-01-05 11:00")
        self.assertEqual(self._events(approval, "approval.reminded"), 0)
        for moment in ("2024-01-05 12:00", "2024-01-05 12:30"):
            self._tick(moment)
        self.assertEqual(self._events(approval, "approval.reminded"), 1)
        told = self.env["mail.message"].search(
            [
                ("subject", "ilike", "Please decide"),
                ("partner_ids", "in", self.finance.partner_id.ids),
            ]
        )
        self.assertEqual(len(told), 1)

    def test_escalated_to_the_manager_who_decides(self):
        approval = self._asked_at("2024-01-05 09:00")
        with self.assertRaisesRegex(Exception, "asks somebody else"):
            approval.with_user(self.boss).approve()
        for moment in ("2024-01-05 14:01", "2024-01-05 14:02"):
            self._tick(moment)
        step = approval.step_ids
        self.assertEqual(step.state, "escalated")
        self.assertEqual(approval.approver_ids, self.finance | self.boss)
        self.assertEqual(len(step.event_ids), 1)
        self.assertIn(self.boss, step.event_ids.user_ids)
        self._tick("2024-01-05 16:01")
        self.assertEqual(len(step.event_ids), 2)
        self.assertIn(self.user_lead, step.event_ids[0].user_ids)
        with freeze_time("2024-01-05 16:30"):
            approval.with_user(self.boss).approve()
        self.assertEqual((approval.state, approval.outcome), ("approved", "escalated"))

    def test_nobody_decides_by_escalation_what_they_must_not(self):
        self.finance.exception_manager_id = self.user_agent
        approval = self._asked_at("2024-01-05 09:00")
        self._tick("2024-01-05 14:01")
        self.assertEqual(approval.step_ids.state, "pending")
        self.assertIn("asked for it", approval.step_ids.event_ids.result)
        self.assertEqual(approval.approver_ids, self.finance)

    def test_nothing_after_the_decision(self):
        approval = self._asked_at("2024-01-05 09:00")
        with freeze_time("2024-01-05 10:00"):
            approval.with_user(self.finance).approve()
        self._tick("2024-01-08 16:00")
        self.assertEqual(self._events(approval, "approval.reminded"), 0)
        self.assertFalse(approval.step_ids.event_ids)

    def test_reminders_to_decide_end_with_the_decision(self):
        approval = self._asked_at("2024-01-05 09:00")
        self._tick("2024-01-05 14:01")
        kind = self.env.ref("exception_core.activity_escalation")
        case = approval.case_id

        def reminders():
            found = case.activity_ids.filtered(lambda one: one.activity_type_id == kind)
            return found.filtered(lambda one: "approval" in one.summary).user_id

        self.assertIn(self.boss, reminders())
        with freeze_time("2024-01-05 15:00"):
            approval.with_user(self.finance).approve()
        case.invalidate_recordset()
        self.assertFalse(reminders())

    def test_the_resolution_clock_runs_on(self):
        approval = self._asked_at("2024-01-05 09:00")
        clock = approval.case_id.clock_ids.filtered(lambda one: one.kind == "resolution")
        self.assertEqual(clock.state, "running")
        self.assertEqual(clock.deadline, at("2024-01-05 14:00"))

    def test_the_shipped_escalation_knows_approvals(self):
        levels = self.env.ref("exception_core.escalation_policy_standard").level_ids
        kinds = levels.filtered(lambda level: level.clock_kind == "approval")
        self.assertTrue(kinds.filtered("ask_manager"))
        self.assertIn("of an approval", kinds[0].summary)
