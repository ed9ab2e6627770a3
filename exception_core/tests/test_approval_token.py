import base64
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalToken(ApprovalCommon):
    """A token is good for one request, one person and one decision, for a while."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # least privilege: not even an employee
        cls.robot = new_test_user(
            cls.env,
            "test_exception_robot",
            groups="base.group_portal,exception_core.group_middleware",
        )

    def setUp(self):
        super().setUp()
        self.approval = self._ask()
        self.token = self.approval.with_user(self.finance).draw_decision_token()
        self.row = self.env["exception.approval.token"].search(
            [("approval_id", "=", self.approval.id), ("purpose", "=", "middleware")]
        )

    def _bring(self, token=None, decision="approve", comment=None, user=None):
        approvals = self.env["exception.approval"].with_user(user or self.robot)
        return approvals.decide_by_token(token or self.token, decision, comment)

    def _assert_undecided(self):
        self.assertEqual(self.approval.state, "pending")
        self.assertFalse(self.approval.step_ids.decision_ids)
        self.assertFalse(self.row.used_at)

    def test_middleware_brings_the_decision_of_a_person(self):
        answer = self._bring(comment="Fine by chat")
        self.assertEqual(answer["state"], "approved")
        decision = self.approval.step_ids.decision_ids
        self.assertEqual((decision.user_id, decision.way), (self.finance, "token"))
        self.assertEqual(decision.brought_by_id, self.robot)
        self.assertEqual((self.row.carried_by_id, bool(self.row.used_at)), (self.robot, True))
        self.assertIn(self.robot.name, self.approval.step_ids.decided_by)

    def test_the_trail_names_both(self):
        self._bring()
        entries = self.env["exception.audit.entry"].search(
            [("case_id", "=", self.approval.case_id.id)]
        )
        decided = entries.filtered(lambda one: one.event == "approval.decided")
        brought = entries.filtered(lambda one: one.event == "approval.brought")
        self.assertEqual(decided.user_id, self.finance)
        self.assertEqual((brought.user_id, brought.on_behalf_id), (self.robot, self.finance))

    def test_it_is_good_once(self):
        self._bring(decision="reject", comment="No")
        with self.assertRaisesRegex(UserError, "rejected this request"):
            self._bring()
        self.assertEqual(self.approval.state, "rejected")

    def test_a_refused_decision_does_not_spend_it(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self._bring(decision="reject")
        with self.assertRaisesRegex(UserError, "Approve or reject"):
            self._bring(decision="perhaps")
        self._assert_undecided()
        self._bring(decision="reject", comment="Too much")
        self.assertEqual(self.approval.state, "rejected")

    def test_it_expires(self):
        with freeze_time(fields.Datetime.now() + timedelta(hours=73)):
            with self.assertRaisesRegex(UserError, "few days"):
                self._bring()
        self._assert_undecided()

    def test_it_ends_with_the_request(self):
        self.approval.with_user(self.user_agent).withdraw("Mistake")
        with self.assertRaisesRegex(UserError, "withdrawn"):
            self._bring()

    def test_it_ends_when_the_person_decides_elsewhere(self):
        self.matrix.level_ids.write({"mode": "all", "approver_user_ids": [(4, self.director.id)]})
        approval = self._ask()
        token = approval.with_user(self.finance).draw_decision_token()
        approval.with_user(self.finance).approve()
        with self.assertRaisesRegex(UserError, "no longer needed"):
            self._bring(token)
        self.assertEqual(approval.state, "pending")

    def test_only_the_group_brings_decisions(self):
        for user in (self.user_agent, self.finance, self.user_manager, self.user_admin):
            with self.assertRaises(AccessError):
                self._bring(user=user)
        self._assert_undecided()

    def test_the_robot_reads_and_writes_nothing(self):
        for name in ("exception.approval", "exception.approval.token", "exception.case"):
            with self.assertRaises(AccessError):
                self.env[name].with_user(self.robot).search([])
        with self.assertRaises(AccessError):
            self.approval.with_user(self.robot).approve()
        self._assert_undecided()

    def test_whoever_asked_does_not_bring_the_answer(self):
        self.user_agent.groups_id |= self.env.ref("exception_core.group_middleware")
        with self.assertRaisesRegex(AccessError, "does not bring the answer"):
            self._bring(user=self.user_agent)
        self._assert_undecided()

    def test_the_checks_of_the_persons_own_click_are_made(self):
        self.finance.groups_id -= self.env.ref("exception_core.group_approver")
        with self.assertRaises(UserError):
            self._bring()
        self._assert_undecided()

    def test_a_forged_token_is_none(self):
        nonce, signature = self.token.split(".")
        other = base64.urlsafe_b64encode(b"x" * 32).rstrip(b"=").decode()
        for token in (
            f"{nonce}.{other}",
            f"{other}.{signature}",
            nonce,
            f"{nonce}.",
            self.token[:-2],
            "",
            "ü.ü",
            None,
            17,
        ):
            with self.subTest(token=token), self.assertRaisesRegex(UserError, "no decision token"):
                self._bring(token or ".")
        self._assert_undecided()

    def test_a_changed_row_makes_no_token(self):
        """Whoever writes the table still lacks the secret of the database."""
        for column, value in (
            ("user_id", self.director.id),
            ("expires_at", fields.Datetime.now() + timedelta(days=999)),
            ("step_id", self._ask().step_ids.id),
        ):
            self.env.flush_all()
            with self.subTest(column=column), self.env.cr.savepoint() as undo:
                self.env.cr.execute(
                    SQL(
                        "UPDATE exception_approval_token SET %s = %s WHERE id = %s",
                        SQL.identifier(column),
                        value,
                        self.row.id,
                    )
                )
                self.env.invalidate_all()
                with self.assertRaisesRegex(UserError, "no decision token"):
                    self._bring()
                undo.rollback()
        self.env.invalidate_all()
        self._assert_undecided()

    def test_the_table_does_not_hold_the_token(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT t::text FROM exception_approval_token t")
        text = " ".join(row[0] for row in self.env.cr.fetchall())
        for part in self.token.split("."):
            self.assertNotIn(part, text)
        with self.assertRaises(AccessError):
            self.row.with_user(self.user_admin).read(["nonce_hash"])

    def test_nobody_makes_or_changes_tokens_by_hand(self):
        values = {
            "step_id": self.approval.step_ids.id,
            "user_id": self.director.id,
            "purpose": "middleware",
            "nonce_hash": "x",
            "expires_at": fields.Datetime.now(),
        }
        for user in (self.finance, self.user_admin, self.env.user):
            with self.assertRaises(UserError):
                self.env["exception.approval.token"].with_user(user).create(values)
            with self.assertRaises(UserError):
                self.row.with_user(user).write({"used_at": False, "user_id": self.director.id})
            with self.assertRaises(UserError):
                self.row.with_user(user).unlink()

    def test_one_draws_for_oneself_only(self):
        for user in (self.user_admin, self.user_manager, self.robot):
            with self.assertRaises(AccessError):
                self.approval.with_user(user).draw_decision_token(self.finance.id)

    def test_who_is_not_asked_draws_nothing(self):
        with self.assertRaises(UserError):
            self.approval.with_user(self.director).draw_decision_token()
        with self.assertRaises(UserError):
            self.approval.with_user(self.user_agent).draw_decision_token()

    def test_middleware_draws_only_where_the_settings_say_so(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("exception_core.approval_middleware_draws", "yes")
        token = self.approval.with_user(self.robot).draw_decision_token(self.finance.id)
        with self.assertRaises(UserError):
            self.approval.with_user(self.robot).draw_decision_token(self.director.id)
        with self.assertRaises(AccessError):
            self.approval.with_user(self.user_admin).draw_decision_token(self.finance.id)
        self._bring(token)
        self.assertEqual(self.approval.state, "approved")

    def test_a_token_is_no_mail_link_and_the_other_way_round(self):
        tokens = self.env["exception.approval.token"]
        self.assertFalse(tokens._find(self.token, "mail"))
        links = tokens._draw(self.approval.step_ids, self.finance, "mail", timedelta(days=1))
        with self.assertRaisesRegex(UserError, "no decision token"):
            self._bring(links[self.finance])
