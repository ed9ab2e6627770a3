from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon

MODELS = ("exception.approval", "exception.approval.step", "exception.approval.decision")


@tagged("post_install", "-at_install")
class TestApprovalForge(ApprovalCommon):
    """Nobody makes, changes or deletes what was asked and decided by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approval = cls._ask()
        cls.case = cls._create_case()

    def _values(self):
        return {
            "exception.approval": {
                "name": "Forged",
                "case_id": self.case.id,
                "state": "approved",
                "requested_by": self.user_agent.id,
                "company_id": self.case.company_id.id,
                "currency_id": self.case.currency_id.id,
            },
            "exception.approval.step": {
                "name": "Forged",
                "approval_id": self.approval.id,
                "state": "approved",
            },
            "exception.approval.decision": {
                "step_id": self.approval.step_ids.id,
                "user_id": self.finance.id,
                "decision": "approve",
            },
        }

    def _everybody(self):
        roles = ("agent", "lead", "manager", "admin", "approver", "auditor")
        return [*(self.users[role] for role in roles), self.finance, self.env.user]

    def test_create(self):
        for model, values in self._values().items():
            for user in self._everybody():
                with self.subTest(model=model, user=user.login):
                    with self.assertRaises(UserError):
                        self.env[model].with_user(user).create(values)
                    with self.assertRaises(UserError):
                        self.env[model].with_user(user).sudo().create(values)

    def test_write(self):
        step = self.approval.step_ids
        changes = [
            (self.approval, {"state": "approved"}),
            (self.approval, {"company_amount": 1.0}),
            (self.approval, {"step_ids": [(0, 0, {"name": "Mine", "state": "approved"})]}),
            (step, {"state": "approved"}),
            (step, {"approver_ids": [(4, self.user_agent.id)]}),
            (step, {"needed": 0}),
        ]
        for record, values in changes:
            for user in self._everybody():
                with self.subTest(values=values, user=user.login):
                    with self.assertRaises(UserError):
                        record.with_user(user).write(values)
                    with self.assertRaises(UserError):
                        record.with_user(user).sudo().write(values)

    def test_through_the_case(self):
        commands = [(1, self.approval.id, {"state": "approved"})]
        for user in (self.user_agent, self.user_admin):
            with self.assertRaises(UserError):
                self.approval.case_id.with_user(user).write({"approval_ids": commands})

    def test_unlink(self):
        self.approval.with_user(self.finance).approve()
        for record in (
            self.approval.step_ids.decision_ids,
            self.approval.step_ids,
            self.approval,
        ):
            for user in self._everybody():
                with self.assertRaises(UserError):
                    record.with_user(user).unlink()
                with self.assertRaises(UserError):
                    record.with_user(user).sudo().unlink()

    def test_import(self):
        names = ["name", "case_id/.id", "requested_by/.id", "company_id/.id", "state"]
        row = ["Forged", self.case.id, self.user_agent.id, self.case.company_id.id, "approved"]
        for user in (self.user_admin, self.env.user):
            approvals = self.env["exception.approval"].with_user(user)
            try:
                self.assertFalse(approvals.load(names, [[str(one) for one in row]])["ids"])
            except AccessError:
                continue
        self.assertFalse(self.case.approval_ids)

    def test_context_defaults_forge_nothing(self):
        forged = {
            "default_state": "approved",
            "default_outcome": "policy",
            "default_requested_by": self.user_colleague.id,
        }
        approvals = self.env["exception.approval"].with_user(self.user_agent)
        approval = approvals.with_context(**forged)._request(self.case, None, "Please").sudo()
        self.assertEqual((approval.state, approval.outcome), ("pending", False))
        self.assertEqual(approval.requested_by, self.user_agent)
        self.assertEqual(approval.step_ids.state, "pending")
        defaults = approvals.with_context(**forged).default_get(["state", "outcome"])
        self.assertEqual(defaults, {"state": "pending"})

    def test_no_mark_leaks_to_what_runs_later(self):
        with self.assertRaisesRegex(UserError, "by hand"):
            self.approval.write({"state": "approved"})
        with self.assertRaisesRegex(UserError, "by hand"):
            self.approval.with_context(exception_evidence=True).write({"state": "approved"})
        # what the model has just made carries no right to write into actions that run with it
        values = self._values()["exception.approval.step"]
        made = self.env["exception.approval.step"]._record([{**values, "state": "waiting"}])
        with self.assertRaisesRegex(UserError, "by hand"):
            made.write({"state": "approved"})

    def test_copies_are_made_without_history(self):
        copy = self.approval.case_id.copy()
        self.assertFalse(copy.approval_ids)
        self.assertEqual(copy.state, "new")
        policy = self.matrix.with_user(self.user_admin).copy()
        self.assertFalse(policy.enabled)
        self.assertEqual(policy.level_ids.approver_user_ids, self.finance)
        with self.assertRaises(UserError):
            self.approval.copy()

    def test_people_and_policies_in_use_stay(self):
        with self.assertRaisesRegex(UserError, "stays for the record"):
            self.matrix.unlink()
