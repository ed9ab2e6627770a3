from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.mail_template import LINK_TEMPLATE
from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalLinkSecret(ApprovalCommon):
    """Whoever asks never gets hold of the link that decides in somebody else's name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance.email = "finance@example.com"
        cls.template = cls.env.ref(LINK_TEMPLATE)

    def _sent(self):
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        self._ask()
        mail = self.env["mail.mail"].search([("id", ">", last)])
        self.assertEqual(mail.recipient_ids, self.finance.partner_id)
        self.assertIn("/exception/approval/", mail.body_html)
        return mail

    def test_the_mail_that_waits_is_read_by_nobody(self):
        message = self._sent().mail_message_id
        self.assertEqual(message.create_uid.id, SUPERUSER_ID)
        self.env.flush_all()
        for role in ("agent", "lead", "manager", "admin", "outsider"):
            with self.subTest(role):
                with self.assertRaises(AccessError):
                    message.with_user(self.users[role]).read(["body"])

    def test_nobody_of_the_desk_changes_the_mail(self):
        for role in ("agent", "manager", "admin", "outsider"):
            mine = self.template.with_user(self.users[role])
            with self.subTest(role):
                with self.assertRaisesRegex(UserError, "link"):
                    mine.write({"email_cc": "thief@example.com"})
                with self.assertRaisesRegex(UserError, "link"):
                    mine.update_field_translations("body_html", {"en_US": {"Approve": "x"}})
                with self.assertRaisesRegex(UserError, "link"):
                    mine.unlink()
        system = self._create_user("test_exception_system", "base.group_system")
        self.template.with_user(system).write({"subject": "Please decide"})

    def test_a_copy_to_somebody_else_is_not_sent(self):
        self.template.write({"email_cc": "thief@example.com", "email_to": "thief@example.com"})
        mail = self._sent()
        self.assertFalse(mail.email_cc or mail.email_to)


@tagged("post_install", "-at_install")
class TestApprovalTyped(ApprovalCommon):
    """What a person changed on a case is known, however they changed it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.detector = cls._create_detector()
        auto = (0, 0, {"name": "Auto", "is_auto": True, "amount_to": 20.0})
        cls.matrix.write({"level_ids": [(5,), auto, cls._level(cls.finance, amount_from=20.01)]})

    def setUp(self):
        super().setUp()
        self.case = self._create_case(detector_id=self.detector.id, amount=500.0)
        self.env.flush_all()

    def test_without_tracking(self):
        for key in ("tracking_disable", "mail_notrack", "mail_create_nolog"):
            with self.subTest(key):
                case = self.case.with_user(self.user_agent).with_context(**{key: True})
                case.write({"amount": 5.0})
                self.env.flush_all()
                approval = self._ask(self.case)
                self.assertEqual((approval.state, approval.outcome), ("blocked", False))
                approval.withdraw()

    def test_messages_deleted(self):
        case = self.case.with_user(self.user_agent)
        case.write({"amount": 5.0})
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.case.message_ids.sudo().unlink()
        self.assertEqual(self._ask(self.case).state, "blocked")

    def test_the_opener_who_changes_it_counts(self):
        # a detector opens cases in the transaction of whoever saves the record
        opened = (
            self.case.with_user(self.user_agent)
            .sudo()
            ._open_batch(
                [
                    {
                        "detector_id": self.detector.id,
                        "type_id": self.case_type.id,
                        "res_model": "res.partner",
                        "res_id": self.partner.id,
                        "fingerprint": "mine",
                        "amount": 500.0,
                        "company_id": self.env.company.id,
                    }
                ]
            )
        )
        opened.with_user(self.user_agent).with_context(tracking_disable=True).write({"amount": 5})
        self.assertEqual(self._ask(opened).state, "blocked")

    def test_whoever_changed_it_does_not_decide(self):
        both = self._create_approver(
            "both", "exception_core.group_approver,exception_core.group_user"
        )
        self.matrix.write({"level_ids": [(5,), self._level(both, self.finance)]})
        self.case.with_user(both).with_context(tracking_disable=True).write({"amount": 5.0})
        approval = self._ask(self.case)
        self._refused("changed what is to be approved", approval, both)

    def test_what_the_detector_refreshes_is_typed_by_nobody(self):
        self.case.with_user(self.user_agent).sudo()._reopen_batch([(self.case, {"amount": 7.0})])
        self.assertEqual(self._ask(self.case).outcome, "policy")


@tagged("post_install", "-at_install")
class TestApprovalChosenDeputy(ApprovalCommon):
    """Whoever must not decide does not choose who decides either."""

    def _stand_in(self, person, deputy, user=None, **overrides):
        delegations = self.env["exception.approval.delegation"].with_user(user or person)
        values = {"user_id": person.id, "deputy_id": deputy.id, **overrides}
        return delegations.create(values).sudo()

    def test_a_manager_chooses_nobody_for_their_own_request(self):
        self._stand_in(self.finance, self.director, self.user_manager)
        own = self._ask(user=self.user_manager)
        self.assertEqual(own.approver_ids, self.finance)
        self._refused("asks somebody else", own, self.director)
        own.with_user(self.finance).approve()
        # for what others ask for they do
        other = self._ask()
        self.assertEqual(other.approver_ids, self.director)
        other.with_user(self.director).approve()
        self.assertEqual(other.step_ids.decision_ids.on_behalf_id, self.finance)

    def test_every_deputy_of_whoever_asks_is_out(self):
        third = self._create_approver("third")
        self.matrix.level_ids.approver_user_ids = self.finance | self.director | third
        self._stand_in(self.user_agent, self.finance)
        # the last one decides whom the agent's own decisions go to; the first is one all the same
        self._stand_in(self.user_agent, self.director)
        approval = self._ask()
        self.assertEqual(approval.approver_ids, third)
        self._refused("deputy of test_exception_agent", approval, self.finance)
        self._refused("deputy of test_exception_agent", approval, self.director)

    def test_the_deputy_of_a_deputy_is_out(self):
        self.matrix.level_ids.approver_user_ids = self.finance | self.director
        self._stand_in(self.user_agent, self.user_approver)
        self._stand_in(self.user_approver, self.finance)
        approval = self._ask()
        self.assertEqual(approval.approver_ids, self.director)
        self._refused("deputy of test_exception_agent", approval, self.finance)
