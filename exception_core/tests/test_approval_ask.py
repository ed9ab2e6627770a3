from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .action_common import ActionCommon
from .approval_common import ApprovalCommon

WRITE = "case.write({'description': 'refunded %s' % values.get('sum')})"


@tagged("post_install", "-at_install")
class TestApprovalAsk(ApprovalCommon, ActionCommon):
    """An agent asks for approval from the case: which action, with which inputs, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case(user_id=cls.user_agent.id)
        # small sums need nobody; more is refused unless people agree
        cls.refund = cls._create_action(
            WRITE,
            run_as="system",
            money="input",
            limit_run=50.0,
            parameter_ids=[(0, 0, {"name": "sum", "label": "Sum", "kind": "amount"})],
        )

    def _dialog(self, **values):
        action = self.case.with_user(self.user_agent).action_request_approval()
        form = Form(
            self.env["exception.action.dialog"]
            .with_user(self.user_agent)
            .with_context(**action["context"])
        )
        form.action_id = self.refund
        form.values = {"sum": 80.0}
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def test_what_is_above_a_limit_is_done_once_people_agree(self):
        case = self.case.with_user(self.user_agent)
        refused = case.run_action(self.refund.id, {"sum": 80.0})
        self.assertEqual(refused["state"], "proposed")
        answer = case.request_approval(self.refund.id, {"sum": 80.0}, "The parcel was lost")
        self.assertEqual((answer["state"], case.state), ("approval", "approval"))
        self.assertFalse(self.case.description)
        run = self.env["exception.action.run"].browse(answer["run_id"])
        self.assertEqual(run.approval_id.company_amount, 80.0)
        self.assertEqual(run.approval_id.reason, "The parcel was lost")
        run.approval_id.with_user(self.finance).approve()
        self.assertEqual((run.state, self.case.description), ("done", "refunded 80.0"))

    def test_whoever_asked_does_not_approve_it(self):
        self.matrix.level_ids.approver_user_ids = self.user_agent | self.finance
        self.user_agent.groups_id |= self.env.ref("exception_core.group_approver")
        case = self.case.with_user(self.user_agent)
        run_id = case.request_approval(self.refund.id, {"sum": 10.0}, "Please")["run_id"]
        request = self.env["exception.action.run"].browse(run_id).approval_id
        self.assertEqual(request.approver_ids, self.finance)
        self._refused("asked for it", request, self.user_agent)

    def test_the_dialog_says_who_is_asked_before(self):
        form = self._dialog()
        self.assertIn(self.finance.name, form.who)
        with self.assertRaisesRegex(AssertionError, "required"):
            form.save()
        form.reason = "The parcel was lost"
        answer = form.save().action_request()
        self.assertIn(self.finance.name, answer["params"]["message"])
        self.assertEqual(self.case.state, "approval")

    def test_bands_are_those_of_the_sum_that_is_asked_for(self):
        self.matrix.level_ids.amount_to = 50.0
        form = self._dialog()
        self.assertIn("No level of the policy", form.who)
        form.values = {"sum": 20.0}
        self.assertIn(self.finance.name, form.who)

    def test_a_policy_may_agree_at_once(self):
        detector = self._create_detector()
        case = self._create_case(detector_id=detector.id)
        self.matrix.level_ids = [(5,), (0, 0, {"name": "Auto", "is_auto": True, "amount_to": 20.0})]
        self.refund.approval = "matrix"
        action = case.with_user(self.user_agent).action_request_approval()
        dialog = self.env["exception.action.dialog"].with_user(self.user_agent)
        dialog = dialog.with_context(**action["context"]).create(
            {"action_id": self.refund.id, "values": {"sum": 5.0}, "reason": "Small"}
        )
        answer = dialog.action_request()
        self.assertIn("Carried out", answer["params"]["message"])
        self.assertEqual(case.description, "refunded 5.0")

    def test_where_nobody_can_decide_it_says_so(self):
        self.matrix.enabled = False
        form = self._dialog(reason="Please")
        self.assertIn("No approval policy", form.who)
        answer = form.save().action_request()
        self.assertIn("No approval policy", answer["params"]["message"])
        self.assertEqual(self.case.approval_ids.state, "blocked")

    def test_why_is_needed_whatever_the_view_does(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.case.with_user(self.user_agent).request_approval(self.refund.id, {"sum": 1.0})
        self.assertFalse(self.case.run_ids)

    def test_who_may_not_do_it_may_not_ask_for_it(self):
        self.refund.group_ids = self.env.ref("exception_core.group_manager")
        with self.assertRaises(AccessError):
            self.case.with_user(self.user_agent).request_approval(self.refund.id, {}, "Please")
        with self.assertRaises(AccessError):
            self.case.with_user(self.user_auditor).request_approval(self.refund.id, {}, "Please")
