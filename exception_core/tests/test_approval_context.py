from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalContext(ApprovalCommon):
    """What an approver reads before deciding."""

    def _facts(self, approval):
        return approval.with_user(self.finance)._facts_of()

    def _assert_for(self, words, approval):
        self.assertIn(words, " ".join(self._facts(approval)[0]))

    def _assert_against(self, words, approval):
        self.assertIn(words, " ".join(self._facts(approval)[1]))

    def test_the_request_in_one_sentence(self):
        approval = self._ask(amount=250.0, partner_id=self.partner.id).with_user(self.finance)
        self.assertIn(self.user_agent.name, approval.sentence)
        self.assertIn(approval.name, approval.sentence)
        self.assertIn("250.00 stays at stake", approval.impact.replace("\xa0", " "))
        self.assertIn("carried out at once", approval.when_approved)
        self.assertIn("goes back to", approval.when_rejected)
        self.assertIn("no time limit", approval.when_silent)

    def test_the_next_level_is_named(self):
        self.matrix.level_ids = [self._level(self.director, sequence=20)]
        approval = self._ask()
        self.assertIn(self.director.name, approval.when_approved)

    def test_silence_never_approves(self):
        approval = self._ask()
        approval.step_ids._store({"due_at": fields.Datetime.now() + timedelta(hours=4)})
        self.assertIn("escalated", approval.when_silent)
        self.assertIn("never approved by silence", approval.when_silent)

    def test_decisions_in_words(self):
        self.matrix.level_ids = [self._level(self.director, sequence=20)]
        approval = self._ask()
        approval.with_user(self.finance).approve("Fine by me")
        words = approval.step_ids[0].decided_by
        self.assertIn(self.finance.name, words)
        self.assertIn("Fine by me", words)

    def test_history_counts_what_the_approver_may_read(self):
        for answer in ("approve", "approve", "reject"):
            old = self._ask(partner_id=self.partner.id, title="Write off")
            approver = old.with_user(self.finance)
            approver.approve() if answer == "approve" else approver.reject("No")
        secret_team = self._create_team(private=True, lead_id=self.user_manager.id)
        hidden = self._ask(
            case=self._create_case(
                title="Write off", partner_id=self.partner.id, team_id=secret_team.id
            ),
            user=self.user_manager,
        )
        hidden._store({"state": "approved"})
        approval = self._ask(partner_id=self.partner.id, title="Write off").with_user(self.finance)
        self.assertEqual(len(approval.history_ids), 3)
        self.assertIn("2 approved, 1 rejected", approval.history)
        self._assert_against("1 of 3 such requests", approval)
        self._assert_against("request number 4", approval)
        self.assertEqual(
            approval.action_open_history()["domain"], [("id", "in", approval.history_ids.ids)]
        )

    def test_another_customer_has_another_history(self):
        self._ask(partner_id=self.partner.id).with_user(self.finance).approve()
        other = self.env["res.partner"].create({"name": "Other"})
        self.assertFalse(self._ask(partner_id=other.id).history_ids)

    def test_loss_and_gain(self):
        approval = self._ask()
        approval._store({"has_margin": True, "margin_before": 50.0, "margin_after": -10.0})
        self._assert_against("at a loss", approval)
        approval._store({"margin_after": 20.0})
        self._assert_against("margin falls", approval)
        approval._store({"margin_after": 80.0})
        self._assert_for("margin grows", approval)

    def test_what_is_at_stake_and_what_it_costs(self):
        approval = self._ask(amount=1000.0)
        approval._store({"company_amount": 20.0})
        self._assert_for("20.00; ", approval)

    def test_share_of_what_the_customer_bought(self):
        tier = self.env["exception.partner.tier"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.env.company.id,
                "revenue": 100_000.0,
            }
        )
        approval = self._ask(partner_id=self.partner.id, amount=100.0)
        self._assert_for("0.1 % of what the customer bought", approval)
        tier.revenue = 500.0
        self.env.invalidate_all()
        self._assert_against("20.0 % of what the customer bought", approval)

    def test_a_case_that_came_back(self):
        case = self._create_case(amount=10.0)
        case.sudo().reopen_count = 2
        self._assert_against("happened before", self._ask(case=case))

    def test_three_of_each_at_most_the_weightiest_first(self):
        case = self._create_case(amount=10.0, partner_id=self.partner.id)
        case.reopen_count = 1
        detector = self._create_detector()
        case.write({"detector_id": detector.id, "condition_active": False})
        approval = self._ask(case=case)
        approval._store({"has_margin": True, "margin_before": 50.0, "margin_after": -10.0})
        against = self._facts(approval)[1]
        self.assertEqual(len(against), 3)
        self.assertIn("loss", against[0])
        self.assertIn("gone", against[1])

    def test_papers_of_the_case(self):
        case = self._create_case(amount=10.0)
        paper = self.env["ir.attachment"].create(
            {"name": "damage.txt", "raw": b"x", "res_model": case._name, "res_id": case.id}
        )
        approval = self._ask(case=case).with_user(self.finance)
        self.assertEqual(approval.document_ids, paper)

    def test_statements_of_the_screen_do_not_grow_with_the_history(self):
        def read(approval):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            approval.with_user(self.finance).read(
                ["sentence", "history", "facts_for", "facts_against", "impact", "my_refusal"]
            )
            return self.env.cr.sql_log_count - before

        approval = self._ask(partner_id=self.partner.id)
        few = read(approval)
        for _number in range(20):
            self._ask(partner_id=self.partner.id)._store({"state": "approved"})
        self.assertLessEqual(read(approval), few + 3)
