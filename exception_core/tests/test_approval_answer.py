from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalAnswer(ApprovalCommon):
    """Buttons of lists, forms and cards: one request or many."""

    def _dialog(self, approvals, answer, user=None, **values):
        approvals = approvals.with_user(user or self.finance)
        action = getattr(approvals, f"action_{answer}")()
        form = Form(
            self.env[action["res_model"]]
            .with_user(user or self.finance)
            .with_context(**action["context"])
        )
        for name, value in values.items():
            form[name] = value
        return form.save()

    def _many(self, count):
        return self.env["exception.approval"].union(
            *[self._ask(amount=10.0 * number) for number in range(1, count + 1)]
        )

    def test_one_is_approved_at_once(self):
        approval = self._ask()
        action = approval.with_user(self.finance).action_approve()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(approval.state, "approved")

    def test_many_are_shown_with_their_sum_before(self):
        approvals = self._many(3)
        dialog = self._dialog(approvals, "approve")
        self.assertEqual(dialog.count, 3)
        self.assertIn("60.00", dialog.total)
        self.assertEqual(set(approvals.mapped("state")), {"pending"})
        dialog.action_apply()
        self.assertEqual(set(approvals.mapped("state")), {"approved"})
        self.assertEqual(set(approvals.step_ids.decision_ids.mapped("way")), {"list"})

    def test_what_cannot_be_decided_is_skipped_with_its_reason(self):
        approvals = self._many(2)
        own = self._ask(user=self.finance)
        gone = self._ask()
        gone.with_user(self.user_agent).withdraw("Mistake")
        action = self._dialog(approvals | own | gone, "approve").action_apply()
        result = self.env[action["res_model"]].with_user(self.finance).browse(action["res_id"])
        self.assertEqual((result.done_count, result.skipped_count), (2, 2))
        reasons = {line.approval_id: line.reason for line in result.line_ids}
        self.assertIn("Withdrawn", reasons[gone])
        self.assertTrue(reasons[own])
        requests = self.env["exception.approval"]
        self.assertEqual(requests.search(result.action_open_done()["domain"]), approvals.sorted())
        self.assertEqual(requests.search(result.action_open_skipped()["domain"]), gone | own)
        self.assertNotEqual(own.state, "approved")

    def test_many_are_rejected_with_one_reason(self):
        approvals = self._many(2)
        with self.assertRaises(AssertionError):
            self._dialog(approvals, "reject")
        dialog = self._dialog(approvals, "reject", comment="Not this month")
        dialog.action_apply()
        self.assertEqual(set(approvals.mapped("state")), {"rejected"})
        self.assertEqual(set(approvals.mapped("conclusion")), {"Not this month"})

    def test_the_model_asks_for_the_reason_whatever_the_view_does(self):
        approval = self._ask()
        dialogs = self.env["exception.approval.answer"].with_user(self.finance)
        dialog = dialogs.create({"answer": "reject", "approval_ids": [(6, 0, approval.ids)]})
        with self.assertRaisesRegex(UserError, "Say why"):
            dialog.action_apply()
        with self.assertRaisesRegex(UserError, "Say why"):
            approval.with_user(self.finance).reject(False)
        self.assertEqual(approval.state, "pending")

    def test_the_owner_withdraws(self):
        approval = self._ask()
        dialog = self._dialog(approval, "withdraw", user=self.user_agent, comment="Paid meanwhile")
        dialog.action_apply()
        self.assertEqual((approval.state, approval.conclusion), ("withdrawn", "Paid meanwhile"))
        with self.assertRaises(UserError):
            approval.with_user(self.finance).action_approve()

    def test_whoever_is_asked_hands_over(self):
        approval = self._ask()
        approval.with_user(self.finance).delegate(self.director.id, "Holiday")
        self.assertIn(self.director, approval.activity_ids.user_id)
        approval.with_user(self.director).action_approve()
        decision = approval.step_ids.decision_ids
        self.assertEqual((decision.user_id, decision.on_behalf_id), (self.director, self.finance))
        self.assertFalse(approval.activity_ids)
        self.assertIn(f"{self.director.name} for {self.finance.name}", approval.step_ids.decided_by)

    def test_a_dialog_is_about_what_one_may_read(self):
        secret_team = self._create_team(private=True, lead_id=self.user_manager.id)
        case = self._create_case(team_id=secret_team.id)
        approval = self._ask(case=case, user=self.user_manager)
        with self.assertRaises(AccessError):
            self.env["exception.approval.answer"].with_user(self.user_agent).create(
                {"approval_ids": [(6, 0, approval.ids)]}
            )

    def test_buttons_are_offered_to_those_who_can_use_them(self):
        approval = self._ask()
        mine = approval.with_user(self.finance)
        self.assertTrue(mine.my_turn)
        self.assertFalse(mine.my_refusal)
        asked = approval.with_user(self.user_agent)
        self.assertFalse(asked.my_turn)
        self.assertTrue(asked.may_withdraw)
        # asked, but the right was lost since
        self.finance.groups_id -= self.env.ref("exception_core.group_approver")
        self.finance.groups_id |= self.env.ref("exception_core.group_auditor")
        self.env.invalidate_all()
        self.assertTrue(approval.with_user(self.finance).my_refusal)

    def test_the_case_leads_to_its_request(self):
        approval = self._ask()
        case = approval.case_id.with_user(self.finance)
        self.assertTrue(case.approval_my_turn)
        self.assertEqual(case.action_open_approvals()["res_id"], approval.id)
        self.assertEqual(case.approval_count, 1)
        waiting = case.search([("approval_ids.my_turn", "=", True)])
        self.assertEqual(waiting, case)
        action = approval.case_id.with_user(self.user_agent).action_withdraw_approval()
        self.assertEqual(action["res_model"], "exception.approval.answer")
