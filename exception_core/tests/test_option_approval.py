from odoo.tests import tagged

from .approval_common import ApprovalCommon
from .option_common import DESCRIBE, OptionCommon


@tagged("post_install", "-at_install")
class TestOptionApproval(ApprovalCommon, OptionCommon):
    """Ways out that need people to agree: who is asked, and who must not answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.describe.approval = "matrix"
        cls.both = cls.finance | cls.director
        cls.matrix.level_ids.approver_user_ids = cls.both
        # an approver who works on cases as well, so that they can propose
        cls.finance.groups_id += cls.env.ref("exception_core.group_user")

    def test_choosing_asks_and_approval_does_it(self):
        options = self._propose()
        self.assertIn("approval: ", options["ship"].needs_words)
        run = self._choose(options["ship"])
        self.assertEqual((run.state, options["ship"].state), ("approval", "chosen"))
        self.assertFalse(self.case.description)
        approval = run.approval_id
        self.assertIn("place 2 of 3", approval.reason)
        approval.with_user(self.finance).approve()
        self.assertEqual((run.state, self.case.description), ("done", "ship"))

    def test_nothing_else_while_it_is_open_and_again_after_a_rejection(self):
        options = self._propose()
        run = self._choose(options["ship"])
        self.assertFalse(self.case.with_user(self.user_agent).can_propose_options)
        with self.assertRaisesRegex(Exception, "not over yet"):
            self._propose()
        run.approval_id.with_user(self.finance).reject("No")
        again = self._propose()
        self.assertEqual(set(again), {"ship", "split", "refund"})
        self.assertFalse(set(again.values()) & set(options.values()))
        self.assertEqual(options["ship"].state, "chosen")

    def test_the_proposer_of_the_option_cannot_approve(self):
        options = self._propose(user=self.finance)
        self.assertEqual(options["ship"].proposer_ids, self.finance)
        approval = self._choose(options["ship"]).approval_id
        self.assertEqual(approval.approver_ids, self.director)
        self._refused("proposed it", approval, self.finance)
        approval.with_user(self.director).approve()
        self.assertEqual(self.case.description, "ship")

    def test_proposing_anew_does_not_wash_the_proposer_away(self):
        self._propose(user=self.finance)
        options = self._propose(user=self.user_agent)
        self.assertEqual(options["ship"].proposer_ids, self.finance | self.user_agent)
        approval = self._choose(options["ship"]).approval_id
        self._refused("proposed it", approval, self.finance)

    def test_whoever_chose_cannot_approve_what_another_submits(self):
        self.describe.write({"approval": "never", "money": "case", "limit_run": 5.0})
        self.case.write({"amount": 10.0})
        self.case.user_id = self.user_agent
        run = self._choose(self._propose(user=self.user_agent)["ship"], user=self.finance)
        self.assertEqual(run.state, "proposed")
        self.describe.write({"approval": "matrix"})
        run.with_user(self.user_agent).submit()
        self.assertEqual((run.state, run.requested_by), ("approval", self.user_agent))
        self._refused("proposed it", run.approval_id, self.finance)

    def test_a_request_that_was_there_before_counts_as_well(self):
        """The same key: one run, which somebody else had asked for by hand."""
        self.describe.key_template = "{action}/{case}"
        self.describe.write({"approval": "never", "money": "case", "limit_run": 5.0})
        self.case.amount = 10.0
        before = self._run(self.describe, values={"text": "x"})
        self.assertEqual(before.state, "proposed")
        self.describe.write({"approval": "matrix"})
        options = self._propose(user=self.finance)
        run = self._choose(options["ship"])
        self.assertEqual((run, run.state), (before, "approval"))
        self._refused("proposed it", run.approval_id, self.finance)

    def test_a_policy_that_agrees_by_itself_is_no_need(self):
        self.matrix.level_ids = [(5, 0, 0), self._level(is_auto=True, name="Auto", amount_to=5.0)]
        kept = self._create_detector("res.partner")
        case = self._create_case(detector_id=kept.id, user_id=self.user_agent.id)
        options = self._propose(case)
        self.assertFalse(options["ship"].needs)
        self.assertEqual(self._choose(options["ship"]).state, "done")

    def test_nobody_could_approve_comes_last(self):
        free = self._create_action(DESCRIBE, parameter_ids=self._text(), name="Free")
        self.ways = [self._way("asks"), self._way("free", action=free, cost=900.0)]
        self.matrix.enabled = False
        options = self._propose()
        self.assertEqual(list(options), ["free", "asks"])
        self.assertIn("No approval policy", options["asks"].problem)
        self.assertIn("Comes last", options["asks"].why)

    def test_above_the_limit_comes_last(self):
        self.describe.write({"approval": "never", "money": "case", "limit_run": 5.0})
        free = self._create_action(DESCRIBE, parameter_ids=self._text(), name="Free")
        self.ways = [self._way("moves"), self._way("free", action=free, cost=900.0)]
        self.case.amount = 10.0
        options = self._propose()
        self.assertEqual(list(options), ["free", "moves"])
        self.assertIn("above what one run", options["moves"].why)

    def _text(self):
        return [(0, 0, {"name": "text", "label": "Text", "kind": "text"})]
