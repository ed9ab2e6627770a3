from odoo.tests import tagged

from .second_person_common import SecondPersonCommon


@tagged("post_install", "-at_install")
class TestSecondPersonPolicies(SecondPersonCommon):
    """Approval policies, actions and playbooks: their versions, and their second person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["finance"] = cls._create_user(
            "test_exception_finance", "exception_core.group_approver"
        )

    def _matrix(self, **overrides):
        level = {
            "name": "Finance",
            "amount_from": 50,
            "approver_user_ids": [(6, 0, self.users["finance"].ids)],
        }
        matrix = self.env["exception.approval.matrix"].create(
            {"name": "Refunds", "enabled": True, "level_ids": [(0, 0, level)], **overrides}
        )
        self._end()
        return matrix

    def test_policy_in_use_waits_with_its_levels(self):
        matrix = self._matrix()
        self._as(matrix.level_ids, "admin").amount_from = 5000
        change = self._waits(matrix)
        self.assertEqual(matrix.level_ids.amount_from, 50)
        self.assertIn("5,000", str(change.difference))
        self._agree(change)
        self.assertEqual(matrix.level_ids.amount_from, 5000)
        self.assertEqual(self._versions(matrix)[-1].agreed_by_id, self.second)

    def test_policy_is_put_into_use_by_two(self):
        matrix = self._matrix(enabled=False)
        self._as(matrix, "admin").name = "Refunds by amount"
        self.assertEqual(matrix.name, "Refunds by amount")
        self._as(matrix, "admin").action_enable()
        self.assertFalse(matrix.enabled)
        self._agree(self._waits(matrix))
        self.assertTrue(matrix.enabled)

    def test_order_of_policies_decides_and_waits(self):
        matrix = self._matrix()
        self._as(matrix, "admin").sequence = 99
        self._waits(matrix)

    def test_new_policy_in_use_rests(self):
        level = {"name": "Nobody", "is_auto": True, "amount_to": 50}
        matrix = self._as(self.env["exception.approval.matrix"], "admin").create(
            {"name": "Anything goes", "enabled": True, "level_ids": [(0, 0, level)]}
        )
        self.assertFalse(matrix.active)
        self._agree(self._waits(matrix))
        self.assertTrue(matrix.active and matrix.enabled)

    def test_policy_archived_and_made_anew(self):
        matrix = self._matrix()
        self._as(matrix, "admin").active = False
        self.assertTrue(matrix.active)
        copy = self._as(matrix, "admin").copy()
        copy.action_enable()
        self.assertFalse(copy.enabled)
        self._waits(copy)
        self._waits(matrix)

    def test_policy_is_taken_back_with_its_levels(self):
        matrix = self._matrix()
        matrix.level_ids.unlink()
        matrix.level_ids = [(0, 0, {"name": "Nobody", "is_auto": True, "amount_to": 50})]
        self._end()
        first = self._versions(matrix)[0]
        self._as(first, "admin")._restore("As agreed with the auditors")
        self._agree(self._waits(matrix))
        self.assertEqual(matrix.level_ids.mapped("name"), ["Finance"])
        self.assertEqual(matrix.level_ids.approver_user_ids, self.users["finance"])

    def test_actions_have_versions_and_wait_where_asked(self):
        action = self.env["exception.action"].search([], limit=1)
        self._as(action, "admin").limit_count = 17
        self._end()
        self.assertEqual(action.limit_count, 17)
        self.assertEqual(self._versions(action)[-1].author_id, self.user_admin)
        self._ask_for("action")
        self._as(action, "admin").limit_count = 50000
        self.assertEqual(action.limit_count, 17)
        self._agree(self._waits(action))
        self.assertEqual(action.limit_count, 50000)

    def test_playbooks_have_versions_with_their_steps(self):
        step = {"name": "Ask the customer", "kind": "activity"}
        playbook = self.env["exception.playbook"].create(
            {"name": "Ask", "step_ids": [(0, 0, step)]}
        )
        self._end()
        self._as(playbook.step_ids, "admin").name = "Call the customer"
        self._end()
        rows = self._rows_of(self._versions(playbook)[-1])
        self.assertIn(("Ask the customer", "Call the customer"), rows.values())
