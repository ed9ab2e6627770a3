from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .action_common import ActionCommon
from .approval_common import ApprovalCommon

WRITE = "case.write({'description': (case.description or '') + 'x'})"


@tagged("post_install", "-at_install")
class TestApprovalCase(ApprovalCommon, ActionCommon):
    """What a case and an action do while people decide, and afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case(amount=100.0, user_id=cls.user_agent.id)

    def _guarded(self, code=WRITE, **overrides):
        return self._create_action(code, **{"approval": "matrix", **overrides})

    def _requested(self, **overrides):
        run = self._run(self._guarded(**overrides))
        return run, run.sudo().approval_id

    # ------------------------------------------------------------------
    # actions
    # ------------------------------------------------------------------

    def test_approved_is_carried_out_once(self):
        run, approval = self._requested()
        self.assertEqual((run.state, approval.state), ("approval", "pending"))
        self.assertFalse(self.case.description)
        approval.with_user(self.finance).approve()
        self.assertEqual((run.state, approval.state), ("done", "executed"))
        self.assertEqual(self.case.description, "x")
        run.sudo()._approved(approval)
        self.assertEqual(self.case.description, "x")

    def test_what_fails_afterwards_says_so(self):
        run, approval = self._requested(code="raise UserError('The bank is closed')")
        approval.with_user(self.finance).approve()
        self.assertEqual((run.state, approval.state), ("failed", "failed"))

    def test_rejection_goes_back_to_the_owner(self):
        run, approval = self._requested()
        approval.with_user(self.finance).reject("Too expensive")
        self.assertEqual((run.state, approval.state), ("rejected", "rejected"))
        self.assertEqual(self.case.state, "open")
        self.assertFalse(self.case.description)
        activity = self.case.activity_ids.filtered(lambda one: "Rejected" in (one.summary or ""))
        self.assertEqual(activity.user_id, self.user_agent)
        self.assertIn("Too expensive", activity.note)
        self.assertIn(self.finance.name, self.case.rejection)
        self.assertIn("Too expensive", self.case.rejection)
        self.case.invalidate_recordset()
        self._requested(code="pass")
        self.assertFalse(self.case.rejection, "it was asked anew")

    def test_withdrawn_goes_back_to_whoever_asked(self):
        run, approval = self._requested()
        approval.with_user(self.user_agent).withdraw("Not needed any more")
        self.assertEqual((run.state, approval.state), ("proposed", "withdrawn"))
        self.assertEqual(self.case.state, "open")

    def test_by_policy_it_runs_at_once(self):
        self.matrix.write(
            {"level_ids": [(5,), (0, 0, {"name": "Auto", "is_auto": True, "amount_to": 50.0})]}
        )
        action = self._guarded(
            money="input",
            parameter_ids=[(0, 0, {"name": "sum", "label": "Sum", "kind": "amount"})],
        )
        run = self._run(action, values={"sum": 50})
        approval = run.sudo().approval_id
        self.assertEqual((run.state, approval.state), ("done", "executed"))
        self.assertEqual((approval.outcome, approval.company_amount), ("policy", 50.0))
        other = self._run(action, case=self._create_case(), values={"sum": 51})
        self.assertEqual(other.sudo().approval_id.state, "blocked")

    def test_the_policy_of_the_action(self):
        own = self._create_matrix([self._level(self.director)], name="Own", sequence=99)
        run, approval = self._requested(matrix_id=own.id)
        self.assertEqual((approval.matrix_id, approval.approver_ids), (own, self.director))
        self.assertEqual(approval.action_id, run.action_id)

    def test_changed_before_it_was_carried_out(self):
        run, approval = self._requested()
        company = self.env["res.company"].create({"name": "Other"})
        run._store({"state": "queued"})
        approval.sudo()._store({"state": "approved"})
        self.partner.company_id = company
        run.sudo()._execute()
        self.assertEqual((run.state, approval.state), ("approval", "stale"))
        self.assertFalse(self.case.description)
        again = run.sudo().approval_id
        self.assertEqual((again.renewed_from_id, again.state), (approval, "pending"))

    def test_changed_at_the_very_moment_it_is_carried_out(self):
        run, approval = self._requested()
        runs = type(self.env["exception.action.run"])
        claim, other = runs._claim, self.env["res.company"].create({"name": "Other"})

        def slow(one):
            claimed = claim(one)
            self.partner.company_id = other
            return claimed

        with patch.object(runs, "_claim", slow):
            approval.with_user(self.finance).approve()
        self.assertFalse(self.case.description)
        self.assertEqual(run.state, "queued")
        self.assertIn("was changed", run.error)
        # the next attempt asks people about what it is now
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            run.sudo()._execute()
        self.assertEqual((run.state, approval.state), ("approval", "stale"))
        self.assertFalse(self.case.description)

    def test_locked_at_the_very_moment_it_is_carried_out(self):
        run, approval = self._requested()
        runs, approvals = type(self.env["exception.action.run"]), type(approval)
        claim = runs._claim

        def locked(one):
            raise UserError("It is being changed at this moment.")  # pylint: disable=translation-required

        def slow(one):
            claimed = claim(one)
            lock.start()
            return claimed

        lock = patch.object(approvals, "_lock_subject", locked)
        with patch.object(runs, "_claim", slow):
            approval.with_user(self.finance).approve()
        lock.stop()
        self.assertEqual((run.state, approval.state), ("queued", "approved"))
        self.assertIn("being changed", run.error)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            run.sudo()._execute()
        self.assertEqual((run.state, approval.state), ("done", "executed"))
        self.assertEqual(self.case.description, "x")

    def test_who_asks_for_what_was_proposed_before_does_not_decide(self):
        self.finance.groups_id += self.env.ref("exception_core.group_user")
        action = self._guarded(
            key_template="{action}/{case}", approval="never", money="case", limit_run=5.0
        )
        before = self._automate(action)
        self.assertEqual(before.state, "proposed")
        action.approval = "matrix"
        self.matrix.level_ids.approver_user_ids = self.finance | self.director
        run = self._run(action, user=self.finance)
        self.assertEqual((run, run.state), (before, "approval"))
        self.assertEqual(run.approval_id.approver_ids, self.director)
        self._refused("asked for it", run.approval_id, self.finance)

    # ------------------------------------------------------------------
    # documents that change
    # ------------------------------------------------------------------

    def test_it_is_asked_again_in_the_name_of_whoever_asked(self):
        approval = self._ask(case=self.case)
        self.partner.company_id = self.env["res.company"].create({"name": "Other"})
        self.env.flush_all()
        approval.with_user(self.finance).approve()
        again = self.case.approval_ids.filtered(lambda one: one.renewed_from_id == approval)
        self.assertEqual((approval.state, again.requested_by), ("stale", self.user_agent))

    def test_other_inputs_are_asked_about_again(self):
        run, approval = self._requested()
        run._store({"values": {"sum": 99.0}})
        answer = approval.with_user(self.finance).approve()
        self.assertEqual((answer["state"], approval.state), ("stale", "stale"))
        self.assertFalse(self.case.description)

    def test_a_document_that_changed_is_asked_about_again(self):
        self.matrix.write({"level_ids": [self._level(self.director, sequence=20)]})
        _run, approval = self._requested()
        approval.with_user(self.finance).approve()
        self.partner.company_id = self.env["res.company"].create({"name": "Other"})
        # in a transaction of its own, as if: whoever flushes is named as the last writer
        self.env.flush_all()
        answer = approval.with_user(self.director).approve()
        self.assertEqual(answer["state"], "stale")
        self.assertIn("Other", answer["message"])
        self.assertEqual(approval.state, "stale")
        self.assertEqual(len(approval.step_ids.decision_ids), 1)
        again = self.case.approval_ids.filtered(lambda one: one.renewed_from_id == approval)
        # all levels again, by whoever asked then
        self.assertEqual((again.state, again.approver_ids), ("pending", self.finance))
        self.assertEqual(again.requested_by, self.user_agent)
        self.assertEqual(again.step_ids.mapped("state"), ["pending", "waiting"])
        again.with_user(self.finance).approve()
        again.with_user(self.director).approve()
        self.assertEqual(self.case.description, "x")

    # ------------------------------------------------------------------
    # the case
    # ------------------------------------------------------------------

    def test_verbs_wait(self):
        self._requested()
        case = self.case.with_user(self.user_agent)
        self.assertEqual(case.state, "approval")
        for verb, args in (("resolve", ()), ("wait", ("customer", None, "x")), ("resume", ())):
            with self.subTest(verb), self.assertRaisesRegex(UserError, "Withdraw the request"):
                getattr(case, verb)(*args)
        other = self._create_case()
        with self.assertRaisesRegex(UserError, "Withdraw the request"):
            case.merge_into(other.id)
        self.assertIn(self.finance.name, case._next_step())

    def test_cancelling_takes_the_request_back(self):
        run, approval = self._requested()
        self.case.with_user(self.user_agent).cancel_case(note="Opened by mistake")
        self.assertEqual((approval.state, run.state), ("withdrawn", "proposed"))
        self.assertEqual(self.case.state, "cancelled")
        self.case.with_user(self.user_agent).reopen()
        self.assertEqual(self.case.state, "open")
        self.assertEqual(len(self.case.approval_ids), 1)

    def test_a_case_that_ends_otherwise_takes_it_back_too(self):
        _run, approval = self._requested()
        self.case.write(self.case._ended_values("cleared"))
        self.assertEqual(approval.state, "withdrawn")

    def test_it_stays_open_while_the_condition_goes(self):
        _run, approval = self._requested()
        self.case._clear()
        self.assertEqual((self.case.state, approval.state), ("approval", "pending"))

    def test_customers_get_no_internal_words(self):
        customer = self.env["res.partner"].create({"name": "C", "email": "c@example.com"})
        self.case.message_subscribe(customer.ids)
        before = self.env["mail.notification"].search_count([("res_partner_id", "=", customer.id)])
        _run, approval = self._requested()
        approval.with_user(self.finance).reject("This customer cheats")
        self.env.flush_all()
        self.assertEqual(
            self.env["mail.notification"].search_count([("res_partner_id", "=", customer.id)]),
            before,
        )
        words = self.case.message_ids.filtered(lambda one: "cheats" in (one.body or ""))
        self.assertTrue(words)
        self.assertTrue(all(one.is_internal for one in words))

    def test_approvers_are_told_when_it_is_their_turn(self):
        self.matrix.write({"level_ids": [self._level(self.director, sequence=20)]})
        _run, approval = self._requested()
        mine = self.env["exception.approval"].search([("approver_ids", "in", self.director.ids)])
        self.assertNotIn(approval, mine)
        approval.with_user(self.finance).approve()
        mine = self.env["exception.approval"].search([("approver_ids", "in", self.director.ids)])
        self.assertIn(approval, mine)

    def test_preview_of_a_policy_about_actions_judges_one_of_them(self):
        self.matrix.action_ids = action = self._guarded()
        context = self.matrix.with_user(self.user_manager).action_preview()["context"]
        dialog = self.env["exception.approval.preview"].with_user(self.user_manager)
        preview = dialog.with_context(**context).create({})
        self.assertEqual((preview.matrix_id, preview.action_id), (self.matrix, action))
        preview.action_preview()
        line = preview.line_ids.filtered(lambda one: one.case_id == self.case)
        self.assertEqual(line.outcome, "people")

    def test_preview_writes_nothing_and_says_who(self):
        self._create_case(amount=5.0, user_id=self.user_agent.id)
        self.matrix.write(
            {
                "enabled": False,
                "level_ids": [(0, 0, {"name": "Auto", "is_auto": True, "amount_to": 20.0})],
            }
        )
        self.matrix.level_ids[0].amount_from = 20.01
        dialog = self.env["exception.approval.preview"].with_user(self.user_manager)
        preview = dialog.create({"matrix_id": self.matrix.id, "number": 50})
        before = self.env["exception.approval"].search_count([])
        preview.action_preview()
        line = preview.line_ids.filtered(lambda one: one.case_id == self.case)
        self.assertEqual(line.outcome, "people")
        self.assertIn(self.finance.name, line.who)
        self.assertIn("from", line.why)
        self.assertEqual(self.env["exception.approval"].search_count([]), before)
        self.assertIn(str(len(preview.line_ids)), preview.summary)
