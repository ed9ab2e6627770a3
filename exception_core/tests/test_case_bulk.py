from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ExceptionCommon


@tagged("post_install", "-at_install")
class TestCaseBulk(ExceptionCommon):
    """Dialogs on one and on many cases, and what they report."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain_type = cls._create_type(requires_resolution=False)
        cls.strict_type = cls._create_type(requires_note=True, requires_root_cause=True)
        cls.cause = cls._create_reason(kind="root_cause", reason_class="data")
        cls.solution = cls._create_reason()
        cls.cases = cls._create_cases(3, type_id=cls.plain_type.id).with_user(cls.user_agent)

    def _dialog(self, cases, button):
        action = getattr(cases, button)()
        model = self.env[action["res_model"]].with_user(self.user_agent)
        return Form(model.with_context(**action["context"]))

    def test_resolve_many_of_one_type_asks_nothing(self):
        dialog = self._dialog(self.cases, "action_resolve")
        self.assertFalse(dialog.needs_note or dialog.needs_root_cause or dialog.needs_evidence)
        action = dialog.save().action_apply()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(set(self.cases.mapped("state")), {"resolved"})

    def test_resolve_many_types_asks_the_union(self):
        strict = self._create_case(type_id=self.strict_type.id).with_user(self.user_agent)
        dialog = self._dialog(self.cases | strict, "action_resolve")
        self.assertTrue(dialog.needs_note and dialog.needs_root_cause and dialog.needs_resolution)
        with self.assertRaises(AssertionError):
            dialog.save()
        dialog.root_cause_id = self.cause
        dialog.resolution_id = self.solution
        dialog.note = "Corrected the data"
        dialog.save().action_apply()
        self.assertEqual(strict.root_cause_id, self.cause)
        self.assertEqual(self.cases[0].resolution_note, "Corrected the data")

    def test_evidence_uploaded_in_the_dialog_lands_on_each_case(self):
        self.plain_type.requires_evidence = True
        self.env.invalidate_all()
        dialog = self._dialog(self.cases, "action_resolve")
        self.assertTrue(dialog.needs_evidence)
        attachment = self.env["ir.attachment"].with_user(self.user_agent).create({"name": "proof"})
        dialog.attachment_ids.add(attachment)
        dialog.save().action_apply()
        self.assertEqual(set(self.cases.mapped("state")), {"resolved"})
        found = self.env["ir.attachment"].search([("res_model", "=", "exception.case")])
        self.assertLessEqual(set(self.cases.ids), set(found.mapped("res_id")))

    def test_what_was_skipped_is_shown_with_the_reason(self):
        self.cases[1].resolve()
        result = self.cases.resolve()
        self.assertEqual(result["done"], (self.cases[0] | self.cases[2]).ids)
        self.assertEqual([line["id"] for line in result["skipped"]], self.cases[1].ids)
        self.cases.reopen()
        self.cases[1].resolve()
        action = self._dialog(self.cases, "action_resolve").save().action_apply()
        self.assertEqual(action["res_model"], "exception.bulk.result")
        shown = self.env[action["res_model"]].browse(action["res_id"]).with_user(self.user_agent)
        self.assertEqual((shown.done_count, shown.skipped_count), (2, 1))
        self.assertIn("has ended", shown.line_ids.reason)
        self.assertEqual(shown.action_open_skipped()["domain"], [("id", "in", self.cases[1].ids)])
        self.assertEqual(len(shown.action_open_done()["domain"][0][2]), 2)

    def test_buttons_without_dialog(self):
        self.cases[0].with_user(self.user_lead).assign_to_me()
        action = self.cases.action_assign_to_me()
        self.assertEqual(action["res_model"], "exception.bulk.result")
        self.assertEqual(self.cases[1:].user_id, self.user_agent)
        self.cases[1].wait("customer", note="x")
        self.assertEqual(self.cases[1].action_resume()["type"], "ir.actions.act_window_close")
        self.cases[1].cancel_case(note="x")
        self.cases[1].action_reopen()
        self.assertEqual(self.cases[1].state, "open")

    def test_dismiss(self):
        alarm = self._create_reason(kind="false_alarm")
        risk = self._create_reason(kind="acceptance")
        dialog = self._dialog(self.cases[0], "action_false_alarm")
        self.assertIn(alarm, dialog.available_reason_ids[:])
        self.assertNotIn(risk, dialog.available_reason_ids[:])
        dialog.reason_id = alarm
        dialog.save().action_apply()
        dialog = self._dialog(self.cases[1], "action_accept_risk")
        dialog.reason_id = risk
        dialog.until = fields.Date.today() + timedelta(days=3)
        dialog.save().action_apply()
        dialog = self._dialog(self.cases[2], "action_cancel")
        dialog.note = "Not needed"
        dialog.save().action_apply()
        outcomes = self.cases.mapped("outcome")
        self.assertEqual(outcomes, ["false_alarm", "accepted", "cancelled"])

    def test_wait_and_assign(self):
        dialog = self._dialog(self.cases, "action_wait")
        dialog.waiting_for = "supplier"
        dialog.note = "Asked for a new date"
        dialog.save().action_apply()
        self.assertEqual(set(self.cases.mapped("waiting_for")), {"supplier"})
        dialog = self._dialog(self.cases, "action_assign")
        dialog.user_id = self.user_colleague
        dialog.save().action_apply()
        self.assertEqual(self.cases.user_id, self.user_colleague)

    def test_merge_keeps_the_strongest(self):
        self.cases[1].severity = "1"
        dialog = self._dialog(self.cases, "action_merge")
        self.assertEqual(dialog.master_id, self.cases[1])
        dialog.save().action_apply()
        self.assertEqual((self.cases - self.cases[1]).duplicate_of_id, self.cases[1])
        self.assertTrue(self.cases[1].is_open)

    def test_merge_of_a_single_case_offers_those_of_its_record(self):
        twin = self._create_case(res_id=self.cases[0].res_id).with_user(self.user_agent)
        dialog = self._dialog(self.cases[0], "action_merge")
        self.assertEqual(dialog.master_id, twin)
        dialog.save().action_apply()
        self.assertEqual(self.cases[0].duplicate_of_id, twin)

    def test_nothing_is_done_for_readers(self):
        for role in ("approver", "auditor", "outsider"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self.cases.with_user(self.users[role]).resolve()
