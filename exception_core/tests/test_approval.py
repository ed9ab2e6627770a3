from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCommon):
    """From asking to what follows from the decision."""

    def test_a_request_waits_for_whom_the_policy_asks(self):
        approval = self._ask(amount=100.0)
        self.assertEqual(approval.state, "pending")
        self.assertEqual(approval.approver_ids, self.finance)
        self.assertEqual(approval.requested_by, self.user_agent)
        self.assertEqual(approval.case_id.state, "approval")
        self.assertEqual(approval.company_amount, 100.0)
        self.assertIn(self.matrix.name, approval.why)
        found = self.env["exception.approval"].search([("approver_ids", "in", self.finance.ids)])
        self.assertIn(approval, found)

    def test_approving_ends_it_and_the_case_goes_on(self):
        approval = self._ask()
        approval.case_id.user_id = self.user_agent
        answer = approval.with_user(self.finance).approve("Fine")
        self.assertEqual(answer["state"], "approved")
        self.assertEqual((approval.state, approval.outcome), ("approved", "manager"))
        self.assertEqual(approval.case_id.state, "open")
        decision = approval.step_ids.decision_ids
        self.assertEqual((decision.user_id, decision.comment), (self.finance, "Fine"))

    def test_rejecting_needs_words(self):
        approval = self._ask()
        with self.assertRaisesRegex(UserError, "Say why you reject"):
            approval.with_user(self.finance).reject(" ")
        self.assertEqual(approval.state, "pending")
        approval.with_user(self.finance).reject("Too much")
        self.assertEqual(approval.state, "rejected")
        self.assertIn("Too much", "".join(approval.case_id.message_ids.mapped("body")))
        self.assertEqual(approval.case_id.state, "new")

    def test_whoever_asked_takes_it_back(self):
        approval = self._ask()
        with self.assertRaisesRegex(UserError, "Only whoever asked"):
            approval.with_user(self.user_colleague).withdraw("Mistake")
        approval.with_user(self.user_agent).withdraw("Mistake")
        self.assertEqual((approval.state, approval.case_id.state), ("withdrawn", "new"))
        self._refused("Withdrawn", approval, self.finance)
        with self.assertRaisesRegex(UserError, "cannot be withdrawn any more"):
            approval.with_user(self.user_agent).withdraw("Once more")

    def test_without_a_policy_nobody_can_decide(self):
        self.matrix.enabled = False
        approval = self._ask()
        self.assertEqual(approval.state, "blocked")
        self.assertIn("No approval policy", approval.problem)
        self.assertEqual(approval.case_id.state, "approval")

    def test_a_rejection_of_what_has_changed_leaves_no_reason_behind(self):
        reason = self.env["exception.reason"].create(
            {"name": "Too expensive", "code": "test_too_expensive", "kind": "rejection"}
        )
        approval = self._ask()
        self.partner.company_id = self.env["res.company"].create({"name": "Other"})
        self.env.flush_all()
        answer = approval.with_user(self.finance).reject(False, reason.id)
        self.assertEqual((answer["state"], approval.state), ("stale", "stale"))
        self.assertFalse(approval.rejection_id)
        again = approval.case_id.approval_ids.filtered(lambda one: one.state == "pending")
        again.with_user(self.finance).reject(False, reason.id)
        self.assertEqual((again.state, again.rejection_id), ("rejected", reason))
