import threading
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon

OVERRIDE = "exception_core.approval_admin_override"


@tagged("post_install", "-at_install")
class TestApprovalDuty(ApprovalCommon):
    """Segregation of duties: every attempt to decide what one must not decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls.finance | cls.director
        cls.matrix.level_ids.approver_user_ids = cls.both
        # an approver who works on cases as well, so that they can ask and own
        cls.finance.groups_id += cls.env.ref("exception_core.group_user")

    def _only_director(self, words, approval):
        """Assert that finance is left out with these words, at once and when trying."""
        self.assertEqual(approval.approver_ids, self.director)
        self.assertRegex(approval.step_ids.left_out, words)
        self._refused(words, approval, self.finance)
        approval.with_user(self.director).approve()
        self.assertEqual(approval.state, "approved")

    def test_requester(self):
        self._only_director("asked for it", self._ask(user=self.finance))

    def test_owner_at_the_question(self):
        case = self._create_case(user_id=self.finance.id)
        approval = self._ask(case)
        # given away since, to get round it
        case.user_id = self.user_colleague
        self._only_director("owns the case", approval)

    def test_owner_since(self):
        approval = self._ask()
        self.assertEqual(approval.approver_ids, self.both)
        approval.case_id.user_id = self.finance
        self._refused("owns the case", approval, self.finance)

    def test_initiator(self):
        partners = self.env["res.partner"].with_user(self.finance).sudo()
        # without a message that names them: the record itself does
        partner = partners.with_context(mail_create_nolog=True).create({"name": "Mine"})
        self._only_director("made the document", self._ask(res_id=partner.id))

    def test_web_users_do_not_hide_the_person(self):
        website = self.env.ref("base.public_user")
        order = self.env["res.partner"].with_user(website).sudo().create({"name": "Web order"})
        order.message_ids[:1].author_id = self.finance.partner_id
        self._only_director("made the document", self._ask(res_id=order.id))

    def test_salesperson(self):
        self.partner.user_id = self.finance
        self._only_director("is responsible", self._ask())

    def test_last_editor(self):
        self.partner.with_user(self.finance).sudo().write({"ref": "changed"})
        self._only_director("changed what is to be approved", self._ask())

    def test_editor_of_the_amount(self):
        case = self._create_case(amount=10.0)
        case.with_user(self.finance).amount = 5.0
        self.flush_tracking()
        # somebody else after them does not hide them
        case.with_user(self.user_agent).amount = 6.0
        self.flush_tracking()
        self._only_director("changed what is to be approved", self._ask(case))

    def test_another_level(self):
        self.matrix.write(
            {"level_ids": [self._level(self.both[0], self.both[1], name="Second", sequence=20)]}
        )
        approval = self._ask()
        approval.with_user(self.finance).approve()
        self.assertEqual(approval._open_steps().name, "Second")
        self._refused_again("has decided another level", approval, self.finance)
        approval.with_user(self.director).approve()
        self.assertEqual(approval.state, "approved")

    def _refused_again(self, words, approval, user):
        with self.assertRaisesRegex(UserError, words):
            approval.with_user(user).approve()

    def test_deputy_of_one_of_these(self):
        self.env["exception.approval.delegation"].create(
            {"user_id": self.user_agent.id, "deputy_id": self.finance.id}
        )
        self._only_director("deputy of test_exception_agent", self._ask(user=self.user_agent))

    def test_two_decisions_of_one_person_count_once(self):
        self.matrix.level_ids.mode = "all"
        approval = self._ask()
        approval.with_user(self.finance).approve()
        self._refused_again("has decided", approval, self.finance)
        self.assertEqual(approval.state, "pending")

    def test_superuser_is_no_person(self):
        root = self.env["res.users"].browse(SUPERUSER_ID)
        # Odoo keeps it archived; that is not what this rests on
        self.env.cr.execute("UPDATE res_users SET active = true WHERE id = %s", (root.id,))
        root.invalidate_recordset()
        self.matrix.level_ids.approver_user_ids += root
        self._refused("Only a person", self._ask(), root)

    def test_nobody_takes_on_the_name_of_somebody_else(self):
        approval = self._ask()
        thread = threading.current_thread()
        # what code of an administrator sees: the server has authenticated the administrator
        with patch.object(thread, "uid", self.user_admin.id, create=True):
            self._refused("You are not", approval, self.finance)
            self._refused("You are not", approval.sudo(), self.finance)
        with patch.object(thread, "uid", self.finance.id, create=True):
            approval.with_user(self.finance).approve()
        self.assertEqual(approval.state, "approved")

    def test_jobs_do_not_decide(self):
        approval = self._ask()
        module = "odoo.addons.exception_core.models.res_users_actor.in_test"
        with patch(module, return_value=False):
            self._refused("Nobody is logged in", approval, self.finance)

    def test_outsiders(self):
        approval = self._ask()
        portal = self._create_user("test_portal_decides", "base.group_portal")
        for user in (portal, self.user_outsider):
            with self.assertRaises(AccessError):
                approval.with_user(user).approve()
        self._refused("The policy asks somebody else", approval, self.user_approver)
        for step in approval.step_ids:
            with self.assertRaisesRegex(UserError, "Only a person of the company"):
                step._decide("approve", user=portal)

    def test_another_company(self):
        approval = self._ask()
        other = self.env["res.company"].create({"name": "Other"})
        self.finance.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            approval.with_user(self.finance).approve()
        with self.assertRaisesRegex(UserError, "no access to"):
            approval.step_ids._decide("approve", user=self.finance)

    def test_lost_the_role_meanwhile(self):
        self.finance.groups_id -= self.env.ref("exception_core.group_user")
        approval = self._ask()
        self.assertIn(self.finance, approval.approver_ids)
        self.finance.groups_id -= self.env.ref("exception_core.group_approver")
        with self.assertRaisesRegex(UserError, "none of the roles"):
            approval.step_ids._decide("approve", user=self.finance)

    def test_lost_the_group_of_the_level_meanwhile(self):
        board = self.env["res.groups"].create({"name": "Board", "users": [(6, 0, self.both.ids)]})
        self.matrix.level_ids.write(
            {"approver_user_ids": [(5,)], "approver_group_ids": [(6, 0, board.ids)]}
        )
        approval = self._ask()
        self.assertEqual(approval.approver_ids, self.both)
        board.users -= self.finance
        self._refused("asks somebody else", approval, self.finance)

    def test_left_the_company(self):
        approval = self._ask()
        self.finance.active = False
        with self.assertRaisesRegex(UserError, "Only a person"):
            approval.step_ids._decide("approve", user=self.finance)

    def test_a_private_team_is_not_for_everybody(self):
        team = self._create_team(private=True, lead_id=self.user_manager.id)
        approval = self._ask(user=self.user_manager, team_id=team.id)
        self.assertEqual(approval.state, "blocked")
        self.assertIn("does not see cases", approval.problem)

    # ------------------------------------------------------------------
    # administrators
    # ------------------------------------------------------------------

    def test_administrators_are_not_above_it(self):
        self.matrix.level_ids.approver_user_ids = self.user_admin
        approval = self._ask(user=self.user_admin)
        self.assertEqual(approval.state, "blocked")
        self.assertIn("asked for it", approval.problem)

    def test_a_setting_puts_them_above_it_and_says_so(self):
        self.env["ir.config_parameter"].set_param(OVERRIDE, "yes")
        self.matrix.level_ids.approver_user_ids = self.user_admin | self.finance
        approval = self._ask(user=self.user_admin)
        approval.with_user(self.user_admin).approve()
        self.assertEqual(approval.state, "approved")
        self.assertIn("asked for it", approval.step_ids.decision_ids.override)
        entry = self.env["exception.audit.entry"].search(
            [("case_id", "=", approval.case_id.id), ("event", "=", "approval.decided")]
        )
        self.assertTrue(entry.is_override)
        self.assertIn("asked for it", entry.data)
        # nobody else is lifted by it
        self._refused("asked for it", self._ask(user=self.finance), self.finance)

    def flush_tracking(self):
        """Let messages say what was changed, as at the end of a request."""
        self.env.flush_all()
        self.cr.precommit.run()
