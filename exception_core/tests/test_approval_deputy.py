from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalDeputy(ApprovalCommon):
    """Deputies: asked instead, and both names kept."""

    def _stand_in(self, person, deputy, **overrides):
        values = {"user_id": person.id, "deputy_id": deputy.id, **overrides}
        return self.env["exception.approval.delegation"].create(values)

    def test_the_deputy_is_asked_at_once(self):
        self._stand_in(self.finance, self.director)
        approval = self._ask()
        self.assertEqual(approval.approver_ids, self.director)
        approval.with_user(self.director).approve()
        decision = approval.step_ids.decision_ids
        self.assertEqual((decision.user_id, decision.on_behalf_id), (self.director, self.finance))
        entry = self.env["exception.audit.entry"].search(
            [("case_id", "=", approval.case_id.id), ("event", "=", "approval.decided")]
        )
        self.assertEqual(entry.on_behalf, self.finance.name)
        self.assertEqual(entry.who, self.director.name)

    def test_open_requests_go_over_and_come_back(self):
        approval = self._ask()
        self.assertEqual(approval.approver_ids, self.finance)
        delegation = self._stand_in(self.finance, self.director)
        self.assertEqual(approval.approver_ids, self.director)
        delegation.action_end()
        self.assertEqual(approval.approver_ids, self.finance)
        with self.assertRaisesRegex(UserError, "asks somebody else"):
            approval.with_user(self.director).approve()

    def test_periods_begin_and_end_by_themselves(self):
        approval = self._ask()
        now = fields.Datetime.now()
        self._stand_in(
            self.finance,
            self.director,
            date_from=now + timedelta(days=1),
            date_to=now + timedelta(days=2),
        )
        steps = self.env["exception.approval.step"]
        for days, asked in ((0.5, self.finance), (1.5, self.director), (2.5, self.finance)):
            with freeze_time(now + timedelta(days=days)):
                steps._tick_approvals(fields.Datetime.now())
                self.assertEqual(approval.approver_ids, asked)

    def test_only_while_away(self):
        self._stand_in(self.finance, self.director, only_away=True)
        self.assertEqual(self._ask().approver_ids, self.finance)
        self.finance.exception_away_until = fields.Datetime.now() + timedelta(days=1)
        self.assertEqual(self._ask().approver_ids, self.director)

    def test_no_chain_ends_at_somebody_who_must_not(self):
        self._stand_in(self.finance, self.director)
        third = self._create_approver(
            "third", "exception_core.group_approver,exception_core.group_user"
        )
        self._stand_in(self.director, third)
        self.assertEqual(self._ask().approver_ids, third)
        # the last one asked for it: whoever was meant is asked
        approval = self._ask(user=third)
        self.assertEqual(approval.approver_ids, self.finance)
        with self.assertRaisesRegex(UserError, "asked for it"):
            approval.with_user(third).approve()

    def test_no_chain_through_somebody_who_must_not(self):
        middle = self._create_approver(
            "middle", "exception_core.group_approver,exception_core.group_user"
        )
        self._stand_in(self.finance, middle)
        self._stand_in(middle, self.director)
        self.assertEqual(self._ask(user=middle).approver_ids, self.finance)

    def test_circles_end(self):
        self._stand_in(self.finance, self.director)
        self._stand_in(self.director, self.finance)
        self.assertEqual(self._ask().approver_ids, self.finance)

    def test_person_and_deputy_count_once(self):
        self.matrix.level_ids.write(
            {"mode": "all", "approver_user_ids": [(4, self._create_approver("second").id)]}
        )
        self._stand_in(self.finance, self.director)
        approval = self._ask()
        approval.with_user(self.director).approve()
        self.assertEqual(approval.state, "pending")
        with self.assertRaisesRegex(UserError, "has decided"):
            approval.with_user(self.finance).approve()

    def test_whose_deputy(self):
        delegations = self.env["exception.approval.delegation"]
        values = {"user_id": self.finance.id, "deputy_id": self.director.id}
        with self.assertRaisesRegex(AccessError, "their own deputy"):
            delegations.with_user(self.director).create(values)
        own = delegations.with_user(self.finance).create(values)
        delegations.with_user(self.user_manager).create(
            {"user_id": self.director.id, "deputy_id": self.user_approver.id}
        )
        with self.assertRaisesRegex(ValidationError, "role Approver"):
            delegations.with_user(self.finance).create({**values, "deputy_id": self.user_agent.id})
        for change in ({"deputy_id": self.user_approver.id}, {"user_id": self.director.id}):
            with self.assertRaisesRegex(UserError, "stays as it was made"):
                own.write(change)
        with self.assertRaisesRegex(UserError, "stays for the record"):
            own.unlink()
        own.action_end()
        with self.assertRaisesRegex(UserError, "stays ended"):
            own.write({"date_to": fields.Datetime.now() + timedelta(days=9)})
        with self.assertRaisesRegex(ValidationError, "in the past"):
            delegations.with_user(self.finance).create(
                {**values, "date_from": fields.Datetime.now() - timedelta(days=1)}
            )

    # ------------------------------------------------------------------
    # one request
    # ------------------------------------------------------------------

    def test_handing_on_one_request(self):
        approval = self._ask()
        approval.with_user(self.finance).delegate(self.director.id, "You know them better")
        self.assertEqual(approval.approver_ids, self.director)
        approval.with_user(self.director).approve()
        decision = approval.step_ids.decision_ids
        self.assertEqual((decision.user_id, decision.on_behalf_id), (self.director, self.finance))

    def test_to_whom_it_is_not_handed(self):
        asker = self._create_approver(
            "asker", "exception_core.group_approver,exception_core.group_user"
        )
        approval = self._ask(user=asker)
        for user, words in (
            (asker, "asked for it"),
            (self.user_agent, "role Approver"),
            (self.finance, "Choose to whom"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                approval.with_user(self.finance).delegate(user.id)
        with self.assertRaisesRegex(UserError, "asks somebody else"):
            approval.with_user(self.director).delegate(self.user_approver.id)
