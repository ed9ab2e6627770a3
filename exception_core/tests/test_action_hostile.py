from datetime import timedelta
from unittest.mock import Mock

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.exception_action_run_webhook import _retry_after
from ..models.exception_action_webhook import HOSTS
from .action_common import ActionCommon
from .approval_common import ApprovalCommon

PAY = "run._say('paid %s' % case.amount)"
AMOUNT = (0, 0, {"name": "amount", "label": "Amount", "kind": "amount"})


@tagged("post_install", "-at_install")
class TestActionHostile(ActionCommon):
    """What people try with actions to get what they may not have."""

    def test_what_is_not_offered_is_not_done_by_hand(self):
        held = self._create_case(hold_step="confirm")
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "not by hand"):
            self.case.with_user(self.user_agent).run_action("drop_task", {"task": held.id})
        action = self.env.ref("exception_core.action_drop_task")
        action.is_offered = True
        run = self._run(action, values={"task": held.id})
        self.assertEqual((run.state, held.state), ("failed", "new"))
        self.assertIn("no task of", run.error)

    def test_negative_amounts_count_against_limits(self):
        action = self._create_action(PAY, money="case", limit_run=50, limit_day=100)
        for amount, state in (
            (-51.0, "proposed"),
            (-50.0, "done"),
            (50.0, "done"),
            (-1.0, "proposed"),
        ):
            with self.subTest(amount):
                case = self._create_case(amount=amount)
                self.assertEqual(self._run(action, case).state, state)

    def test_an_amount_changed_before_it_is_done(self):
        action = self._create_action("raise OSError('busy')", money="case", limit_run=50)
        case = self._create_case(amount=5.0)
        with mute_logger("odoo.addons.base.models.ir_actions"):
            run = self._run(action, case)
        self.assertEqual(run.state, "queued")
        case.with_user(self.user_agent).amount = 5000.0
        action.server_action_id.code = PAY
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            run._execute()
        self.assertEqual(run.state, "proposed")
        self.assertIn("another amount", run.why)

    def test_addresses_that_mean_two_servers(self):
        self.env["ir.config_parameter"].set_param(HOSTS, "good.example.com")
        action = self.env.ref("exception_core.action_webhook").copy({"code": "test_two"})
        action.url = "https://good.example.com/refunds"
        for url in (
            "https://evil.example.com\\@good.example.com/",
            "https://good.example.com@evil.example.com/",
            "https://good.example.com:x@good.example.com/",
            "https:\\\\good.example.com",
            "file://good.example.com/etc/passwd",
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                action.url = url

    def test_later_is_a_day_at_most(self):
        for given, seconds in (("60", 60), ("9" * 15, 24 * 3600), ("9" * 400, None), ("²", None)):
            answer = Mock(headers={"retry-after": given})
            self.assertEqual(_retry_after(answer), seconds)

    def test_released_for_persons_is_no_machine_s(self):
        action = self._create_action()
        action.server_action_id.exception_release = "person"
        run = self._automate(action)
        self.assertEqual(run.state, "proposed")
        self.assertIn("rights of whoever asks only", run.why)
        run.with_user(self.user_agent).submit()
        self.assertEqual(run.state, "done")

    def test_release_taken_back_between(self):
        action = self._create_action(run_as="system")
        run = action.with_user(self.user_agent)._propose(self.case.with_user(self.user_agent))
        action.server_action_id.exception_release = "person"
        run._submit()
        self.assertEqual(run.state, "proposed")


@tagged("post_install", "-at_install")
class TestActionApprovalHostile(ApprovalCommon):
    """What was agreed to is what is done, and by none of those who asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        both = "exception_core.group_approver,exception_core.group_user"
        cls.both = cls._create_approver("both", both)
        cls.action = cls._create_action(PAY, money="case", approval="matrix", run_as="system")
        cls.detector = cls._create_detector()

    def _submit(self, case, user=None, action=None, **values):
        case = case.with_user(user or self.user_agent)
        answer = case.run_action((action or self.action).id, values)
        return self.env["exception.action.run"].browse(answer["run_id"])

    def test_the_amount_of_the_case_changes_while_it_is_asked(self):
        case = self._create_case(amount=10.0)
        run = self._submit(case)
        asked = run.approval_id
        case.with_user(self.user_agent).with_context(tracking_disable=True).amount = 10_000.0
        self.assertEqual(asked.with_user(self.finance).approve()["state"], "stale")
        again = run.approval_id
        self.assertEqual((again.company_amount, run.state), (10_000.0, "approval"))
        self.assertIn("10000", str(asked.changes))

    def test_whoever_asked_first_does_not_decide(self):
        action = self._create_action(
            "run._say(values['amount'])",
            money="input",
            approval="matrix",
            parameter_ids=[AMOUNT],
        )
        self.matrix.write({"level_ids": [(5,), self._level(self.both, self.finance)]})
        run = self._submit(self._create_case(), self.both, action, amount=900)
        run.approval_id.with_user(self.both).withdraw("later")
        self.assertEqual(run.state, "proposed")
        run.with_user(self.user_agent).submit()
        self.assertEqual(run.approval_id.requested_by, self.user_agent)
        self._refused("proposed it", run.approval_id, self.both)
        run.approval_id.with_user(self.finance).approve()
        self.assertEqual(run.state, "done")

    def test_a_policy_that_agrees_when_asked_again_leaves_nothing_stuck(self):
        auto = (0, 0, {"name": "Auto", "is_auto": True, "amount_to": 20.0})
        people = self._level(self.finance, amount_from=20.01)
        self.matrix.write({"level_ids": [(5,), auto, people]})
        action = self._create_action("raise OSError('busy')", money="case", approval="matrix")
        case = self._create_case(amount=50.0, detector_id=self.detector.id)
        run = self._submit(case, action=action)
        with mute_logger("odoo.addons.base.models.ir_actions"):
            run.approval_id.with_user(self.finance).approve()
        self.assertEqual(run.state, "queued")
        # what the record says has changed since
        self.partner.with_user(self.env.user).company_id = self.env.company
        action.server_action_id.code = PAY
        case.amount = 10.0
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            run._execute()
            self.assertEqual(run.approval_id.outcome, "policy")
            run._execute()
        self.assertEqual(run.state, "done")
        self.assertFalse(run.agreed)

    def test_good_customers_of_other_cases_open_no_door(self):
        gold = self.env["exception.tier"].create({"name": "Test gold", "code": "test_gold"})
        good = self.env["res.partner"].create({"name": "Good customer"})
        self.env["exception.partner.tier"].create(
            {"partner_id": good.id, "company_id": self.env.company.id, "tier_id": gold.id}
        )
        level = {"name": "Gold", "is_auto": True, "tier_ids": [(6, 0, gold.ids)]}
        self.matrix.write({"level_ids": [(5,), (0, 0, level)]})
        action = self._create_action(PAY, money="input", approval="matrix", parameter_ids=[AMOUNT])
        honest = self._create_case(partner_id=good.id, res_id=good.id)
        self.assertEqual(honest.tier_id, gold)
        self.assertEqual(self._submit(honest, action=action, amount=5).state, "done")
        case = self._create_case(partner_id=good.id)
        self.assertEqual(case.tier_id, gold)
        run = self._submit(case, action=action, amount=5)
        self.assertEqual(run.approval_id.state, "blocked")

    def test_parts_are_judged_as_a_whole(self):
        auto = (0, 0, {"name": "Auto", "is_auto": True, "amount_to": 20.0})
        people = self._level(self.finance, amount_from=20.01, amount_to=100.0)
        board = self._level(self.director, amount_from=100.01)
        self.matrix.write({"level_ids": [(5,), auto, people, board]})
        action = self._create_action(
            "run._say('paid')",
            model="res.partner",
            money="input",
            approval="matrix",
            run_as="system",
            parameter_ids=[AMOUNT],
        )
        self.assertEqual(self._submit(self._create_case(), action=action, amount=15).state, "done")
        second = self._submit(self._create_case(), action=action, amount=15)
        self.assertEqual(second.approval_id.approver_ids, self.finance)
        self.assertIn("15.00 that the same action has moved", second.approval_id.why)
        second.approval_id.with_user(self.finance).approve()
        third = self._submit(self._create_case(), action=action, amount=80)
        self.assertEqual(third.approval_id.approver_ids, self.director)
        other = self.env["res.partner"].create({"name": "Somebody else"})
        fresh = self._submit(self._create_case(res_id=other.id), action=action, amount=15)
        self.assertEqual(fresh.state, "done")

    def test_nothing_to_say_twice(self):
        case = self._create_case(amount=10.0)
        run = self._submit(case)
        with self.assertRaises(UserError):
            run.with_user(self.user_agent).retry()
        with self.assertRaises(UserError):
            run.with_user(self.user_agent).abandon("mine")
        with self.assertRaises(ValidationError):
            self._submit(case, action=self._create_action(parameter_ids=[AMOUNT]), amount="nan")
