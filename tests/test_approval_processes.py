"""Two people decide one request at once, on connections of their own."""

import threading

from committed import CommittedCase

from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL


@tagged("post_install", "-at_install")
class TestApprovalProcesses(CommittedCase):
    """What is made here is committed, because the connections must see it, and removed again."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            kwargs = {"groups": "exception_core.group_approver"}
            users = [new_test_user(env, f"decides_{n}", **kwargs) for n in range(2)]
            agent = new_test_user(env, "asks_for_it", groups="exception_core.group_user")
            partner = env["res.partner"].create({"name": "Decided at once"})
            case = env["exception.case"].create(
                {
                    "title": "Decided at once",
                    "type_id": env["exception.type"].search([], limit=1).id,
                    "res_model": "res.partner",
                    "res_id": partner.id,
                }
            )
            self.matrix_id = (
                env["exception.approval.matrix"]
                .create(
                    {
                        "name": "Decided at once",
                        "enabled": True,
                        "domain": "[('title', '=', 'Decided at once')]",
                        "sequence": -10,
                        "level_ids": [
                            (
                                0,
                                0,
                                {
                                    "name": "One of two",
                                    "approver_user_ids": [(6, 0, [user.id for user in users])],
                                },
                            )
                        ],
                    }
                )
                .id
            )
            approvals = env["exception.approval"].with_user(agent)
            self.approval_id = approvals._request(case.with_user(agent), None, "Please").id
            self.user_ids = [user.id for user in users]
            self.agent_id, self.partner_id, self.case_id = agent.id, partner.id, case.id

    def _clean_up(self):
        with self.committed() as env:
            approval = SQL("approval_id = %s", self.approval_id)
            env["mail.activity"].search([("res_model", "=", "exception.approval")]).unlink()
            for table in ("token", "decision", "step"):
                name = SQL.identifier(f"exception_approval_{table}")
                # nothing else deletes what was asked and decided
                env.cr.execute(SQL("DELETE FROM %s WHERE %s", name, approval))
            env.cr.execute(SQL("DELETE FROM exception_approval WHERE id = %s", self.approval_id))
            env["exception.case"].browse(self.case_id).unlink()
            env["exception.approval.matrix"].browse(self.matrix_id).unlink()
            users = env["res.users"].browse([*self.user_ids, self.agent_id])
            partners = users.partner_id
            users.unlink()
            partners.unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def _approve(self, env):
        approval = env["exception.approval"].browse(self.approval_id)
        thread = threading.current_thread()
        # the server has authenticated this person
        thread.uid = env.uid
        try:
            return approval.approve()
        finally:
            del thread.uid

    def test_the_second_is_told_at_once(self):
        first_id, second_id = self.user_ids
        with self.registry.cursor() as first:
            env = self._env(first, first_id)
            self.assertEqual(self._approve(env)["state"], "approved")
            env.flush_all()
            # not committed yet: the second neither waits nor decides as well
            with self.registry.cursor() as second:
                with self.assertRaisesRegex(UserError, "decides .* at this moment"):
                    self._approve(self._env(second, second_id))
        with self.committed() as env:
            approval = env["exception.approval"].browse(self.approval_id)
            self.assertEqual(approval.step_ids.decision_ids.user_id.id, first_id)
            with self.assertRaisesRegex(UserError, "decided already"):
                self._approve(self._env(env.cr, second_id))

    def test_a_document_under_change_is_not_decided_on(self):
        with self.registry.cursor() as writer:
            env = self._env(writer, self.agent_id)
            env["res.partner"].sudo().browse(self.partner_id).name = "Changed just now"
            env.flush_all()
            with self.registry.cursor() as cr:
                with self.assertRaisesRegex(UserError, "is being changed at this moment"):
                    self._approve(self._env(cr, self.user_ids[0]))
            writer.rollback()

    def _env(self, cr, uid):
        return Environment(cr, uid, {})
